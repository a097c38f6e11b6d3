//! The size of images.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

/// The size of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    pub height: usize,
    pub width: usize,
}

impl Size {
    /// Pixels of an image.
    pub fn pixels(self) -> usize {
        self.height * self.width
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
