//! 512-bit registers of x86-64, and one instruction that multiplies and adds: thirty-two products.

use std::arch::x86_64::{
    __m512i, _mm256_broadcastsi128_si256, _mm512_add_epi32, _mm512_add_epi64, _mm512_and_si512,
    _mm512_cvtepu8_epi16, _mm512_dpwssd_epi32, _mm512_set1_epi32, _mm512_set1_epi64,
    _mm512_setzero_si512, _mm512_shuffle_i64x2, _mm512_srli_epi64, _mm512_unpackhi_epi64,
    _mm512_unpacklo_epi64,
};

use bytemuck::must_cast;

use super::{Run, Task};
use crate::layout::{Chunks, GROUP, LANES};

/// An `i32` holds the sum of 256 products, 256 · 255 · 32768 < 2³¹, and a chunk brings two to a
/// lane.
const BLOCK: usize = 128;

/// Registers of a group: the chunks of two classes each.
const PAIRS: usize = GROUP / 2;

pub(super) fn find() -> Option<Run> {
    let found = is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("avx512vnni");
    found.then_some(run as Run)
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
fn run(task: Task<'_>) {
    task.run(|weights, image, scores| add_dot_products(weights, image, scores));
}

/// Adds to the score of each class of a group the dot product of its weights with the image.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
fn add_dot_products(weights: &[Chunks<i16>], image: &[[u8; LANES]], scores: &mut [i64; GROUP]) {
    for (weights, pixels) in weights.chunks(BLOCK).zip(image.chunks(BLOCK)) {
        // Lanes are counted from their lowest value, so that they are unsigned when widened.
        let mut sums = [_mm512_set1_epi32(i32::MIN); PAIRS];
        // Ten sums in flight: a multiply-add takes five cycles, and two start in each.
        let mut odd_sums = [_mm512_setzero_si512(); PAIRS];
        let (weights, last_weights) = weights.as_chunks();
        let (pixels, last_pixels) = pixels.as_chunks();
        for ([weights, odd_weights], [pixels, odd_pixels]) in weights.iter().zip(pixels) {
            add_chunk(&mut sums, weights, pixels);
            add_chunk(&mut odd_sums, odd_weights, odd_pixels);
        }
        for (weights, pixels) in last_weights.iter().zip(last_pixels) {
            add_chunk(&mut sums, weights, pixels);
        }
        for (sums, odd_sums) in sums.iter_mut().zip(odd_sums) {
            *sums = widen(_mm512_add_epi32(*sums, odd_sums));
        }
        let [ab, cd, ef, gh, ij] = sums;
        let [acbd, egfh, iijj] = [(ab, cd), (ef, gh), (ij, ij)].map(|(a, b)| {
            _mm512_add_epi64(_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b))
        });
        let [[a, c, b, d, e, g, f, h], [i, _, j, ..]]: [[i64; 8]; 2] =
            must_cast([(acbd, egfh), (iijj, iijj)].map(|(a, b)| {
                let even = _mm512_shuffle_i64x2::<0b10_00_10_00>(a, b);
                _mm512_add_epi64(even, _mm512_shuffle_i64x2::<0b11_01_11_01>(a, b))
            }));
        for (score, sum) in scores.iter_mut().zip([a, b, c, d, e, f, g, h, i, j]) {
            *score += sum + 8 * i64::from(i32::MIN);
        }
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
fn add_chunk(sums: &mut [__m512i; PAIRS], weights: &Chunks<i16>, pixels: &[u8; LANES]) {
    let pixels = _mm512_cvtepu8_epi16(_mm256_broadcastsi128_si256(must_cast(*pixels)));
    let weights: [__m512i; PAIRS] = must_cast(weights.0);
    for (sum, weights) in sums.iter_mut().zip(weights) {
        *sum = _mm512_dpwssd_epi32(*sum, weights, pixels);
    }
}

/// Adds each two neighbours.
#[inline]
#[target_feature(enable = "avx512f")]
fn widen(sums: __m512i) -> __m512i {
    let even = _mm512_and_si512(sums, _mm512_set1_epi64(0xffff_ffff));
    _mm512_add_epi64(even, _mm512_srli_epi64::<32>(sums))
}
