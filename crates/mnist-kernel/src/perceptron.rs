//! The network: a row of weights and a bias for each class.

use std::iter;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use wide::i16x16;

use crate::rows::{self, GROUP, LANES, Rows};
use crate::{Error, Kernel, Shape, predicted_class, relu};

/// 1.0 in the unit of pixels, weights and biases: all of them are counted in 1/255.
pub const ONE: i32 = 255;

/// Biases stay within ±2²⁴ (in 1/255), which `f32` holds exactly.
pub const BIAS_LIMIT: i32 = 1 << 24;

/// One layer: weights `[classes, pixels]` and biases `[classes]`, integers in units of 1/255.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Perceptron {
    shape: Shape,
    weights: Rows<i16x16>,
    /// `[groups, GROUP]`, zeros after the last class.
    biases: Vec<[i32; GROUP]>,
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
        for class in 0..shape.classes() {
            network.set_weights(class, iter::repeat_with(&mut value));
        }
        network.biases_mut().fill_with(|| i32::from(value()));
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
        count("weights", shape.classes() * shape.pixels(), weights.len())?;
        count("biases", shape.classes(), biases.len())?;
        let in_range = -BIAS_LIMIT..=BIAS_LIMIT;
        if let Some(class) = biases.iter().position(|bias| !in_range.contains(bias)) {
            return Err(Error::Bias {
                class,
                bias: biases[class],
            });
        }
        let mut network = Self::zero(shape);
        for (class, row) in weights.chunks_exact(shape.pixels()).enumerate() {
            network.set_weights(class, row.iter().copied());
        }
        network.biases_mut().copy_from_slice(biases);
        Ok(network)
    }

    fn zero(shape: Shape) -> Self {
        Self {
            shape,
            weights: Rows::zero(shape),
            biases: vec![[0; GROUP]; shape.classes().div_ceil(GROUP)],
        }
    }

    /// The network's shape.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// A copy of the weights of a class, `[pixels]`, in units of 1/255.
    ///
    /// # Panics
    ///
    /// If `class` is not a class of the network.
    pub fn weights(&self, class: usize) -> Vec<i16> {
        assert!(
            class < self.shape.classes(),
            "{class} is not a class of the network"
        );
        let lanes = self.weights.row(class).flat_map(|chunk| chunk.to_array());
        lanes.take(self.shape.pixels()).collect()
    }

    /// The biases, `[classes]`, in units of 1/255.
    pub fn biases(&self) -> &[i32] {
        &self.biases.as_flattened()[..self.shape.classes()]
    }

    fn biases_mut(&mut self) -> &mut [i32] {
        &mut self.biases.as_flattened_mut()[..self.shape.classes()]
    }

    fn set_weights(&mut self, class: usize, weights: impl Iterator<Item = i16>) {
        let lanes = self
            .weights
            .row_mut(class)
            .flat_map(|chunk| chunk.as_mut_array());
        // The lanes come first: `zip` must not take a random value that it has no lane for.
        for (lane, weight) in lanes.take(self.shape.pixels()).zip(weights) {
            *lane = weight;
        }
    }

    /// The weights as they are laid out for the kernels.
    pub(crate) fn rows(&self) -> &Rows<i16x16> {
        &self.weights
    }

    /// The biases of a group of classes.
    pub(crate) fn bias_group(&self, group: usize) -> &[i32; GROUP] {
        &self.biases[group]
    }

    /// The weights and biases, to be changed.
    pub(crate) fn parts_mut(&mut self) -> (&mut Rows<i16x16>, &mut [i32]) {
        (&mut self.weights, self.biases.as_flattened_mut())
    }

    /// How many weights and biases stand at a limit, where the rule saturates.
    pub fn saturated(&self) -> usize {
        let weights = self.weights.all().flat_map(|chunk| chunk.to_array());
        let weights = weights.filter(|&weight| weight == i16::MIN || weight == i16::MAX);
        let biases = self.biases().iter().filter(|bias| bias.abs() == BIAS_LIMIT);
        weights.count() + biases.count()
    }

    /// Groups of classes, as [`Rows`] has them.
    pub(crate) fn groups(&self) -> usize {
        self.biases.len()
    }

    /// Room for an image in chunks: see [`rows::chunks`].
    pub(crate) fn image_buffer(&self) -> Vec<[u8; LANES]> {
        vec![[0; LANES]; self.shape.pixels().div_ceil(LANES)]
    }

    /// The score of each class for one image, `[classes]`, in units of 1/255²: before relu.
    ///
    /// # Errors
    ///
    /// [`Error::ImageSize`].
    pub fn scores(&self, image: &[u8], kernel: Kernel) -> Result<Vec<i64>, Error> {
        self.shape.check_images(image, 1)?;
        let mut padded = self.image_buffer();
        let image = rows::chunks(image, &mut padded);
        let groups = 0..self.groups();
        let scores = groups.flat_map(|group| kernel.group_scores(self, group, image));
        Ok(scores.take(self.shape.classes()).collect())
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
