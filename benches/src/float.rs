//! The network in `f32`, as the article has it: pixels, weights and biases are fractions of 1.
//!
//! The same numbers are added in every way to sum a dot product; only the order and the rounding
//! differ.

use mnist_kernel::Perceptron;
use wide::f32x8;

/// A way to compute a dot product.
pub type Dot = fn(&[f32], &[f32]) -> f32;

/// One layer of floats.
#[derive(Debug, Clone)]
pub struct FloatNetwork {
    pixels: usize,
    /// `[classes, pixels]`, row by row.
    pub weights: Vec<f32>,
    /// `[classes]`.
    pub biases: Vec<f32>,
}

impl FloatNetwork {
    /// The floats that are nearest to a network's weights and biases.
    pub fn new(network: &Perceptron) -> Self {
        let rows = (0..network.shape().classes()).flat_map(|class| network.weights(class));
        Self {
            pixels: network.shape().pixels(),
            weights: rows.map(|weight| f32::from(weight) / 255.0).collect(),
            biases: network.biases().iter().map(|&b| b as f32 / 255.0).collect(),
        }
    }

    /// The score of each class for an image. `pixels` is room for the floats of an image.
    ///
    /// Generic over the dot product, so that it is inlined.
    #[inline]
    pub fn scores<'a>(
        &'a self,
        image: &[u8],
        pixels: &'a mut [f32],
        dot: impl Fn(&[f32], &[f32]) -> f32,
    ) -> impl Iterator<Item = f32> {
        for (float, &pixel) in pixels.iter_mut().zip(image) {
            *float = f32::from(pixel) * (1.0 / 255.0);
        }
        let rows = self.weights.chunks_exact(self.pixels);
        rows.zip(&self.biases)
            .map(move |(row, bias)| dot(row, pixels) + bias)
    }

    /// The class of an image, after relu: the first of the largest outputs.
    #[inline]
    pub fn predict(
        &self,
        image: &[u8],
        pixels: &mut [f32],
        dot: impl Fn(&[f32], &[f32]) -> f32,
    ) -> usize {
        let (mut best, mut largest) = (0, 0.0);
        for (class, score) in self.scores(image, pixels, dot).enumerate() {
            if score > largest {
                (best, largest) = (class, score);
            }
        }
        best
    }

    /// The count of images whose predicted class is their label.
    #[inline]
    pub fn correct(
        &self,
        images: &[u8],
        labels: &[u8],
        dot: impl Fn(&[f32], &[f32]) -> f32,
    ) -> usize {
        let mut pixels = vec![0.0; self.pixels];
        images
            .chunks_exact(self.pixels)
            .zip(labels)
            .filter(|&(image, &label)| self.predict(image, &mut pixels, &dot) == usize::from(label))
            .count()
    }

    /// One pass of the article's rule; returns the count of mistakes.
    pub fn train_pass(&mut self, images: &[u8], labels: &[u8], dot: Dot) -> usize {
        let mut mistakes = 0;
        let mut pixels = vec![0.0; self.pixels];
        for (image, &label) in images.chunks_exact(self.pixels).zip(labels) {
            let (predicted, label) = (self.predict(image, &mut pixels, dot), usize::from(label));
            if predicted != label {
                mistakes += 1;
                for (class, sign) in [(label, 1.0), (predicted, -1.0)] {
                    let row = &mut self.weights[class * self.pixels..][..self.pixels];
                    for (weight, pixel) in row.iter_mut().zip(&pixels) {
                        *weight += sign * pixel;
                    }
                    self.biases[class] += sign;
                }
            }
        }
        mistakes
    }
}

/// First to last, as the article has it.
#[inline]
pub fn in_order(weights: &[f32], pixels: &[f32]) -> f32 {
    let mut sum = 0.0;
    for (weight, pixel) in weights.iter().zip(pixels) {
        sum += weight * pixel;
    }
    sum
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
    sums.reduce_add() + in_order(other_weights, other_pixels)
}
