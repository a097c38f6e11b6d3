//! The plain loop.

use crate::Perceptron;
use crate::rows::LANES;

/// Adds to each class's score the dot product of its weights with the image.
pub(super) fn add_dot_products(network: &Perceptron, image: &[u8], scores: &mut [i64]) {
    for (class, score) in scores.iter_mut().enumerate() {
        for (weights, pixels) in network.rows().row(class).zip(image.chunks(LANES)) {
            // An `i32` holds the sum of 16 products: 16 · 255 · 32768 < 2³¹.
            let mut sum = 0;
            for (&weight, &pixel) in weights.as_array().iter().zip(pixels) {
                sum += i32::from(weight) * i32::from(pixel);
            }
            *score += i64::from(sum);
        }
    }
}
