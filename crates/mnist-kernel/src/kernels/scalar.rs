//! The plain loop: the definition, and the oracle of the other kernels.

use super::{Run, Task};
use crate::layout::{Chunks, GROUP, LANES};

pub(super) fn find() -> Option<Run> {
    Some(run)
}

fn run(task: Task<'_>) {
    task.run(add_dot_products);
}

/// Adds to the score of each class of a group the dot product of its weights with the image.
fn add_dot_products(weights: &[Chunks<i16>], image: &[[u8; LANES]], scores: &mut [i64; GROUP]) {
    for (weights, pixels) in weights.iter().zip(image) {
        for (weights, score) in weights.0.iter().zip(&mut *scores) {
            for (&weight, &pixel) in weights.iter().zip(pixels) {
                *score += i64::from(weight) * i64::from(pixel);
            }
        }
    }
}
