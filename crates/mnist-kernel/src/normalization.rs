//! Normalisation: every image is brought to the same place, size and slant by the moments of its
//! ink.
//!
//! Moments as a means to that: Casey, "Moment normalization of handprinted characters" (IBM
//! Journal of Research and Development, 1970). The correction of skew is the bi-moment method of
//! Liu, Nakashima, Sako and Fujisawa, "Handwritten digit recognition: investigation of
//! normalization and feature extraction techniques" (Pattern Recognition 37, 2004).
//!
//! The sums are exact integers. What follows from them is `f64`, with + − × ÷ and square roots
//! alone, in written order, and pixels are interpolated in integers: every processor gives the same
//! bits, and so does JavaScript.

mod map;
mod moments;
mod padded;

use rayon::prelude::*;

use crate::{Error, Ink, Size};
use map::Map;
use padded::{CHUNK, Padded, between};

/// Images that one core normalises in one go.
const PIECE: usize = 64;

/// Normalises images `[n, from.height, from.width]` to `[n, to.height, to.width]`, in the current
/// rayon thread pool.
///
/// The mean of the ink comes to the middle of the image, its standard deviation to 5.5/28 of the
/// height and 4/28 of the width, its slant to none, and its skew nearly so. The ink of a normalised
/// image is bright, whatever `ink` is. An image without ink stays empty.
///
/// # Errors
///
/// [`Error::EmptySize`] and [`Error::NotImages`].
pub fn normalize(images: &[u8], from: Size, ink: Ink, to: Size) -> Result<Vec<u8>, Error> {
    let count = from.count(images)?;
    to.count(&[])?;
    let mut normalized = vec![0; count * to.pixels()];
    images
        .par_chunks_exact(from.pixels())
        .zip(normalized.par_chunks_exact_mut(to.pixels()))
        .with_min_len(PIECE)
        .for_each_init(Scratch::default, |scratch, (image, normalized)| {
            scratch.padded.fill(image, from, ink);
            if let Some(map) = Map::of(&scratch.padded, to) {
                scratch.resample(&map, normalized, to.width);
            }
        });
    Ok(normalized)
}

/// What is written down for an image; its memory serves the next one.
#[derive(Default)]
struct Scratch {
    padded: Padded,
    /// The output's columns in the sheared image, in 1/256 pixels: all first samples, all second …
    columns: Vec<i64>,
    /// A row of the image, or between two of its rows, in 1/256 of a grey level.
    line: Vec<[u16; CHUNK]>,
    /// A row of the output: sums over its samples, in 1/65,536 of a grey level.
    sums: Vec<u64>,
}

impl Scratch {
    /// Writes the normalised image, which is empty so far.
    fn resample(&mut self, map: &Map, normalized: &mut [u8], width: usize) {
        self.columns.clear();
        for sample in 0..map.columns.samples() {
            let columns = (0..width).map(|v| map.column(v, sample));
            self.columns.extend(columns);
        }
        self.line.resize(self.padded.chunks, [0; CHUNK]);
        let samples = map.rows.samples() * map.columns.samples();
        for (u, output) in normalized.chunks_exact_mut(width).enumerate() {
            if samples == 1 {
                // The way of most images: without sums, it takes a fifth less time.
                if let Some(offset) = self.read_line(map, u, 0) {
                    let line = self.line.as_flattened();
                    for (output, column) in output.iter_mut().zip(&self.columns) {
                        *output = ((between(line, offset + column) + (1 << 15)) >> 16) as u8;
                    }
                }
                continue;
            }
            self.sums.clear();
            self.sums.resize(width, 0);
            for sample in 0..map.rows.samples() {
                if let Some(offset) = self.read_line(map, u, sample) {
                    let line = self.line.as_flattened();
                    for columns in self.columns.chunks_exact(width) {
                        for (sum, column) in self.sums.iter_mut().zip(columns) {
                            *sum += u64::from(between(line, offset + column));
                        }
                    }
                }
            }
            let one = samples << 16;
            for (output, sum) in output.iter_mut().zip(&self.sums) {
                *output = ((sum + one / 2) / one) as u8;
            }
        }
    }

    /// Reads the line of one sample of a row of the output, and returns what is to be added to its
    /// columns; `None` if there is no ink.
    fn read_line(&mut self, map: &Map, u: usize, sample: u64) -> Option<i64> {
        let (row, offset) = map.row(u, sample);
        self.padded.read_line(row, &mut self.line).then_some(offset)
    }
}
