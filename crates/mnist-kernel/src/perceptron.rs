//! The network: a row of weights and a bias for each class.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use wide::i16x16;

use crate::{Error, Kernel, predicted_class, relu};

/// 1.0 in the unit of pixels, weights and biases: all of them are counted in 1/255.
pub const ONE: i32 = 255;

/// Biases stay within ±2²⁴ (in 1/255), which `f32` holds exactly.
pub const BIAS_LIMIT: i32 = 1 << 24;

/// How many weights a SIMD chunk holds; rows are padded with zeros to whole chunks.
pub(crate) const LANES: usize = 16;

/// How many classes a network tells apart, and of how many pixels its images are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    classes: usize,
    pixels: usize,
}

impl Shape {
    /// A shape of 2 to 256 `classes` and at least one pixel: `Shape::new(10, 784)` for MNIST.
    ///
    /// # Errors
    ///
    /// [`Error::Classes`] and [`Error::Pixels`].
    pub fn new(classes: usize, pixels: usize) -> Result<Self, Error> {
        if !(2..=256).contains(&classes) {
            return Err(Error::Classes { classes });
        }
        // 16 bytes a weight leave room for the sums of the average beside the weights.
        let bytes = pixels
            .checked_next_multiple_of(LANES)
            .and_then(|padded| padded.checked_mul(classes * 16));
        if pixels == 0 || bytes.is_none_or(|bytes| bytes > isize::MAX as usize) {
            return Err(Error::Pixels { pixels });
        }
        Ok(Self { classes, pixels })
    }

    /// The number of classes.
    pub fn classes(self) -> usize {
        self.classes
    }

    /// The number of pixels of an image.
    pub fn pixels(self) -> usize {
        self.pixels
    }

    /// The number of 16-lane chunks of a row of weights.
    pub(crate) fn chunks(self) -> usize {
        self.pixels.div_ceil(LANES)
    }

    /// Checks that `images` are as many images of this shape's size as there are `labels`, and
    /// that each label is a class.
    pub(crate) fn check(self, images: &[u8], labels: &[u8]) -> Result<(), Error> {
        self.check_images(images, labels.len())?;
        match labels
            .iter()
            .position(|&label| usize::from(label) >= self.classes)
        {
            None => Ok(()),
            Some(image) => Err(Error::Label {
                image,
                label: labels[image],
                classes: self.classes,
            }),
        }
    }

    fn check_images(self, images: &[u8], count: usize) -> Result<(), Error> {
        if count.checked_mul(self.pixels) == Some(images.len()) {
            return Ok(());
        }
        Err(Error::ImageSize {
            expected: self.pixels,
            images: count,
            bytes: images.len(),
        })
    }
}

/// One layer: weights `[classes, pixels]` and biases `[classes]`, integers in units of 1/255.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Perceptron {
    shape: Shape,
    /// Row by row; the lanes after the last pixel are zero and stay zero.
    chunks: Vec<i16x16>,
    biases: Vec<i32>,
}

impl Perceptron {
    /// The random start: the article's `(2·rand − 1) / 10` on the grid, uniform integers in
    /// −25…25, the weights row by row and then the biases, from ChaCha8 seeded with `seed`.
    ///
    /// The step from random bits to −25…25 is written out here, so that no release of a library
    /// can change it.
    pub fn random(shape: Shape, seed: u64) -> Self {
        let mut random_bits = ChaCha8Rng::seed_from_u64(seed);
        let mut value = move || ((u64::from(random_bits.next_u32()) * 51) >> 32) as i16 - 25;
        let mut network = Self::zero(shape);
        for class in 0..shape.classes {
            network.class_mut(class).0.fill_with(&mut value);
        }
        network.biases.fill_with(|| i32::from(value()));
        network
    }

