//! The network in integers as the kernels of `mnist-kernel` have it, but with the steps between
//! the plain loop and the fastest one: they differ in how much is done with what has been loaded.

use std::array;

use mnist_kernel::Perceptron;
use wide::{i16x16, i32x8, u8x16};

const CLASSES: usize = 10;
const LANES: usize = 16;

/// An `i32` holds the sum of 256 products: 256 · 255 · 32768 < 2³¹.
const BLOCK: usize = 256;

/// One layer of ten classes, of images of whole chunks of 16 pixels.
#[derive(Debug, Clone)]
pub struct IntegerNetwork {
    /// Chunks of a row.
    length: usize,
    /// `[classes, length]`.
    rows: Vec<i16x16>,
    biases: [i64; CLASSES],
}

impl IntegerNetwork {
    /// A copy of a network.
    pub fn new(network: &Perceptron) -> Self {
        let rows = (0..CLASSES).flat_map(|class| network.weights(class));
        let weights: Vec<i16> = rows.collect();
        let (chunks, _) = weights.as_chunks();
        Self {
            length: network.shape().pixels() / LANES,
            rows: chunks.iter().map(|&chunk| i16x16::new(chunk)).collect(),
            biases: array::from_fn(|class| 255 * i64::from(network.biases()[class])),
        }
    }

    /// The count of images whose predicted class is their label, by one plain loop for a class.
    pub fn correct_by_loop(&self, images: &[u8], labels: &[u8]) -> usize {
        let pixels = self.length * LANES;
        let weights: &[i16] = bytemuck::must_cast_slice(&self.rows);
        let mut correct = 0;
        for (image, &label) in images.chunks_exact(pixels).zip(labels) {
            let mut scores = self.biases;
            for (row, score) in weights.chunks_exact(pixels).zip(&mut scores) {
                for (weights, pixels) in row.chunks(BLOCK).zip(image.chunks(BLOCK)) {
                    let mut sum = 0;
                    for (&weight, &pixel) in weights.iter().zip(pixels) {
                        sum += i32::from(weight) * i32::from(pixel);
                    }
                    *score += i64::from(sum);
                }
            }
            correct += usize::from(predicted_class(&scores) == label);
        }
        correct
    }

    /// The count of images whose predicted class is their label, scored in blocks of `C` classes
    /// and `N` images.
    pub fn correct<const C: usize, const N: usize>(&self, images: &[u8], labels: &[u8]) -> usize {
        let pixels = self.length * LANES;
        let mut correct = 0;
        for (images, labels) in images.chunks_exact(N * pixels).zip(labels.chunks_exact(N)) {
            let images: [&[[u8; LANES]]; N] =
                array::from_fn(|n| images[n * pixels..][..pixels].as_chunks().0);
            let mut scores = [[0; CLASSES]; N];
            for first in (0..CLASSES).step_by(C) {
                let rows = &self.rows[first * self.length..][..C * self.length];
                let sums = dot_products::<C, N>(rows, images, self.length);
                for n in 0..N {
                    for class in 0..C {
                        let sum: i64 = sums[class][n].to_array().map(i64::from).iter().sum();
                        scores[n][first + class] = self.biases[first + class] + sum;
                    }
                }
            }
            for (scores, &label) in scores.iter().zip(labels) {
                correct += usize::from(predicted_class(scores) == label);
            }
        }
        correct
    }
}

/// The first of the largest outputs, after relu; without a branch, as the kernel does it.
fn predicted_class(scores: &[i64; CLASSES]) -> u8 {
    let numbers = scores.iter().zip(0..);
    let largest = numbers.fold(255, |most, (score, class)| {
        most.max(256 * score + 255 - class)
    });
    255 - largest as u8
}

/// The dot products of `C` rows with `N` images, in eight lanes each: a chunk of pixels is loaded
/// once for `C` rows, and a chunk of weights once for `N` images.
#[inline]
fn dot_products<const C: usize, const N: usize>(
    rows: &[i16x16],
    images: [&[[u8; LANES]]; N],
    length: usize,
) -> [[i32x8; N]; C] {
    let rows: [&[i16x16]; C] = array::from_fn(|class| &rows[class * length..][..length]);
    let images = images.map(|image| &image[..length]);
    let mut sums = [[i32x8::ZERO; N]; C];
    for chunk in 0..length {
        let pixels: [i16x16; N] = array::from_fn(|n| i16x16::from(u8x16::new(images[n][chunk])));
        for class in 0..C {
            for n in 0..N {
                sums[class][n] += rows[class][chunk].dot(pixels[n]);
            }
        }
    }
    sums
}
