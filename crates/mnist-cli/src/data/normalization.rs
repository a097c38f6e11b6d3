//! The normalisation of a data set's images, decided once from its training images.

use anyhow::Result;
use mnist_idx::Dataset;
use mnist_kernel::{Ink, Size, normalize};
use serde::{Deserialize, Serialize};

use super::size::size_of;

/// How a data set's images are normalized: what is decided from its training images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Normalization {
    /// Whether the ink is dark on light, and not light on dark as MNIST's.
    pub dark_ink: bool,
}

impl Normalization {
    /// Decides from training images, `[count, height, width]`.
    pub fn of(images: &[u8], size: Size) -> Result<Self> {
        Ok(Self {
            dark_ink: Ink::of(images, size)? == Ink::Dark,
        })
    }

    /// Normalizes the images of a split, in their size.
    pub fn apply(self, data: Dataset) -> Result<Dataset> {
        let size = size_of(&data);
        let ink = if self.dark_ink { Ink::Dark } else { Ink::Light };
        let images = normalize(data.images(), size, ink, size)?;
        Ok(data.with_images(size.height, size.width, images)?)
    }
}
