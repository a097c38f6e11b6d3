//! Images and labels as they are read from other files than IDX: whole numbers from 0 to 255.

use std::fmt::Display;

use anyhow::{Error, anyhow};

/// Images in memory, and their labels if there are any.
#[derive(Debug, PartialEq)]
pub struct Arrays {
    /// `[count, height, width]`.
    pub dimensions: Vec<usize>,
    pub pixels: Vec<u8>,
    pub labels: Option<Vec<u8>>,
}

/// The error of a number that is neither a pixel nor a label, by its row and its column from 0.
pub fn not_a_byte(row: usize, column: usize, found: impl Display) -> Error {
    let found = found.to_string();
    let number: f64 = found.trim_matches('"').parse().unwrap_or(f64::NAN);
    let advice = match number > 0.0 && number < 1.0 {
        true => " (pixels from 0 to 1 are to be multiplied by 255 and rounded)",
        false => "",
    };
    anyhow!(
        "row {}, column {} (counted from 1) is {found}: expected a whole number from 0 to \
         255{advice}",
        row + 1,
        column + 1
    )
}

/// A number that is whole and from 0 to 255.
pub fn byte(number: f64) -> Option<u8> {
    let byte = number as u8;
    (f64::from(byte) == number).then_some(byte)
}

/// The side of a square of so many pixels.
pub fn square_side(pixels: usize) -> Option<usize> {
    let side = pixels.isqrt();
    (side > 0 && side * side == pixels).then_some(side)
}
