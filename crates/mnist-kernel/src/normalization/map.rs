//! Where in an image the pixels of its normalised image come from.

use super::moments::Moments;
use crate::Size;

/// The standard deviation of a normalised image's ink, in 1/28 of the height.
const HEIGHT_DEVIATION: f64 = 5.5;
/// The standard deviation of a normalised image's ink, in 1/28 of the width.
const WIDTH_DEVIATION: f64 = 4.0;
/// How much of the skew is corrected. Between 0.3 and 0.5 it hardly matters; without it, 0.3 % more
/// of MNIST's test images are misclassified.
const SKEW_CORRECTION: f64 = 0.4;
/// The least variance, in pixels²: a line one pixel wide has none.
const LEAST_VARIANCE: f64 = 0.25;
/// The largest distance of two samples, in pixels of the source.
const MOST_STEP: f64 = 1.5;
/// A pixel, in the unit of positions.
const ONE: i64 = 256;

/// The output's pixel (u, v) comes from y = mean_y + rows(u), x = mean_x + columns(v) + slant ·
/// rows(u).
pub(super) struct Map {
    /// The pixel that the mean of the ink is in.
    origin: [i64; 2],
    /// The mean of the ink, from there.
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
        // From a whole pixel, so that it makes no difference where the ink is.
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

        // Of the sheared coordinate e = x − slant · y.
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

    /// Where a sample of row `u` of the output is in the image: the row, and the offset of its
    /// columns, in 1/256 pixels.
    pub fn row(&self, u: usize, sample: u64) -> (i64, i64) {
        let y = self.rows.position(u, sample);
        let row = self.origin[0] * ONE + to_fixed(self.mean[0] + y);
        let offset = self.origin[1] * ONE + to_fixed(self.mean[1] + self.slant * y);
        (row, offset)
    }

    /// Where a sample of column `v` of the output is, from the row's offset, in 1/256 pixels.
    pub fn column(&self, v: usize, sample: u64) -> i64 {
        to_fixed(self.columns.position(v, sample))
    }
}

/// One coordinate of the map: a parabola whose argument is the distance from the output's middle.
pub(super) struct Axis {
    constant: f64,
    linear: f64,
    square: f64,
    /// Where the parabola turns.
    turn: f64,
    /// Half of the output's pixels.
    middle: f64,
    /// The samples of each of them, a power of two, and the distance of one from the next.
    samples: u64,
    step: f64,
}

impl Axis {
    /// The ink's variance and third central moment; the deviation that it shall have, in 1/28 of
    /// the output's `length`.
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
            turn: -linear / (2.0 * square),
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
        // Beyond its turn the parabola is held, so that no ink is read twice.
        let u = if self.turn < 0.0 {
            u.max(self.turn)
        } else {
            u.min(self.turn)
        };
        (self.square * u + self.linear) * u + self.constant
    }
}

/// A position in 1/256 pixels, rounded.
fn to_fixed(position: f64) -> i64 {
    // From 2⁵² to 2⁵³ there are no other numbers than integers, so the sum is one.
    const INTEGERS: f64 = 1.5 * (1_u64 << 52) as f64;
    (ONE as f64 * position + INTEGERS).to_bits() as i64 - INTEGERS.to_bits() as i64
}
