//! The SIMD lanes of `wide`, of whatever width the build's target has.

use wide::{i16x16, i32x4, i32x8, i64x2, u8x16};

use super::{Run, Task};
use crate::layout::{Chunks, GROUP, LANES};

/// An `i32` holds the sum of 256 products, 256 · 255 · 32768 < 2³¹. A chunk brings two to a lane,
/// and two lanes are added before they are widened: 256 / 4 chunks.
const BLOCK: usize = 64;

pub(super) fn find() -> Option<Run> {
    Some(run)
}

fn run(task: Task<'_>) {
    task.run(add_dot_products);
}

/// Adds to the score of each class of a group the dot product of its weights with the image.
#[inline]
fn add_dot_products(weights: &[Chunks<i16>], image: &[[u8; LANES]], scores: &mut [i64; GROUP]) {
    for (weights, pixels) in weights.chunks(BLOCK).zip(image.chunks(BLOCK)) {
        let mut sums = [i32x8::ZERO; GROUP];
        for (weights, &pixels) in weights.iter().zip(pixels) {
            let pixels = i16x16::from(u8x16::new(pixels));
            for (sum, &weights) in sums.iter_mut().zip(&weights.0) {
                *sum += i16x16::new(weights).dot(pixels);
            }
        }
        for (score, sums) in scores.iter_mut().zip(sums) {
            *score += horizontal_sum(sums);
        }
    }
}

/// The sum of the lanes, in `i64` because all of them together can exceed an `i32`.
#[inline]
fn horizontal_sum(sums: i32x8) -> i64 {
    let [low, high]: [i32x4; 2] = bytemuck::must_cast(sums);
    let wide = (low + high).widening_mul(i32x4::ONE);
    let [low, high]: [i64x2; 2] = bytemuck::must_cast(wide);
    let [even, odd] = (low + high).to_array();
    even + odd
}
