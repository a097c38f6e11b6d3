//! The article's network and its rule, in floating point: pixels, weights and biases are fractions
//! of 1. The benches use this file, too.

use std::ops::{Add, AddAssign, Mul, SubAssign};

use mnist_kernel::Perceptron;

/// `f32` or `f64`.
pub trait Float:
    Copy + PartialOrd + Add<Output = Self> + Mul<Output = Self> + AddAssign + SubAssign
{
    /// The fraction nearest to `count / 255`.
    fn of_255ths(count: i32) -> Self;
}

impl Float for f32 {
    fn of_255ths(count: i32) -> Self {
        count as f32 / 255.0
    }
}

impl Float for f64 {
    fn of_255ths(count: i32) -> Self {
        f64::from(count) / 255.0
    }
}

/// One layer of floats, and how it computes a dot product.
#[derive(Debug, Clone)]
pub struct FloatNetwork<T, D> {
    /// `[classes, pixels]`, row by row.
    pub weights: Vec<T>,
    /// `[classes]`.
    pub biases: Vec<T>,
    /// The image under way, `[pixels]`.
    image: Vec<T>,
    dot: D,
}

impl<T: Float, D: Fn(&[T], &[T]) -> T> FloatNetwork<T, D> {
    /// The floats that are nearest to a network's weights and biases.
    pub fn new(network: &Perceptron, dot: D) -> Self {
        let rows = (0..network.shape().classes()).flat_map(|class| network.weights(class));
        let biases = network.biases().iter().copied();
        Self {
            weights: rows.map(|weight| T::of_255ths(weight.into())).collect(),
            biases: biases.map(T::of_255ths).collect(),
            image: vec![T::of_255ths(0); network.shape().pixels()],
            dot,
        }
    }

    /// The score of each class for an image.
    #[inline]
    pub fn scores(&mut self, image: &[u8]) -> impl Iterator<Item = T> {
        for (fraction, &pixel) in self.image.iter_mut().zip(image) {
            *fraction = T::of_255ths(pixel.into());
        }
        let rows = self.weights.chunks_exact(self.image.len());
        rows.zip(&self.biases)
            .map(|(row, &bias)| (self.dot)(row, &self.image) + bias)
    }

    /// The class of an image, after relu: the first of the largest outputs.
    #[inline]
    pub fn predict(&mut self, image: &[u8]) -> usize {
        let (mut predicted, mut largest) = (0, T::of_255ths(0));
        for (class, score) in self.scores(image).enumerate() {
            if score > largest {
                (predicted, largest) = (class, score);
            }
        }
        predicted
    }

    /// Learns from an image by the article's rule; returns the class that was predicted.
    #[inline]
    pub fn train(&mut self, image: &[u8], label: u8) -> usize {
        let (predicted, label) = (self.predict(image), usize::from(label));
        if predicted != label {
            let pixels = self.image.len();
            for (index, &pixel) in self.image.iter().enumerate() {
                self.weights[predicted * pixels + index] -= pixel;
                self.weights[label * pixels + index] += pixel;
            }
            self.biases[predicted] -= T::of_255ths(255);
            self.biases[label] += T::of_255ths(255);
        }
        predicted
    }
}

/// The dot product as the article adds it up, first to last.
#[inline]
pub fn in_order<T: Float>(weights: &[T], pixels: &[T]) -> T {
    let mut sum = T::of_255ths(0);
    for (&weight, &pixel) in weights.iter().zip(pixels) {
        sum += weight * pixel;
    }
    sum
}
