//! Bar charts.

use unicode_width::UnicodeWidthStr;

use super::image;
use super::text::{count, trimmed};

/// The length of the longest bar.
const LONGEST: u64 = 50;

/// A bar for each named count, all to one scale.
pub fn counts(counts: impl IntoIterator<Item = (String, u64)>) -> String {
    let counts = counts.into_iter();
    bars(counts.map(|(name, number)| (name, count(number as usize).to_string(), number)))
}

/// A line for each name: the name, its value as text, and a bar of this length on a common scale.
pub fn bars(rows: impl IntoIterator<Item = (String, String, u64)>) -> String {
    let rows: Vec<_> = rows.into_iter().collect();
    let most = rows.iter().map(|&(.., length)| length).fold(1, u64::max);
    let widths = rows.iter().map(|(name, ..)| name.width());
    let widest = widths.fold(11, usize::max);
    let block = if image::is_ascii() { "#" } else { "█" };
    let line = |(name, value, length): &(String, String, u64)| {
        // Rounded up, so that what is not 0 can be seen.
        let length = (length * LONGEST).div_ceil(most);
        let (blank, bar) = (widest - name.width(), block.repeat(length as usize));
        format!("{:blank$}{name} {value:>11}  {bar}\n", "")
    };
    trimmed(&rows.iter().map(line).collect::<String>())
}
