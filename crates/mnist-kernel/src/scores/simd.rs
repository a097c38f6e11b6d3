//! SIMD lanes: ten classes at a time, so that each pixel is loaded once for ten weights.

use std::array;

use wide::{i16x16, i32x8, u8x16};

use crate::Perceptron;
use crate::perceptron::LANES;

/// As many classes as there are accumulators: they fit the 16 registers of AVX2.
const ROWS: usize = 10;

/// A lane takes two products of a chunk, and an `i32` holds 256: 256 · 255 · 32768 < 2³¹.
const BLOCK: usize = 128;

/// Adds to each class's score the dot product of its weights with the image.
pub(super) fn add_dot_products(network: &Perceptron, image: &[u8], scores: &mut [i64]) {
    let (chunks, rest) = image.as_chunks::<LANES>();
    for (index, block) in chunks.chunks(BLOCK).enumerate() {
        add_block(network, index * BLOCK, block, scores);
    }
    if !rest.is_empty() {
        let mut last = [0; LANES];
        last[..rest.len()].copy_from_slice(rest);
        add_block(network, chunks.len(), &[last], scores);
    }
}

/// The same for one block of the image's chunks, which starts at chunk `start`.
#[inline]
fn add_block(network: &Perceptron, start: usize, block: &[[u8; LANES]], scores: &mut [i64]) {
    let length = network.shape().chunks();
    let (groups, others) = scores.as_chunks_mut::<ROWS>();
    let (group_weights, other_weights) = network.chunks().split_at(groups.len() * ROWS * length);
    for (scores, weights) in groups
        .iter_mut()
        .zip(group_weights.chunks_exact(ROWS * length))
    {
        let rows = array::from_fn(|row| &weights[row * length + start..][..block.len()]);
        add_rows(rows, block, scores);
    }
    for (score, weights) in others.iter_mut().zip(other_weights.chunks_exact(length)) {
        add_rows(
            [&weights[start..][..block.len()]],
            block,
            array::from_mut(score),
        );
    }
}

#[inline]
fn add_rows<const ROWS: usize>(
    rows: [&[i16x16]; ROWS],
    block: &[[u8; LANES]],
    scores: &mut [i64; ROWS],
) {
    let mut sums = [i32x8::ZERO; ROWS];
    for chunk in 0..block.len() {
        let pixels = i16x16::from(u8x16::new(block[chunk]));
        for row in 0..ROWS {
            sums[row] += rows[row][chunk].dot(pixels);
        }
    }
    for row in 0..ROWS {
        scores[row] += horizontal_sum(sums[row]);
    }
}

/// The sum of the lanes, in `i64` because eight of them can exceed an `i32`.
#[inline]
fn horizontal_sum(sums: i32x8) -> i64 {
    sums.to_array().into_iter().map(i64::from).sum()
}
