//! The gallery: the test images that the network read worst.

use anyhow::Result;
use image::Luma;
use mnist_idx::Dataset;
use mnist_kernel::{Error, Kernel, Perceptron, predicted_class, relu};
use rayon::prelude::*;

use super::sheet::Sheet;

/// At most so many images of one cell of the confusion matrix are shown.
const PER_CELL: usize = 24;

/// All images together have at most so many pixels: about half of the page.
const PIXELS: usize = 700_000;

/// So many of the worst mistakes are shown before a cell is chosen.
const AT_FIRST: usize = 48;

/// The images that the page carries: mistakes, worst first, and then right answers, nearest to a
/// mistake first.
pub struct Gallery {
    pub pictures: Vec<Picture>,
    pub sheet: Sheet,
    /// The `data:` address of the sheet.
    pub address: String,
}

/// A test image and what the network said of it.
pub struct Picture {
    /// Its number in the test set, from 0.
    pub image: usize,
    pub label: u8,
    pub predicted: u8,
    /// By how much the output of the predicted class is larger: than that of the true class, or
    /// for a right answer than that of the next; in units of 1/255².
    pub lead: i64,
    /// Whether it is shown before a cell is chosen.
    pub at_first: bool,
}

impl Picture {
    fn new(
        network: &Perceptron,
        test: &Dataset,
        image: usize,
        kernel: Kernel,
    ) -> Result<Self, Error> {
        let pixels = test.pixels();
        let scores = network.scores(&test.images()[image * pixels..][..pixels], kernel)?;
        let (label, predicted) = (test.labels()[image], predicted_class(&scores));
        let output = |class: u8| relu(scores[usize::from(class)]);
        let rival = match predicted == label {
            true => (0..=u8::MAX)
                .take(scores.len())
                .filter(|&class| class != label)
                .map(output)
                .max(),
            false => Some(output(label)),
        };
        Ok(Self {
            image,
            label,
            predicted,
            lead: output(predicted) - rival.expect("there are two classes"),
            at_first: false,
        })
    }

    pub fn right(&self) -> bool {
        self.label == self.predicted
    }

    /// The lead in full pixels.
    pub fn lead_in_pixels(&self) -> f64 {
        self.lead as f64 / (255.0 * 255.0)
    }
}

impl Gallery {
    /// Reads all test images, and keeps the worst of each cell of the confusion matrix.
    pub fn new(network: &Perceptron, test: &Dataset, kernel: Kernel) -> Result<Self> {
        let images = (0..test.len()).into_par_iter();
        let pictures = images.map(|image| Picture::new(network, test, image, kernel));
        let pictures = worst(
            pictures.collect::<Result<_, _>>()?,
            network.shape().classes(),
            PIXELS / test.pixels(),
        );
        let sheet = Sheet {
            images: pictures.len(),
            height: test.height(),
            width: test.width(),
        };
        let address = sheet.data_address(Luma([0]), |picture, pixel| {
            Luma([test.images()[pictures[picture].image * test.pixels() + pixel]])
        })?;
        Ok(Self {
            pictures,
            sheet,
            address,
        })
    }
}

/// The worst of each cell, at most `limit` in all: before any cell gets a second picture, each
/// gets its first.
fn worst(mut pictures: Vec<Picture>, classes: usize, limit: usize) -> Vec<Picture> {
    let order = |picture: &Picture| {
        (
            picture.right(),
            if picture.right() {
                picture.lead
            } else {
                -picture.lead
            },
            picture.image,
        )
    };
    pictures.sort_unstable_by_key(order);
    let mut counts = vec![0; classes * classes];
    let ranked = pictures.into_iter().map(|picture| {
        let rank =
            &mut counts[usize::from(picture.label) * classes + usize::from(picture.predicted)];
        *rank += 1;
        (*rank, picture)
    });
    let mut ranked: Vec<_> = ranked.filter(|(rank, _)| *rank <= PER_CELL).collect();
    // The sort is stable: within a rank the mistakes come first, and the worst first of all.
    ranked.sort_by_key(|(rank, _)| *rank);
    let mut kept: Vec<_> = ranked
        .into_iter()
        .take(limit)
        .map(|(_, picture)| picture)
        .collect();
    kept.sort_unstable_by_key(order);
    for picture in kept
        .iter_mut()
        .filter(|picture| !picture.right())
        .take(AT_FIRST)
    {
        picture.at_first = true;
    }
    kept
}
