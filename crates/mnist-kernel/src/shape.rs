//! What a network takes and gives: checked once, so that the loops need not.

use crate::Error;
use crate::layout::{GROUP, LANES};

/// How many classes a network tells apart, and of how many pixels its images are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    classes: usize,
    pixels: usize,
}

/// The most weights of a network, classes filled up to tens and pixels to sixteens: half a
/// gigabyte. So no file of large images makes a program ask for more memory than there is.
const MOST_WEIGHTS: usize = 1 << 28;

impl Shape {
    /// A shape of 2 to 256 `classes` and at least one pixel: `Shape::new(10, 784)` for MNIST.
    ///
    /// There may be 2²⁸ weights, classes counted in tens: 26 million pixels for up to ten classes.
    ///
    /// # Errors
    ///
    /// [`Error::Classes`] and [`Error::Pixels`].
    pub fn new(classes: usize, pixels: usize) -> Result<Self, Error> {
        if !(2..=256).contains(&classes) {
            return Err(Error::Classes { classes });
        }
        let weights = pixels
            .checked_next_multiple_of(LANES)
            .and_then(|padded| padded.checked_mul(classes.next_multiple_of(GROUP)));
        if pixels == 0 || weights.is_none_or(|weights| weights > MOST_WEIGHTS) {
            return Err(Error::Pixels { classes, pixels });
        }
        Ok(Self { classes, pixels })
    }

    /// The number of classes.
    pub fn classes(self) -> usize {
        self.classes
    }

    /// The number of pixels of an image.
    pub fn pixels(self) -> usize {
        self.pixels
    }

    /// Checks that `images` are as many images of this shape's size as there are `labels`, and
    /// that each label is a class.
    pub(crate) fn check(self, images: &[u8], labels: &[u8]) -> Result<(), Error> {
        self.check_images(images, labels.len())?;
        match labels
            .iter()
            .position(|&label| usize::from(label) >= self.classes)
        {
            None => Ok(()),
            Some(image) => Err(Error::Label {
                image,
                label: labels[image],
                classes: self.classes,
            }),
        }
    }

    /// Checks that `images` are `count` images of this shape's size.
    pub(crate) fn check_images(self, images: &[u8], count: usize) -> Result<(), Error> {
        if count.checked_mul(self.pixels) == Some(images.len()) {
            return Ok(());
        }
        Err(Error::ImageSize {
            expected: self.pixels,
            images: count,
            bytes: images.len(),
        })
    }
}
