//! The plain loop.

use wide::i16x16;

use crate::rows::{GROUP, LANES};

/// Adds to the score of each class of a group the dot product of its weights with the image.
pub(super) fn add_dot_products(
    weights: &[[i16x16; GROUP]],
    image: &[[u8; LANES]],
    scores: &mut [i64; GROUP],
) {
    for class in 0..GROUP {
        for (weights, pixels) in weights.iter().zip(image) {
            // An `i32` holds the sum of 16 products: 16 · 255 · 32768 < 2³¹.
            let mut sum = 0;
            for (&weight, &pixel) in weights[class].as_array().iter().zip(pixels) {
                sum += i32::from(weight) * i32::from(pixel);
            }
            scores[class] += i64::from(sum);
        }
    }
}
