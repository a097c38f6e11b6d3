//! The average of the network over all images so far, by a lazy sum.
//!
//! Only mistakes change weights, so only they should cost something. A weight that ends a block
//! of n images at w, and was changed by d₀, d₁, … after c₀, c₁, … images of the block, has over
//! the block's images the sum n·w − Σ cᵢ·dᵢ.

use std::iter;

use crate::Perceptron;
use crate::perceptron::{BIAS_LIMIT, Shape};

/// A weight changes by at most 255 an image, so |Σ cᵢ·dᵢ| ≤ 255 · (0 + 1 + … + 4095) < 2³¹.
const BLOCK: i32 = 4096;

/// Twice a total stays within 2 · `BIAS_LIMIT` · images ≤ 2 · 2²⁴ · 2³⁷ = 2⁶².
const MOST_IMAGES: i64 = 1 << 37;

/// The sums behind the average: for each class a row of its weights, and then its bias.
#[derive(Debug)]
pub(crate) struct Average {
    /// Σ cᵢ·dᵢ of the block under way, `[classes, pixels + 1]`.
    block: Vec<i32>,
    /// The sums over the finished blocks, `[classes, pixels + 1]`.
    totals: Vec<i64>,
    /// Images of the block under way.
    block_images: i32,
    /// Images of the finished blocks.
    images: i64,
}

impl Average {
    pub(crate) fn new(shape: Shape) -> Self {
        let values = shape.classes() * (shape.pixels() + 1);
        Self {
            block: vec![0; values],
            totals: vec![0; values],
            block_images: 0,
            images: 0,
        }
    }

    /// The count of the block's images so far, by which each change of the present image is to be
    /// multiplied, and the class's row of sums, `[pixels + 1]`, to which it is to be added.
    pub(crate) fn class_mut(&mut self, class: usize, shape: Shape) -> (i32, &mut [i32]) {
        let row = shape.pixels() + 1;
        (self.block_images, &mut self.block[class * row..][..row])
    }

    /// Counts an image, after the network has learned from it.
    pub(crate) fn count_image(&mut self, network: &Perceptron) {
        self.block_images += 1;
        if self.block_images == BLOCK {
            let values = values(network);
            for ((total, sum), value) in self.totals.iter_mut().zip(&mut self.block).zip(values) {
                *total += i64::from(BLOCK) * value - i64::from(*sum);
                *sum = 0;
            }
            self.images += i64::from(BLOCK);
            self.block_images = 0;
            assert!(self.images < MOST_IMAGES, "the average has too many images");
        }
    }

    /// The mean after all images so far, given the network as it is now.
    pub(crate) fn of(&self, network: &Perceptron) -> Perceptron {
        let block_images = i64::from(self.block_images);
        let images = self.images + block_images;
        if images == 0 {
            return network.clone();
        }
        let sums = self.totals.iter().zip(&self.block).zip(values(network));
        let means = sums.map(|((total, &sum), value)| {
            round_half_away(total + block_images * value - i64::from(sum), images)
        });
        let means: Vec<i64> = means.collect();

        let mut average = network.clone();
        let shape = network.shape();
        for (class, row) in means.chunks_exact(shape.pixels() + 1).enumerate() {
            let (weights, bias) = average.class_mut(class);
            for (weight, &mean) in weights.iter_mut().zip(row) {
                *weight = i16::try_from(mean).expect("a mean of weights is a weight");
            }
            *bias = i32::try_from(row[shape.pixels()]).expect("a mean of biases is a bias");
            debug_assert!(bias.abs() <= BIAS_LIMIT);
        }
        average
    }
}

/// The weights and biases in the order of the sums.
fn values(network: &Perceptron) -> impl Iterator<Item = i64> {
    network
        .biases()
        .iter()
        .enumerate()
        .flat_map(|(class, &bias)| {
            let weights = network.weights(class).iter().copied().map(i64::from);
            weights.chain(iter::once(i64::from(bias)))
        })
}

/// `total / count`, rounded to the nearest integer and half away from zero.
fn round_half_away(total: i64, count: i64) -> i64 {
    (2 * total + total.signum() * count) / (2 * count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_rounded_to_the_nearest_and_halves_away_from_zero() {
        let rounded = [-5, -3, -2, -1, 0, 1, 2, 3, 5].map(|total| round_half_away(total, 2));
        assert_eq!(rounded, [-3, -2, -1, -1, 0, 1, 1, 2, 3]);
        let rounded = [-5, -4, -2, -1, 1, 2, 4, 5].map(|total| round_half_away(total, 3));
        assert_eq!(rounded, [-2, -1, -1, 0, 0, 1, 1, 2]);
    }
}
