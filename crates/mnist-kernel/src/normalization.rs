//! Normalisation: every picture is brought to the same place, size and slant by the moments of
//! its ink.
//!
//! The formulas are those of Casey, "Moment normalization of handprinted characters" (IBM Journal
//! of Research and Development, 1970), and the bi-moment correction of Liu, Nakashima, Sako and
//! Fujisawa, "Handwritten digit recognition: investigation of normalization and feature extraction
//! techniques" (Pattern Recognition 37, 2004).
//!
//! The sums are exact integers. What follows from them is `f64`, with + − × ÷ and roots alone in
//! written order, and pixels are interpolated in integers: every processor gives the same bits, and
//! so does JavaScript.

mod moments;

use rayon::prelude::*;

use crate::{Error, Ink, Size};
use moments::Moments;

/// The standard deviation of a normalised image's ink, in 1/28 of the height.
const HEIGHT_DEVIATION: f64 = 5.5;
/// The standard deviation of a normalised image's ink, in 1/28 of the width.
const WIDTH_DEVIATION: f64 = 4.0;
/// How much of the skew of the ink is corrected: between 0.3 and 0.5 it hardly matters, and
/// without it MNIST's test accuracy is 0.3 points lower.
const SKEW_CORRECTION: f64 = 0.4;
/// The least variance, in pixels²: a line one pixel wide has none.
const LEAST_VARIANCE: f64 = 0.25;
/// The largest distance of two samples, in pixels of the source.
const MOST_STEP: f64 = 1.5;
/// A pixel, in the unit of positions.
const ONE: i64 = 1 << 8;

/// Normalises images `[n, from.height, from.width]` to `[n, to.height, to.width]`, in the current
/// rayon thread pool.
///
/// An image without ink stays empty. The ink of a normalised image is bright, whatever `ink` is.
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
        .with_min_len(64)
        .for_each_init(Scratch::default, |scratch, (image, normalized)| {
            scratch.normalize(image, from, ink, normalized, to);
        });
    Ok(normalized)
}

/// What the normalisation of an image writes down; kept for the next image.
#[derive(Default)]
struct Scratch {
    inverted: Vec<u8>,
    /// Positions of the output's columns in the sheared image, in 1/256 pixels from the origin.
    columns: Vec<i64>,
    /// A row of the image between two of its rows, in 1/256 of a grey level; two zeros at each end.
    line: Vec<u16>,
    /// A row of the output: sums over its samples, in 1/65,536 of a grey level.
    sums: Vec<u64>,
}

impl Scratch {
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
            normalized.fill(0);
            return;
        };
        self.columns.clear();
        self.columns.extend(map.columns.positions().map(to_fixed));
        self.line.clear();
        self.line.resize(from.width + 4, 0);
        self.sums.resize(to.width, 0);
        let bits = 16 + map.rows.sample_bits + map.columns.sample_bits;

        let mut rows = map.rows.positions();
        for output in normalized.chunks_exact_mut(to.width) {
            self.sums.fill(0);
            for y in rows.by_ref().take(1 << map.rows.sample_bits) {
                let row = map.origin_y * ONE + to_fixed(map.mean_y + y);
                if !fill_line(&mut self.line, image, from, row) {
                    continue;
                }
                // The line begins two pixels before the row.
                let offset = (map.origin_x + 2) * ONE + to_fixed(map.mean_x + map.slant * y);
                let samples = self.columns.chunks_exact(1 << map.columns.sample_bits);
                for (sum, columns) in self.sums.iter_mut().zip(samples) {
                    for column in columns {
                        *sum += sample(&self.line, offset + column);
                    }
                }
            }
            for (output, sum) in output.iter_mut().zip(&self.sums) {
                *output = ((sum + (1 << (bits - 1))) >> bits) as u8;
            }
        }
    }
}

/// Fills the inside of the line with the image's pixels at height `y`, between two rows. False if
/// there are none.
fn fill_line(line: &mut [u16], image: &[u8], size: Size, y: i64) -> bool {
    let above = y.div_euclid(ONE);
    let weight = y.rem_euclid(ONE) as u16;
    let row = |y: i64| {
        let y = usize::try_from(y).ok().filter(|&y| y < size.height)?;
        Some(&image[y * size.width..][..size.width])
    };
    let line = &mut line[2..][..size.width];
    match (row(above), row(above + 1)) {
        (None, None) => return false,
        (Some(above), None) => {
            for (line, &above) in line.iter_mut().zip(above) {
                *line = (256 - weight) * u16::from(above);
            }
        }
        (None, Some(below)) => {
            for (line, &below) in line.iter_mut().zip(below) {
                *line = weight * u16::from(below);
            }
        }
        (Some(above), Some(below)) => {
            for (line, (&above, &below)) in line.iter_mut().zip(above.iter().zip(below)) {
                *line = (256 - weight) * u16::from(above) + weight * u16::from(below);
            }
        }
    }
    true
}

