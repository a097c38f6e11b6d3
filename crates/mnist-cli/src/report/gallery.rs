//! The gallery: the test images that the network read worst.

use anyhow::Result;
use image::Luma;
use mnist_idx::Dataset;
use mnist_kernel::{Kernel, Perceptron, predict_all};

use super::sheet::Sheet;
use crate::data::size_of;

/// At most so many images of one cell of the confusion matrix are shown.
const PER_CELL: usize = 24;

/// All cells together have at most so many images,
const IMAGES: usize = 600;

/// and these have at most so many pixels: some 600 KB, whatever they show.
const PIXELS: usize = 500_000;

/// So many of the worst mistakes are shown before a cell is chosen; without any, so many of the
/// right answers.
const AT_FIRST: usize = 48;

/// The images that the page carries: mistakes, worst first, and then right answers, nearest to a
/// mistake first.
pub struct Gallery {
    pub pictures: Vec<Picture>,
    pub sheet: Sheet,
}

/// A test image and what the network said of it.
pub struct Picture {
    /// Its number in the test set, from 0.
    pub image: usize,
    pub label: u8,
    pub predicted: u8,
    /// By how much the score of the predicted class is larger than the largest of the others, in
    /// units of 1/255².
    pub lead: i64,
}

impl Picture {
    /// Whether the predicted class is the true one.
    pub fn right(&self) -> bool {
        self.label == self.predicted
    }

    /// Mistakes come first, and the worst first of all; then what was nearly a mistake.
    fn order(&self) -> (bool, i64, usize) {
        let lead = if self.right() { self.lead } else { -self.lead };
        (self.right(), lead, self.image)
    }
}

impl Gallery {
    /// Reads all test images, and keeps the worst of each cell of the confusion matrix. `raw` is
    /// the test set as it is shown, `prepared` as the network takes it.
    pub fn new(
        network: &Perceptron,
        raw: &Dataset,
        prepared: &Dataset,
        kernel: Kernel,
    ) -> Result<Self> {
        let predictions = predict_all(network, prepared.images(), kernel)?;
        let pictures = predictions.iter().zip(raw.labels()).enumerate();
        let pictures = pictures.map(|(image, (prediction, &label))| Picture {
            image,
            label,
            predicted: prediction.class,
            lead: prediction.lead,
        });
        let limit = IMAGES.min(PIXELS / raw.pixels());
        let pictures = worst(pictures.collect(), network.shape().classes(), limit);
        let images = pictures
            .iter()
            .filter_map(|picture| raw.image(picture.image));
        let images: Vec<&[u8]> = images.collect();
        let sheet = Sheet::new(&images, size_of(raw), |&pixel| Luma([pixel]))?;
        Ok(Self { pictures, sheet })
    }
}

/// Whether a picture of a gallery is shown before a cell is chosen.
pub fn is_at_first(pictures: &[Picture], number: &usize) -> bool {
    *number < AT_FIRST && pictures[*number].right() == pictures[0].right()
}

/// The first of each cell, at most `limit` in all: before any cell gets a second picture, each
/// gets its first.
fn worst(mut pictures: Vec<Picture>, classes: usize, limit: usize) -> Vec<Picture> {
    pictures.sort_unstable_by_key(Picture::order);
    let mut counts = vec![0; classes * classes];
    let rank = |picture: Picture| {
        let cell = usize::from(picture.label) * classes + usize::from(picture.predicted);
        counts[cell] += 1;
        (counts[cell], picture)
    };
    let mut ranked: Vec<_> = pictures.into_iter().map(rank).collect();
    ranked.retain(|(rank, _)| *rank <= PER_CELL);
    // The sort is stable: within a rank the worst still comes first.
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.truncate(limit);
    let mut kept: Vec<_> = ranked.into_iter().map(|(_, picture)| picture).collect();
    kept.sort_unstable_by_key(Picture::order);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(image: usize, label: u8, predicted: u8, lead: i64) -> Picture {
        Picture {
            image,
            label,
            predicted,
            lead,
        }
    }

    /// Images of the pictures that are kept of ten of cell (0, 1), two of (1, 0), two of (1, 1).
    fn kept(limit: usize) -> Vec<usize> {
        let many = (0..10).map(|image| picture(image, 0, 1, 100 + image as i64));
        let few = [
            picture(10, 1, 0, 5),
            picture(11, 1, 0, 6),
            picture(12, 1, 1, 8),
            picture(13, 1, 1, 7),
        ];
        let kept = worst(many.chain(few).collect(), 2, limit);
        for (number, picture) in kept.iter().enumerate() {
            assert_ne!(is_at_first(&kept, &number), picture.right());
        }
        kept.iter().map(|picture| picture.image).collect()
    }

    #[test]
    fn mistakes_come_first_and_the_worst_first_of_all() {
        let all = [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 11, 10, 13, 12];
        assert_eq!(kept(100), all);
    }

    #[test]
    fn each_cell_gets_its_first_before_any_gets_a_second() {
        assert_eq!(kept(3), [9, 11, 13]);
        assert_eq!(kept(7), [9, 8, 7, 11, 10, 13, 12]);
        assert_eq!(kept(0), [0; 0]);
    }

    #[test]
    fn a_cell_keeps_no_more_than_its_share() {
        let pictures = (0..100).map(|image| picture(image, 0, 1, image as i64));
        let kept = worst(pictures.collect(), 2, 1000);
        assert_eq!(kept.len(), PER_CELL);
        assert_eq!(kept[PER_CELL - 1].image, 100 - PER_CELL);
    }
}
