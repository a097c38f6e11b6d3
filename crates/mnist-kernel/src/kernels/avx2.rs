//! 256-bit registers of x86-64: sixteen products an instruction.

use std::arch::x86_64::{
    __m256i, _mm256_add_epi32, _mm256_add_epi64, _mm256_and_si256, _mm256_cvtepu8_epi16,
    _mm256_madd_epi16, _mm256_permute2x128_si256, _mm256_set1_epi32, _mm256_set1_epi64x,
    _mm256_srli_epi64, _mm256_unpackhi_epi64, _mm256_unpacklo_epi64,
};

use bytemuck::must_cast;

use super::{Run, Task};
use crate::layout::{Chunks, GROUP, LANES};

/// An `i32` holds the sum of 256 products, 256 · 255 · 32768 < 2³¹, and a chunk brings two to a
/// lane.
const BLOCK: usize = 128;

pub(super) fn find() -> Option<Run> {
    is_x86_feature_detected!("avx2").then_some(run as Run)
}

#[target_feature(enable = "avx2")]
fn run(task: Task<'_>) {
    task.run(|weights, image, scores| add_dot_products(weights, image, scores));
}

/// Adds to the score of each class of a group the dot product of its weights with the image.
#[inline]
#[target_feature(enable = "avx2")]
fn add_dot_products(weights: &[Chunks<i16>], image: &[[u8; LANES]], scores: &mut [i64; GROUP]) {
    for (weights, pixels) in weights.chunks(BLOCK).zip(image.chunks(BLOCK)) {
        // Lanes are counted from their lowest value, so that they are unsigned when widened.
        let mut sums = [_mm256_set1_epi32(i32::MIN); GROUP];
        for (weights, &pixels) in weights.iter().zip(pixels) {
            let pixels = _mm256_cvtepu8_epi16(must_cast(pixels));
            for (sum, &weights) in sums.iter_mut().zip(&weights.0) {
                *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(must_cast(weights), pixels));
            }
        }
        let [a, b, c, d, e, f, g, h, i, j] = sums.map(|sums| widen(sums));
        let sums: [i64; 12] = must_cast([
            transpose_and_add([a, b, c, d]),
            transpose_and_add([e, f, g, h]),
            transpose_and_add([i, j, i, j]),
        ]);
        for (score, sum) in scores.iter_mut().zip(sums) {
            *score += sum + 8 * i64::from(i32::MIN);
        }
    }
}

/// Adds each two neighbours.
#[inline]
#[target_feature(enable = "avx2")]
fn widen(sums: __m256i) -> __m256i {
    let even = _mm256_and_si256(sums, _mm256_set1_epi64x(0xffff_ffff));
    _mm256_add_epi64(even, _mm256_srli_epi64::<32>(sums))
}

/// Adds the lanes of each.
#[inline]
#[target_feature(enable = "avx2")]
fn transpose_and_add([a, b, c, d]: [__m256i; 4]) -> __m256i {
    let ab = _mm256_add_epi64(_mm256_unpacklo_epi64(a, b), _mm256_unpackhi_epi64(a, b));
    let cd = _mm256_add_epi64(_mm256_unpacklo_epi64(c, d), _mm256_unpackhi_epi64(c, d));
    let low = _mm256_permute2x128_si256::<0x20>(ab, cd);
    _mm256_add_epi64(low, _mm256_permute2x128_si256::<0x31>(ab, cd))
}
