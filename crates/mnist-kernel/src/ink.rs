//! Whether the light or the dark pixels are ink.

use rayon::prelude::*;

use crate::{Error, Size};

/// Which pixels of a data set's images are ink: the light or the dark ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ink {
    /// Light ink on a dark background, as in MNIST.
    Light,
    /// Dark ink on a light background, as on paper.
    Dark,
}

impl Ink {
    /// Decides which pixels of a data set are ink, from its images `[n, height, width]`: ink is
    /// what the border is not.
    ///
    /// The background is the median of the pixels at the images' borders. Ink is light if the mean
    /// of all pixels is at least as light as the background, and dark otherwise.
    ///
    /// # Errors
    ///
    /// [`Error::EmptySize`] and [`Error::NotImages`].
    pub fn of(images: &[u8], size: Size) -> Result<Self, Error> {
        size.count(images)?;
        let add = |mut left: Levels, right: Levels| {
            left.sum += right.sum;
            left.pixels += right.pixels;
            for (left, right) in left.border.iter_mut().zip(right.border) {
                *left += right;
            }
            left
        };
        let levels = images
            .par_chunks_exact(size.pixels())
            .with_min_len(128)
            .fold(Levels::default, |mut levels, image| {
                levels.count(image, size);
                levels
            })
            .reduce(Levels::default, add);
        Ok(levels.ink())
    }
}

/// The grey levels of some images.
struct Levels {
    /// The sum of all pixels.
    sum: u64,
    pixels: u64,
    /// How many pixels of the border have each grey level.
    border: [u64; 256],
}

impl Default for Levels {
    fn default() -> Self {
        Self {
            sum: 0,
            pixels: 0,
            border: [0; 256],
        }
    }
}

impl Levels {
    fn count(&mut self, image: &[u8], size: Size) {
        self.pixels += image.len() as u64;
        self.sum += image.iter().map(|&pixel| u64::from(pixel)).sum::<u64>();
        let mut count = |pixel: u8| self.border[usize::from(pixel)] += 1;
        for (y, row) in image.chunks_exact(size.width).enumerate() {
            if y == 0 || y == size.height - 1 {
                row.iter().copied().for_each(&mut count);
            } else {
                count(row[0]);
                count(row[size.width - 1]);
            }
        }
    }

    fn ink(&self) -> Ink {
        let border: u64 = self.border.iter().sum();
        let mut below = 0;
        let is_median = |&count: &u64| {
            below += count;
            2 * below >= border
        };
        let background = self.border.iter().position(is_median).unwrap_or(0) as u64;
        if self.sum >= background * self.pixels {
            Ink::Light
        } else {
            Ink::Dark
        }
    }
}
