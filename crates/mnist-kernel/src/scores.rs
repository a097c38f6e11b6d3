//! The scores: for each class the dot product of its weights with the image, and its bias.
//!
//! `score[k] = Σ_j weight[k][j] · pixel[j] + 255 · bias[k]`, in units of 1/255².

mod scalar;
mod simd;

use crate::Perceptron;
use crate::perceptron::ONE;
use crate::rows::{GROUP, LANES};

/// How the dot products are computed. All kernels give the same scores, bit for bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kernel {
    /// The plain loop: the definition, and the oracle of the other kernels.
    Scalar,
    /// SIMD lanes, of whatever width the build's target has.
    Simd,
}

impl Kernel {
    /// Every kernel.
    pub const ALL: [Self; 2] = [Self::Scalar, Self::Simd];

    /// The scores of a group of classes, as [`Rows`](crate::rows::Rows) has them, for an image in
    /// chunks.
    #[inline(always)]
    pub(crate) fn group_scores(
        self,
        network: &Perceptron,
        group: usize,
        image: &[[u8; LANES]],
    ) -> [i64; GROUP] {
        let biases = network.bias_group(group);
        let mut scores = biases.map(|bias| i64::from(ONE) * i64::from(bias));
        let weights = network.rows().group(group);
        match self {
            Self::Scalar => scalar::add_dot_products(weights, image, &mut scores),
            Self::Simd => simd::add_dot_products(weights, image, &mut scores),
        }
        scores
    }
}
