//! Lines of text for a person.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::time::Duration;

use indicatif::HumanCount;

/// The widest that a table or a drawing may be.
pub const COLUMNS: usize = 80;

/// A line with a name and its value, which may hold the name of a file from anywhere.
pub fn line(name: &str, value: impl Display) -> String {
    format!("{name:<11} {}\n", printable(&value.to_string()))
}

/// A line about a phase: what it did, its time, and its speed if it handles images.
pub fn phase(name: &str, what: &str, time: Duration, images: usize) -> String {
    let milliseconds = time.as_secs_f64() * 1e3;
    let speed = match images {
        0 => String::new(),
        images => {
            let millions = images as f64 / time.as_secs_f64() / 1e6;
            format!(" {millions:>7.2} million images/s")
        }
    };
    format!("{name:<11} {what:<30} {milliseconds:>9.2} ms{speed}\n")
}

/// A count with a comma after each three digits.
pub fn count(number: usize) -> HumanCount {
    HumanCount(number as u64)
}

/// `"1 epoch"`, `"2 epochs"`.
pub fn plural(number: usize, noun: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{} {noun}{s}", count(number))
}

/// Reads a whole number, a `u32` or larger, that is at least `LEAST` from the command line.
pub fn whole<N: TryFrom<u64>, const LEAST: u64>(text: &str) -> Result<N, String> {
    let most = match N::try_from(u64::MAX) {
        Ok(_) => u64::MAX,
        Err(_) => u32::MAX.into(),
    };
    whole_in(text, LEAST..=most)
}

/// Reads a whole number in a range from the command line.
pub fn whole_in<N: TryFrom<u64>>(text: &str, range: RangeInclusive<u64>) -> Result<N, String> {
    let number = text.parse().ok().filter(|number| range.contains(number));
    let number = number.map(N::try_from).and_then(Result::ok);
    number.ok_or_else(|| {
        format!(
            "write a whole number from {} to {}",
            range.start(),
            range.end()
        )
    })
}

/// Text in which characters that a terminal would obey are escaped as Rust escapes them.
pub fn printable(text: &str) -> String {
    let printable = |character: char| match is_control(character) && character != '\n' {
        true => character.escape_default().to_string(),
        false => character.to_string(),
    };
    text.chars().map(printable).collect()
}

/// Whether a terminal obeys a character or reverses the text beside it.
pub fn is_control(character: char) -> bool {
    let direction = matches!(
        character,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2066}'..='\u{2069}'
    );
    character.is_control() || direction || matches!(character, '\u{2028}'..='\u{202e}')
}

/// Text without the blanks at the ends of its lines.
pub fn trimmed(text: &str) -> String {
    text.lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect()
}
