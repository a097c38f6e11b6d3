//! Normalization: the ink of every image is brought to the same place, size and slant.
//!
//! The place, the size and the slant are those of the ink's moments, as in Casey, "Moment
//! normalization of handprinted characters" (IBM Journal of Research and Development, 1970). The
//! skew is corrected by the bi-moment method of Liu, Nakashima, Sako and Fujisawa, "Handwritten
//! digit recognition: investigation of normalization and feature extraction techniques" (Pattern
//! Recognition 37, 2004).
//!
//! Every processor computes the same bits, and so does JavaScript. The sums are exact integers.
//! What is computed from them is `f64`, with + − × ÷ and square roots alone, in written order.
//! Pixels are interpolated in integers.

mod map;
mod moments;

use rayon::prelude::*;

use crate::{Error, Ink, Size};
use map::Map;

/// Images that one core normalizes in one go.
const PIECE: usize = 64;

/// Normalizes images `[n, from.height, from.width]` to `[n, to.height, to.width]`, in the current
/// rayon thread pool.
///
/// The ink of a normalized image is bright. Its mean is in the middle, its standard deviation is
/// 5.5/28 of the height and 4/28 of the width, and it has no slant and little skew. An image
/// without ink becomes an empty image.
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
            scratch.normalize(image, from, ink, normalized, to);
        });
    Ok(normalized)
}

/// Buffers, allocated once and used for every image.
#[derive(Default)]
struct Scratch {
    /// The image with light ink, if its own is dark.
    inverted: Vec<u8>,
    /// An empty row.
    blank: Vec<u8>,
    /// Where the output's columns are in the sheared image, in 1/256 pixels: the first sample of
    /// every column, then the second of every column, and so on.
    columns: Vec<i64>,
    /// A row of pixels, interpolated between two rows of the image, in 1/256 of a grey level. There
    /// is an empty pixel before it, and two after it.
    line: Vec<u16>,
    /// A row of the output: the sum of each pixel's samples, in 1/65,536 of a grey level.
    sums: Vec<u64>,
}

impl Scratch {
    /// Normalizes one image; `normalized` is all zeros before.
    fn normalize(&mut self, image: &[u8], from: Size, ink: Ink, normalized: &mut [u8], to: Size) {
        let image = match ink {
            Ink::Light => image,
            Ink::Dark => {
                self.inverted.clear();
                self.inverted.extend(image.iter().map(|pixel| 255 - pixel));
                &self.inverted
            }
        };
        let Some(map) = Map::of(image, from, to) else {
            return;
        };
        self.columns.clear();
        for sample in 0..map.columns.samples() {
            let columns = (0..to.width).map(|v| map.column(v, sample));
            self.columns.extend(columns);
        }
        self.blank.resize(from.width, 0);
        self.line.resize(from.width + 3, 0);
        let samples = map.rows.samples() * map.columns.samples();
        for (u, output) in normalized.chunks_exact_mut(to.width).enumerate() {
            if samples == 1 {
                // Most images. Without sums this takes a fifth less time.
                let (row, offset) = map.row(u, 0);
                if read_line(image, &self.blank, row, &mut self.line) {
                    for (output, column) in output.iter_mut().zip(&self.columns) {
                        *output = ((between(&self.line, offset + column) + (1 << 15)) >> 16) as u8;
                    }
                }
                continue;
            }
            self.sums.clear();
            self.sums.resize(to.width, 0);
            for sample in 0..map.rows.samples() {
                let (row, offset) = map.row(u, sample);
                if read_line(image, &self.blank, row, &mut self.line) {
                    for columns in self.columns.chunks_exact(to.width) {
                        for (sum, column) in self.sums.iter_mut().zip(columns) {
                            *sum += u64::from(between(&self.line, offset + column));
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
}

/// Interpolates the row at height `y`, in 1/256 pixels, into `line`. Returns whether it has ink.
fn read_line(image: &[u8], blank: &[u8], y: i64, line: &mut [u16]) -> bool {
    let row = |y: i64| {
        let start = usize::try_from(y).ok()?.checked_mul(blank.len())?;
        image.get(start..)?.get(..blank.len())
    };
    let above = row(y >> 8).unwrap_or(blank);
    let below = row((y >> 8) + 1).unwrap_or(blank);
    let weight = (y & 255) as u16;
    let mut ink = 0;
    for (line, (&above, &below)) in line[1..].iter_mut().zip(above.iter().zip(below)) {
        *line = (256 - weight) * u16::from(above) + weight * u16::from(below);
        ink |= *line;
    }
    ink != 0
}

/// The line at `x`, in 1/256 pixels: interpolated between two pixels, in 1/65,536 of a grey level.
fn between(line: &[u16], x: i64) -> u32 {
    assert!(line.len() >= 2); // saves the bounds checks below, a sixth of the time
    // A negative index becomes a large `u64`, which is cut to the empty pixels at the end.
    let left = (((x >> 8) + 1) as u64).min(line.len() as u64 - 2) as usize;
    let weight = (x & 255) as u32;
    (256 - weight) * u32::from(line[left]) + weight * u32::from(line[left + 1])
}
