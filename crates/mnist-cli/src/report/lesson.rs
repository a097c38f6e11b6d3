//! What the page's script trains on: the random start, and the first images of both splits.

use anyhow::Result;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use image::Luma;
use mnist_idx::Dataset;
use mnist_kernel::Perceptron;
use serde::Serialize;

use super::sheet::Sheet;
use super::weights;
use crate::data::size_of;
use crate::training::Rule;

/// At most so many training images are in the page,
const TRAIN_IMAGES: usize = 3000;

/// in at most so many bytes, together with the weights: the page has the random start, the finished
/// network, and pictures of both, which are about as large as a third.
const TRAIN_BYTES: usize = 740_000;

/// Of the test images, at most so many,
const TEST_IMAGES: usize = 300;

/// in at most so many bytes.
const TEST_BYTES: usize = 120_000;

/// A network with more weights than this has no lesson: the script would be slow.
const WEIGHTS: usize = 1 << 18;

/// Training as the script does it.
#[derive(Serialize)]
pub struct Lesson {
    start: Parameters,
    /// The margin of training, in full pixels.
    pub margin: u16,
    /// Whether training was for the average.
    average: bool,
    pub train: Images,
    pub test: Images,
}

impl Lesson {
    /// The lesson of a network that was trained from `start` by a rule, on such images as they
    /// are before they are normalized; `None` for a large one.
    pub fn new(
        start: &Perceptron,
        rule: &Rule,
        train: &Dataset,
        test: &Dataset,
    ) -> Result<Option<Self>> {
        let shape = start.shape();
        if shape.classes() * shape.pixels() > WEIGHTS {
            return Ok(None);
        }
        let start = Parameters::new(start);
        let train_bytes = TRAIN_BYTES.saturating_sub(3 * start.weights.len());
        Ok(Some(Self {
            start,
            margin: rule.updates.margin,
            average: rule.average,
            train: Images::new(train, TRAIN_IMAGES, train_bytes)?,
            test: Images::new(test, TEST_IMAGES, TEST_BYTES)?,
        }))
    }
}

/// The first images of a split.
#[derive(Serialize)]
pub struct Images {
    /// The `data:` address of the sheet.
    sheet: String,
    labels: Vec<u8>,
}

impl Images {
    /// As many images as fit.
    fn new(dataset: &Dataset, most: usize, most_bytes: usize) -> Result<Self> {
        let (mut images, mut labels): (Vec<_>, Vec<_>) = dataset.iter().take(most).unzip();
        loop {
            let sheet = Sheet::new(&images, size_of(dataset), |&pixel| Luma([pixel]))?.address;
            let count = images.len();
            if sheet.len() <= most_bytes || count <= 1 {
                return Ok(Self { sheet, labels });
            }
            // As many as there seems to be room for.
            images.truncate((count * most_bytes / sheet.len()).clamp(1, count - 1));
            labels.truncate(images.len());
        }
    }

    /// How many there are.
    pub fn len(&self) -> u64 {
        self.labels.len() as u64
    }
}

/// A network, whole.
#[derive(Serialize)]
pub struct Parameters {
    /// `[classes, pixels]`, i16 little-endian in base64, in units of 1/255.
    weights: String,
    /// `[classes]`, in units of 1/255.
    biases: Vec<i32>,
}

impl Parameters {
    /// Those of a network.
    pub fn new(network: &Perceptron) -> Self {
        let weights = weights::rows(network).into_iter().flatten();
        let weights: Vec<u8> = weights.flat_map(i16::to_le_bytes).collect();
        Self {
            weights: BASE64_STANDARD.encode(weights),
            biases: network.biases().to_vec(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_images_are_kept_as_there_is_room_for() {
        // Noise, which no compression makes smaller.
        let mut state = 1u32;
        let noise = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        });
        let noise: Vec<u8> = noise.take(100 * 9 * 9).collect();
        let dataset = Dataset::from_parts("noise", 9, 9, noise, vec![1; 100]).unwrap();
        let images = |most_bytes| Images::new(&dataset, 1000, most_bytes).unwrap();
        assert_eq!(images(100_000).len(), 100);
        let few = images(5000);
        assert!(few.sheet.len() <= 5000, "{} bytes", few.sheet.len());
        assert!((30..46).contains(&few.len()), "{} images", few.len());
        assert_eq!(images(1).len(), 1);
    }
}
