//! The map from the pixels of a normalized image to positions in the original image.

use super::moments::Moments;
use crate::Size;

/// The standard deviation of a normalized image's ink, in 1/28 of the height.
const HEIGHT_DEVIATION: f64 = 5.5;
/// The standard deviation of a normalized image's ink, in 1/28 of the width.
const WIDTH_DEVIATION: f64 = 4.0;
/// How much of the skew is corrected. Values from 0.3 to 0.5 make no difference on held-out
/// training images of MNIST; 0 costs 0.3 points of accuracy.
const SKEW_CORRECTION: f64 = 0.4;
/// Smaller variances are raised to this, in pixels². A line of one pixel has a variance of 0.
const LEAST_VARIANCE: f64 = 0.25;
/// The largest distance between two samples, in pixels of the original image.
const MOST_STEP: f64 = 1.5;
/// A pixel, in the unit of positions.
const ONE: i64 = 256;

/// The pixel (u, v) of the normalized image is at y = mean_y + rows(u) and
/// x = mean_x + columns(v) + slant · rows(u) in the original image.
pub(super) struct Map {
    /// The pixel at the mean of the ink: y and x.
    origin: [i64; 2],
    /// The mean of the ink, from `origin`.
    mean: [f64; 2],
    slant: f64,
    pub rows: Axis,
    pub columns: Axis,
}

impl Map {
    /// The map from an image to an image of size `to`; `None` if it has no ink.
    pub fn of(image: &[u8], from: Size, to: Size) -> Option<Self> {
        let mut moments = Moments::of(image, from);
        let total = moments.get(0, 0);
        if total == 0 {
            return None;
        }
        // Relative to a pixel of the ink, so that images that differ in its place alone give the
        // same bits.
        let origin = [moments.get(1, 0) / total, moments.get(0, 1) / total];
        moments.move_origin(origin);
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

        // The same of the sheared coordinate e = x − slant · y.
        let a = c_yx / c_yy.max(LEAST_VARIANCE);
        let c_ee = c_xx - 2.0 * a * c_yx + a * a * c_yy;
        let c_eee = c_xxx - 3.0 * a * c_yxx + 3.0 * a * a * c_yyx - a * a * a * c_yyy;

        Some(Self {
            origin: origin.map(|pixel| pixel as i64),
            mean: [y, x],
            slant: a,
            rows: Axis::new(c_yy, c_yyy, HEIGHT_DEVIATION, to.height),
            columns: Axis::new(c_ee, c_eee, WIDTH_DEVIATION, to.width),
        })
    }

    /// The position of a sample of the output's row `u`: its row in the image, and the offset to
    /// add to its columns, both in 1/256 pixels.
    pub fn row(&self, u: usize, sample: u64) -> (i64, i64) {
        let y = self.rows.position(u, sample);
        let row = self.origin[0] * ONE + to_fixed(self.mean[0] + y);
        let offset = self.origin[1] * ONE + to_fixed(self.mean[1] + self.slant * y);
        (row, offset)
    }

    /// The position of a sample of the output's column `v`, without the offset of its row, in 1/256
    /// pixels.
    pub fn column(&self, v: usize, sample: u64) -> i64 {
        to_fixed(self.columns.position(v, sample))
    }
}

/// One coordinate of the map: a parabola in the distance from the middle of the output.
pub(super) struct Axis {
    constant: f64,
    linear: f64,
    square: f64,
    /// The vertex of the parabola.
    vertex: f64,
    /// Half the length of the output.
    middle: f64,
    /// Samples in each pixel of the output, a power of two, and the distance between them.
    samples: u64,
    step: f64,
}

impl Axis {
    /// From the ink's variance and third central moment, to a standard deviation of `deviation`
    /// 28ths of the output's `length`.
    fn new(variance: f64, third: f64, deviation: f64, length: usize) -> Self {
        let variance = variance.max(LEAST_VARIANCE);
        let root = variance.sqrt();
        let skew = third / (variance * root);
        let deviation = deviation * length as f64 / 28.0;
        // position = linear · (u + ½ c · skew · (u² / deviation − deviation))
        let linear = root / deviation;
        let bend = linear * (0.5 * SKEW_CORRECTION * skew);
        let square = bend / deviation;
        let mut samples = 1.0;
        while linear > MOST_STEP * samples {
            samples *= 2.0;
        }
        Self {
            constant: -(bend * deviation),
            linear,
            square,
            vertex: -linear / (2.0 * square),
            middle: length as f64 / 2.0,
            samples: samples as u64,
            step: 1.0 / samples,
        }
    }

    /// The samples of a pixel of the output.
    pub fn samples(&self) -> u64 {
        self.samples
    }

    /// The position of a pixel's sample, from the mean of the ink.
    fn position(&self, pixel: usize, sample: u64) -> f64 {
        let u = pixel as f64 + ((sample as f64 + 0.5) * self.step - self.middle);
        // Constant beyond the vertex: going back would show the same ink twice.
        let u = if self.vertex < 0.0 {
            u.max(self.vertex)
        } else {
            u.min(self.vertex)
        };
        (self.square * u + self.linear) * u + self.constant
    }
}

/// A position in 1/256 pixels, rounded half to even. `round_ties_even` and a cast do the same, but
/// an image takes a tenth more time, and JavaScript has no such function.
fn to_fixed(position: f64) -> i64 {
    // Between 2⁵² and 2⁵³, every float is an integer, and the next one has the next bits.
    const INTEGERS: f64 = 1.5 * (1_u64 << 52) as f64;
    (ONE as f64 * position + INTEGERS).to_bits() as i64 - INTEGERS.to_bits() as i64
}
