//! The size of images.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use image::GrayImage;
use mnist_idx::Dataset;
use serde::Serialize;

/// The size of an image, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Size {
    pub height: usize,
    pub width: usize,
}

impl Size {
    /// The number of pixels of an image.
    pub fn pixels(self) -> usize {
        self.height * self.width
    }
}

impl From<&Dataset> for Size {
    fn from(data: &Dataset) -> Self {
        let (height, width) = (data.height(), data.width());
        Self { height, width }
    }
}

impl From<&GrayImage> for Size {
    fn from(picture: &GrayImage) -> Self {
        let (width, height) = picture.dimensions();
        Self {
            height: height as usize,
            width: width as usize,
        }
    }
}

impl Display for Size {
    /// `28 × 28`.
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        write!(f, "{} × {}", self.height, self.width)
    }
}

impl FromStr for Size {
    type Err = &'static str;

    /// Reads `28x28`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let side = |text: &str| text.parse().ok().filter(|side| (1..=4096).contains(side));
        let sides = text.split_once('x');
        let sides = sides.and_then(|(height, width)| Some((side(height)?, side(width)?)));
        match sides {
            Some((height, width)) => Ok(Self { height, width }),
            None => Err("write HEIGHTxWIDTH in pixels, from 1 to 4096 each, such as 28x28"),
        }
    }
}