    /// A network of the given weights, `[classes, pixels]` row by row, and biases, `[classes]`,
    /// both in units of 1/255.
    ///
    /// # Errors
    ///
    /// [`Error::Count`] and [`Error::Bias`].
    pub fn from_parts(shape: Shape, weights: &[i16], biases: &[i32]) -> Result<Self, Error> {
        let count = |what, expected, found| match expected == found {
            true => Ok(()),
            false => Err(Error::Count {
                what,
                expected,
                found,
            }),
        };
        count("weights", shape.classes * shape.pixels, weights.len())?;
        count("biases", shape.classes, biases.len())?;
        let in_range = -BIAS_LIMIT..=BIAS_LIMIT;
        if let Some(class) = biases.iter().position(|bias| !in_range.contains(bias)) {
            return Err(Error::Bias {
                class,
                bias: biases[class],
            });
        }
        let mut network = Self::zero(shape);
        for (class, row) in weights.chunks_exact(shape.pixels).enumerate() {
            network.class_mut(class).0.copy_from_slice(row);
        }
        network.biases.copy_from_slice(biases);
        Ok(network)
    }

    fn zero(shape: Shape) -> Self {
        Self {
            shape,
            chunks: vec![i16x16::ZERO; shape.classes * shape.chunks()],
            biases: vec![0; shape.classes],
        }
    }

    /// The network's shape.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// The weights of a class, `[pixels]`, in units of 1/255.
    ///
    /// # Panics
    ///
    /// If `class` is not a class of the network.
    pub fn weights(&self, class: usize) -> &[i16] {
        let chunks = self.shape.chunks();
        let row = &self.chunks[class * chunks..][..chunks];
        &bytemuck::must_cast_slice(row)[..self.shape.pixels]
    }

    /// All weights, `[classes, chunks]`, each row padded with zeros to whole chunks.
    pub(crate) fn chunks(&self) -> &[i16x16] {
        &self.chunks
    }

    /// The weights and the bias of a class, to be changed.
    pub(crate) fn class_mut(&mut self, class: usize) -> (&mut [i16], &mut i32) {
        let chunks = self.shape.chunks();
        let row = &mut self.chunks[class * chunks..][..chunks];
        let weights = &mut bytemuck::must_cast_slice_mut(row)[..self.shape.pixels];
        (weights, &mut self.biases[class])
    }

    /// The biases, `[classes]`, in units of 1/255.
    pub fn biases(&self) -> &[i32] {
        &self.biases
    }

    /// How many weights and biases stand at a limit, where the rule saturates.
    pub fn saturated(&self) -> usize {
        let at_limit = |&&weight: &&i16| weight == i16::MIN || weight == i16::MAX;
        let weights = (0..self.shape.classes).flat_map(|class| self.weights(class));
        let biases = self.biases.iter().filter(|bias| bias.abs() == BIAS_LIMIT);
        weights.filter(at_limit).count() + biases.count()
    }

    /// The score of each class for one image, `[classes]`, in units of 1/255²: before relu.
    ///
    /// # Errors
    ///
    /// [`Error::ImageSize`].
    pub fn scores(&self, image: &[u8], kernel: Kernel) -> Result<Vec<i64>, Error> {
        self.shape.check_images(image, 1)?;
        let mut scores = vec![0; self.shape.classes];
        kernel.scores(self, image, &mut scores);
        Ok(scores)
    }

    /// The output of each class for one image, `[classes]`, in units of 1/255²: after relu.
    ///
    /// # Errors
    ///
    /// [`Error::ImageSize`].
    pub fn outputs(&self, image: &[u8], kernel: Kernel) -> Result<Vec<i64>, Error> {
        Ok(self.scores(image, kernel)?.into_iter().map(relu).collect())
    }

    /// The class of one image: the first that has the largest output.
    ///
    /// # Errors
    ///
    /// [`Error::ImageSize`].
    pub fn predict(&self, image: &[u8], kernel: Kernel) -> Result<u8, Error> {
        Ok(predicted_class(&self.scores(image, kernel)?))
    }
}
