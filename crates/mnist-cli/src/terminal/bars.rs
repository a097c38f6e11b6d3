//! Bar charts.

use std::fmt::{Display, Write};

use unicode_width::UnicodeWidthStr;

use super::image;
use super::text::{count, trimmed};

/// The length of the longest bar.
const LONGEST: u64 = 50;

/// A bar for each named count, all to one scale.
pub fn counts(counts: impl IntoIterator<Item = (impl Display, u64)>) -> String {
    let row = |(name, number): (_, u64)| (name, count(number as usize), number);
    bars(counts.into_iter().map(row))
}

/// A line for each name: the name, its value as text, and a bar of this length on a common scale.
pub fn bars(rows: impl IntoIterator<Item = (impl Display, impl Display, u64)>) -> String {
    let row = |(name, value, length): (_, _, u64)| (format!("{name}"), format!("{value}"), length);
    let rows: Vec<_> = rows.into_iter().map(row).collect();
    let most = rows.iter().map(|&(.., length)| length).max().unwrap_or(0);
    let widest = rows.iter().map(|(name, ..)| name.width()).max();
    let widest = widest.unwrap_or(0).max(11);
    let block = if image::is_ascii() { "#" } else { "█" };
    let mut text = String::new();
    for (name, value, length) in rows {
        // Rounded up, so that what is not 0 can be seen.
        let length = (u128::from(length) * u128::from(LONGEST)).div_ceil(most.max(1).into());
        let (blank, bar) = (widest - name.width(), block.repeat(length as usize));
        writeln!(text, "{:blank$}{name} {value:>11}  {bar}", "").expect("a String takes any text");
    }
    trimmed(&text)
}
