//! The scores: for each class the dot product of its weights with the image, and its bias.
//!
//! `score[k] = Σ_j weight[k][j] · pixel[j] + 255 · bias[k]`, in units of 1/255².

mod scalar;
mod simd;

use crate::Perceptron;
use crate::perceptron::ONE;

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

    /// Fills `scores`, which [`Perceptron::score_buffer`] has made, with the scores of an image
    /// whose size has been checked.
    #[inline]
    pub(crate) fn scores(self, network: &Perceptron, image: &[u8], scores: &mut [i64]) {
        for (score, &bias) in scores.iter_mut().zip(network.biases()) {
            *score = i64::from(ONE) * i64::from(bias);
        }
        match self {
            Self::Scalar => scalar::add_dot_products(network, image, scores),
            Self::Simd => simd::add_dot_products(network, image, scores),
        }
    }
}