/// The line at `x`, between two of its pixels.
fn sample(line: &[u16], x: i64) -> u64 {
    let weight = x.rem_euclid(ONE) as u32;
    let left = x.div_euclid(ONE).clamp(0, line.len() as i64 - 2) as usize;
    u64::from((256 - weight) * u32::from(line[left]) + weight * u32::from(line[left + 1]))
}

/// Where in an image the pixels of its normalised image come from.
struct Map {
    /// A whole pixel near the mean of the ink; positions are relative to it.
    origin_y: i64,
    origin_x: i64,
    mean_y: f64,
    mean_x: f64,
    slant: f64,
    rows: Axis,
    columns: Axis,
}

impl Map {
    /// The map of an image; `None` if it has no ink.
    fn of(image: &[u8], from: Size, to: Size) -> Option<Self> {
        let mut moments = Moments::of(image, from);
        let total = moments.get(0, 0);
        if total == 0 {
            return None;
        }
        let (origin_y, origin_x) = (moments.get(1, 0) / total, moments.get(0, 1) / total);
        moments.move_origin(origin_y, origin_x);
        let mean = |j, k| moments.get(j, k) as f64 / total as f64;
        let (y, x) = (mean(1, 0), mean(0, 1));
        let (yy, yx, xx) = (mean(2, 0), mean(1, 1), mean(0, 2));

        // Central moments.
        let c_yy = yy - y * y;
        let c_yx = yx - y * x;
        let c_xx = xx - x * x;
        let c_yyy = mean(3, 0) - 3.0 * y * yy + 2.0 * y * y * y;
        let c_yyx = mean(2, 1) - 2.0 * y * yx - x * yy + 2.0 * y * y * x;
        let c_yxx = mean(1, 2) - 2.0 * x * yx - y * xx + 2.0 * y * x * x;
        let c_xxx = mean(0, 3) - 3.0 * x * xx + 2.0 * x * x * x;

        // Of the sheared coordinate e = x − slant·y.
        let a = c_yx / c_yy.max(LEAST_VARIANCE);
        let c_ee = c_xx - 2.0 * a * c_yx + a * a * c_yy;
        let c_eee = c_xxx - 3.0 * a * c_yxx + 3.0 * a * a * c_yyx - a * a * a * c_yyy;
        Some(Self {
            origin_y: origin_y as i64,
            origin_x: origin_x as i64,
            mean_y: y,
            mean_x: x,
            slant: a,
            rows: Axis::new(c_yy, c_yyy, to.height, HEIGHT_DEVIATION),
            columns: Axis::new(c_ee, c_eee, to.width, WIDTH_DEVIATION),
        })
    }
}

/// One coordinate of the map.
struct Axis {
    /// Pixels of the output.
    length: usize,
    /// There are 2 to the power of this many samples for each of them.
    sample_bits: u32,
    /// The deviation of the ink in the output.
    deviation: f64,
    /// Pixels of the image for one of the output.
    scale: f64,
    bend: f64,
}

impl Axis {
    fn new(variance: f64, third: f64, length: usize, deviation: f64) -> Self {
        let variance = variance.max(LEAST_VARIANCE);
        let root = variance.sqrt();
        let deviation = deviation * length as f64 / 28.0;
        let scale = root / deviation;
        let mut sample_bits = 0;
        while scale > MOST_STEP * (1_u64 << sample_bits) as f64 {
            sample_bits += 1;
        }
        Self {
            length,
            sample_bits,
            deviation,
            scale,
            bend: 0.5 * SKEW_CORRECTION * (third / (variance * root)),
        }
    }

    /// Positions of the output's samples in the image, from the mean of its ink.
    fn positions(&self) -> impl Iterator<Item = f64> {
        let samples = 1_usize << self.sample_bits;
        let middle = self.length as f64 / 2.0;
        (0..self.length * samples).map(move |i| {
            let u = (i as f64 + 0.5) / samples as f64 - middle;
            self.scale * (u + self.bend * (u * u / self.deviation - self.deviation))
        })
    }
}

/// A position, rounded to 1/256 of a pixel.
fn to_fixed(position: f64) -> i64 {
    (ONE as f64 * position + 0.5).floor() as i64
}
