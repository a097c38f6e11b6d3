//! The height and width of an image.

use std::fmt;

use crate::Error;

/// The height and width of an image, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Size {
    /// The number of rows.
    pub height: usize,
    /// The number of pixels in a row.
    pub width: usize,
}

impl Size {
    /// The number of pixels of an image; `usize::MAX` if it is larger than that.
    pub fn pixels(self) -> usize {
        self.height.saturating_mul(self.width)
    }

    /// How many images of this size the bytes are.
    pub(crate) fn count(self, images: &[u8]) -> Result<usize, Error> {
        match self.pixels() {
            0 => Err(Error::EmptySize { size: self }),
            pixels if images.len().is_multiple_of(pixels) => Ok(images.len() / pixels),
            _ => Err(Error::NotImages {
                size: self,
                bytes: images.len(),
            }),
        }
    }
}

/// Height first: `28 × 28`.
impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} × {}", self.height, self.width)
    }
}
