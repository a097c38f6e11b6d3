//! The network in floating point, as the article has it, and ways to add up a dot product. The
//! numbers are the same in all of them; only the order and the rounding differ.

use wide::f32x8;

pub use crate::float_network::{Float, FloatNetwork, in_order};

impl<T: Float, D: Fn(&[T], &[T]) -> T> FloatNetwork<T, D> {
    /// The count of images whose predicted class is their label.
    #[inline]
    pub fn correct(&mut self, images: &[u8], labels: &[u8]) -> usize {
        let images = images.chunks_exact(images.len() / labels.len());
        let correct = |&(image, &label): &(_, &u8)| self.predict(image) == usize::from(label);
        images.zip(labels).filter(correct).count()
    }

    /// One pass of the article's rule; returns the count of mistakes.
    #[inline]
    pub fn train_pass(&mut self, images: &[u8], labels: &[u8]) -> usize {
        let images = images.chunks_exact(images.len() / labels.len());
        let mistake = |&(image, &label): &(_, &u8)| self.train(image, label) != usize::from(label);
        images.zip(labels).filter(mistake).count()
    }
}

/// Last to first.
#[inline]
pub fn backwards(weights: &[f32], pixels: &[f32]) -> f32 {
    let mut sum = 0.0;
    for (weight, pixel) in weights.iter().zip(pixels).rev() {
        sum += weight * pixel;
    }
    sum
}

/// Eight sums side by side, one in each lane of a register, added up at the end.
#[inline]
pub fn in_lanes(weights: &[f32], pixels: &[f32]) -> f32 {
    sum_lanes(weights, pixels, |weights, pixels, sums| {
        sums + weights * pixels
    })
}

/// The same with fused multiply-add, which rounds once and not twice, where the target has it.
#[inline]
pub fn in_fused_lanes(weights: &[f32], pixels: &[f32]) -> f32 {
    sum_lanes(weights, pixels, f32x8::mul_add)
}

#[inline]
fn sum_lanes(
    weights: &[f32],
    pixels: &[f32],
    multiply_add: impl Fn(f32x8, f32x8, f32x8) -> f32x8,
) -> f32 {
    let (weight_chunks, other_weights) = weights.as_chunks();
    let (pixel_chunks, other_pixels) = pixels.as_chunks();
    let mut sums = f32x8::ZERO;
    for (&weights, &pixels) in weight_chunks.iter().zip(pixel_chunks) {
        sums = multiply_add(f32x8::new(weights), f32x8::new(pixels), sums);
    }
    // In the lanes' order: that of `reduce_add` depends on the target.
    sums.to_array().iter().sum::<f32>() + in_order(other_weights, other_pixels)
}
