//! An image with a margin, so that what is read outside of it is empty.

use crate::{Ink, Size};

/// Rows are padded to chunks of this many pixels: as many as lets the cubes of a chunk's
/// coordinates fit 16 bits.
pub(super) const CHUNK: usize = 32;

/// An image with bright ink and an empty margin: one row above and two below, one column on the
/// left and two or more on the right, up to whole chunks.
#[derive(Default)]
pub(super) struct Padded {
    pub pixels: Vec<[u8; CHUNK]>,
    /// The chunks of a row.
    pub chunks: usize,
    height: usize,
}

impl Padded {
    /// Takes an image.
    pub fn fill(&mut self, image: &[u8], size: Size, ink: Ink) {
        self.chunks = (size.width + 3).div_ceil(CHUNK);
        self.height = size.height + 3;
        self.pixels.clear();
        self.pixels.resize(self.height * self.chunks, [0; CHUNK]);
        let dark = match ink {
            Ink::Light => 0,
            Ink::Dark => 255,
        };
        let rows = self.pixels.chunks_exact_mut(self.chunks).skip(1);
        for (padded, row) in rows.zip(image.chunks_exact(size.width)) {
            for (padded, pixel) in padded.as_flattened_mut()[1..].iter_mut().zip(row) {
                *padded = pixel ^ dark; // 255 − pixel, if ink is dark
            }
        }
    }

    /// Reads the row at `y`, in 1/256 pixels: between two rows, in 1/256 of a grey level. False if
    /// there is no ink.
    pub fn read_line(&self, y: i64, line: &mut [[u16; CHUNK]]) -> bool {
        // As a `u64`, what is above the image is below it: both are empty.
        let above = ((y >> 8) as u64).min(self.height as u64 - 2) as usize;
        let weight = (y & 255) as u16;
        let rows = &self.pixels[above * self.chunks..];
        let (above, below) = (&rows[..self.chunks], &rows[self.chunks..]);
        let mut ink = 0;
        for (line, (above, below)) in line.iter_mut().zip(above.iter().zip(below)) {
            for (line, (&above, &below)) in line.iter_mut().zip(above.iter().zip(below)) {
                *line = (256 - weight) * u16::from(above) + weight * u16::from(below);
                ink |= *line;
            }
        }
        ink != 0
    }
}

/// The line at `x`, in 1/256 pixels: between two of its pixels, in 1/65,536 of a grey level.
pub(super) fn between(line: &[u16], x: i64) -> u32 {
    // As a `u64`, what is left of the line is right of it: both are empty.
    let left = ((x >> 8) as u64).min(line.len() as u64 - 2) as usize;
    let weight = (x & 255) as u32;
    (256 - weight) * u32::from(line[left]) + weight * u32::from(line[left + 1])
}
