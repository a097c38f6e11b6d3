//! The plain loop.

use crate::Perceptron;

/// An `i32` holds the sum of 256 products: 256 · 255 · 32768 < 2³¹.
const BLOCK: usize = 256;

/// Adds to each class's score the dot product of its weights with the image.
pub(super) fn add_dot_products(network: &Perceptron, image: &[u8], scores: &mut [i64]) {
    for (class, score) in scores.iter_mut().enumerate() {
        let blocks = network
            .weights(class)
            .chunks(BLOCK)
            .zip(image.chunks(BLOCK));
        for (weights, pixels) in blocks {
            let mut sum = 0;
            for (&weight, &pixel) in weights.iter().zip(pixels) {
                sum += i32::from(weight) * i32::from(pixel);
            }
            *score += i64::from(sum);
        }
    }
}
