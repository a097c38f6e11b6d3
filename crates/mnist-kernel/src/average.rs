//! The average of the network over all images so far, by a lazy sum.
//!
//! Only mistakes change weights, so only they should cost something. A weight that ends a block
//! of n images at w, and was changed by d₀, d₁, … after c₀, c₁, … images of the block, has over
//! the block's images the sum n·w − Σ cᵢ·dᵢ.

use crate::layout::{LANES, Layer};
use crate::{Perceptron, Shape};

/// A weight changes by at most 255 an image, so |Σ cᵢ·dᵢ| ≤ 255 · (0 + 1 + … + 4095) < 2³¹.
const BLOCK: i32 = 4096;

/// A bias is within ±2²⁴, so twice the sum of it over all images is within 2 · 2²⁴ · 2³⁷ = 2⁶².
const MOST_IMAGES: i64 = 1 << 37;

/// The sums behind the average.
#[derive(Debug, Clone)]
pub(crate) struct Average {
    /// Σ cᵢ·dᵢ over the block under way.
    block: Layer<i32, i32>,
    /// The sums over the finished blocks.
    totals: Layer<i64, i64>,
    /// Images of the block under way, and of the finished blocks.
    block_images: i32,
    images: i64,
}

impl Average {
    pub(crate) fn new(shape: Shape) -> Self {
        Self {
            block: Layer::zero(shape),
            totals: Layer::zero(shape),
            block_images: 0,
            images: 0,
        }
    }

    /// The count of the block's images so far, by which each change of the present image is to be
    /// multiplied, and the class's sums, to which it is to be added: of the weights, and the bias.
    #[inline(always)]
    pub(crate) fn class_mut(
        &mut self,
        class: usize,
    ) -> (i32, impl Iterator<Item = &mut [i32; LANES]>, &mut i32) {
        let (sums, bias_sum) = self.block.class_mut(class);
        (self.block_images, sums, bias_sum)
    }

    /// Counts an image, after the network has learned from it.
    pub(crate) fn count_image(&mut self, network: &Perceptron) {
        self.block_images += 1;
        if self.block_images == BLOCK {
            self.finish_block(network);
        }
    }

    fn finish_block(&mut self, network: &Perceptron) {
        let images = i64::from(self.block_images);
        self.images += images;
        assert!(
            self.images < MOST_IMAGES,
            "the sums of the average hold at most 2³⁷ images"
        );

        let finish = |total: &mut i64, sum: &mut i32, value: i64| {
            *total += images * value - i64::from(*sum);
            *sum = 0;
        };
        let (totals, sums) = (self.totals.weights_mut(), self.block.weights_mut());
        for ((totals, sums), weights) in totals.zip(sums).zip(network.layer().weights()) {
            for ((total, sum), &weight) in totals.iter_mut().zip(sums).zip(weights) {
                finish(total, sum, weight.into());
            }
        }
        let (totals, sums) = (self.totals.biases_mut(), self.block.biases_mut());
        for ((total, sum), &bias) in totals.iter_mut().zip(sums).zip(network.layer().biases()) {
            finish(total, sum, bias.into());
        }
        self.block_images = 0;
    }

    /// The mean after all images so far, given the network as it is now.
    pub(crate) fn of(&self, network: &Perceptron) -> Perceptron {
        let mut finished = self.clone();
        finished.finish_block(network);
        let images = finished.images;
        let mut average = network.clone();
        if images == 0 {
            return average;
        }
        // A mean of weights is a weight, and a mean of biases a bias.
        let layer = average.layer_mut();
        let weights = layer.weights_mut().flatten();
        for (weight, &total) in weights.zip(finished.totals.weights().flatten()) {
            *weight = round_half_away(total, images) as i16;
        }
        for (bias, &total) in layer.biases_mut().iter_mut().zip(finished.totals.biases()) {
            *bias = round_half_away(total, images) as i32;
        }
        average
    }
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
