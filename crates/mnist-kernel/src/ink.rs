//! Whether the light or the dark pixels are ink.

use std::array;

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
        let Size { height, width } = size;
        let parts = images.par_chunks_exact(size.pixels()).with_min_len(128);
        let counts = parts.fold(
            || [0_u64; 256],
            |mut counts, image| {
                for (y, row) in image.chunks_exact(width).enumerate() {
                    let is_whole = y == 0 || y == height - 1;
                    // Between those rows only the first pixel and the last.
                    let step = if is_whole { 1 } else { (width - 1).max(1) };
                    let border = row.iter().step_by(step);
                    border.for_each(|&pixel| counts[usize::from(pixel)] += 1);
                }
                counts
            },
        );
        let add = |left: [u64; 256], right: [u64; 256]| array::from_fn(|at| left[at] + right[at]);
        let counts = counts.reduce(|| [0; 256], add);

        let all: u64 = counts.iter().sum();
        let mut below = 0;
        let is_median = |&count: &u64| {
            below += count;
            2 * below >= all
        };
        let background = counts.iter().position(is_median).unwrap_or(0) as u64;
        let sum: u64 = images.par_iter().map(|&pixel| u64::from(pixel)).sum();
        Ok(match sum >= background * images.len() as u64 {
            true => Self::Light,
            false => Self::Dark,
        })
    }
}
