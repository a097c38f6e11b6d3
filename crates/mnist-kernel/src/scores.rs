//! The scores: for each class the dot product of its weights with the image, and its bias.
//!
//! `score[k] = Σ_j weight[k][j] · pixel[j] + 255 · bias[k]`, in units of 1/255².

use crate::layout::{Chunks, GROUP, Image, LANES};
use crate::perceptron::ONE;

/// A kernel's function: it adds to the score of each class of a group the dot product of its
/// weights with an image, of as many chunks as there are of both.
pub(crate) trait DotProducts:
    Fn(&[Chunks<i16>], &[[u8; LANES]], &mut [i64; GROUP]) + Copy
{
}

impl<F: Fn(&[Chunks<i16>], &[[u8; LANES]], &mut [i64; GROUP]) + Copy> DotProducts for F {}

/// The scores of a group of classes for an image.
#[inline(always)]
pub(crate) fn group_scores(
    (weights, biases): (&[Chunks<i16>], &[i32; GROUP]),
    image: &Image<'_>,
    add_dot_products: impl DotProducts,
) -> [i64; GROUP] {
    let mut scores = biases.map(|bias| i64::from(ONE) * i64::from(bias));
    let (full, last) = weights.split_at(image.full.len());
    add_dot_products(full, image.full, &mut scores);
    if !last.is_empty() {
        add_dot_products(last, &[image.tail], &mut scores);
    }
    scores
}
