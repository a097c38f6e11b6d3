//! The network: a row of weights and a bias for each class.

use std::iter;

use rand::rngs::ChaCha8Rng;
use rand::{Rng, SeedableRng};

use crate::kernels::Task;
use crate::layout::{GROUP, LANES, Layer, MOST_GROUPS};
use crate::{Error, Kernel, Prediction, Shape, relu};

/// 1.0 in the unit of pixels, weights and biases: all of them are counted in 1/255.
pub const ONE: i32 = 255;

/// Biases stay within ±2²⁴ (in 1/255), which `f32` holds exactly.
pub const BIAS_LIMIT: i32 = 1 << 24;

/// One layer: weights `[classes, pixels]` and biases `[classes]`, integers in units of 1/255.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Perceptron {
    shape: Shape,
    layer: Layer<i16, i32>,
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
            layer: Layer::zero(shape),
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
        let lanes = self.layer.row(class).flatten();
        lanes.take(self.shape.pixels()).copied().collect()
    }

    /// The biases, `[classes]`, in units of 1/255.
    pub fn biases(&self) -> &[i32] {
        &self.layer.biases()[..self.shape.classes()]
    }

    fn biases_mut(&mut self) -> &mut [i32] {
        &mut self.layer.biases_mut()[..self.shape.classes()]
    }

    fn set_weights(&mut self, class: usize, weights: impl Iterator<Item = i16>) {
        let row = self.layer.find(class);
        for (pixel, weight) in (0..self.shape.pixels()).zip(weights) {
            row.chunk_mut(self.layer.chunks_mut(), pixel / LANES)[pixel % LANES] = weight;
        }
    }

    /// The weights and biases as the kernels read them.
    #[inline(always)]
    pub(crate) fn layer(&self) -> &Layer<i16, i32> {
        &self.layer
    }

    /// The weights and biases, to be changed.
    #[inline(always)]
    pub(crate) fn layer_mut(&mut self) -> &mut Layer<i16, i32> {
        &mut self.layer
    }

    /// The network as bytes, of which equal networks have equal ones: classes and pixels (`u32`),
    /// weights (`i16`) row by row, biases (`i32`), all little-endian. A hash of them is a
    /// fingerprint of the network.
    pub fn canonical_bytes(&self) -> Vec<u8> {
        let sizes = [self.shape.classes(), self.shape.pixels()];
        // There are at most 2²⁸ weights.
        let mut bytes: Vec<u8> = sizes.map(|size| (size as u32).to_le_bytes()).concat();
        for class in 0..self.shape.classes() {
            let row = self.layer.row(class).flatten().take(self.shape.pixels());
            bytes.extend(row.flat_map(|weight| weight.to_le_bytes()));
        }
        bytes.extend(self.biases().iter().flat_map(|bias| bias.to_le_bytes()));
        bytes
    }

    /// How many weights and biases stand at a limit, where the rule saturates.
    pub fn saturated(&self) -> usize {
        let weights = self.layer.weights().flatten();
        let weights = weights.filter(|&&weight| weight == i16::MIN || weight == i16::MAX);
        let biases = self.biases().iter().filter(|bias| bias.abs() == BIAS_LIMIT);
        weights.count() + biases.count()
    }

    /// The score of each class for one image, `[classes]`, in units of 1/255²: before relu.
    ///
    /// # Errors
    ///
    /// [`Error::ImageSize`].
    pub fn scores(&self, image: &[u8], kernel: Kernel) -> Result<Vec<i64>, Error> {
        self.with_scores(image, kernel, <[i64]>::to_vec)
    }

    /// The output of each class for one image, `[classes]`, in units of 1/255²: after relu.
    ///
    /// # Errors
    ///
    /// [`Error::ImageSize`].
    pub fn outputs(&self, image: &[u8], kernel: Kernel) -> Result<Vec<i64>, Error> {
        Ok(self.scores(image, kernel)?.into_iter().map(relu).collect())
    }

    /// The prediction of one image: its class, and by how much.
    ///
    /// # Errors
    ///
    /// [`Error::ImageSize`].
    pub fn predict(&self, image: &[u8], kernel: Kernel) -> Result<Prediction, Error> {
        self.with_scores(image, kernel, Prediction::of)
    }

    /// What a function makes of the scores, which allocates nothing itself.
    fn with_scores<T>(
        &self,
        image: &[u8],
        kernel: Kernel,
        function: impl FnOnce(&[i64]) -> T,
    ) -> Result<T, Error> {
        self.shape.check_images(image, 1)?;
        let mut scores = [[0; GROUP]; MOST_GROUPS];
        kernel.run(Task::Score {
            network: self,
            image,
            scores: &mut scores,
        });
        Ok(function(&scores.as_flattened()[..self.shape.classes()]))
    }
}
