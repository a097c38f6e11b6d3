//! How pictures are prepared for a network: so that they look like the images it was trained on.

use std::fmt;

use anyhow::Result;
use mnist_idx::Dataset;
use mnist_kernel::{Ink, Size, normalize};
use serde::{Deserialize, Serialize};

use super::size::size_of;

/// The size of MNIST's images.
pub const MNIST_SIZE: Size = Size {
    height: 28,
    width: 28,
};

/// How the images of a data set look, and so how pictures are prepared for a network that was
/// trained on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preparation {
    /// The grey level of paper.
    pub paper: u8,
    /// The grey level of full ink: below that of paper if ink is dark on light.
    pub ink: u8,
    #[serde(flatten)]
    pub form: Form,
}

/// Where the ink is in an image, and how large it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "form", rename_all = "snake_case")]
pub enum Form {
    /// The ink is normalized by its moments, in data sets and in pictures. Before that, the ink of
    /// the images reached from one border to the other, or not.
    Normalized { fills: bool },
    /// The ink is cut out and scaled so that its larger side has `side` pixels, and its centre lies
    /// at `at` (down and across, in 1/4 pixels, counted from the middle of the first pixel).
    Fitted {
        side: usize,
        centre: Centre,
        at: [i64; 2],
    },
    /// The ink is cut out and stretched to `size` pixels (height and width), with its corner at
    /// pixel `at` (down and across).
    Stretched { at: [usize; 2], size: [usize; 2] },
    /// Pictures are taken whole. If the images' background is plain, pictures of the other polarity
    /// are inverted.
    Resized { plain: bool },
}

/// What of the ink is in the middle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Centre {
    /// Its centre of mass.
    Mass,
    /// The middle of its bounding box.
    Box,
}

impl Form {
    /// The form of MNIST's images (LeCun, Bottou, Bengio, Haffner 1998, section III.A), which have
    /// 28 × 28 pixels: 20 pixels are the larger side, and the centre of mass is at pixel (14, 14).
    /// In images of another size, the same shares of it.
    pub fn mnist(size: Size) -> Self {
        let at = |side: usize| (58 * side as i64 - 56 + 14).div_euclid(28);
        Self::Fitted {
            side: ((20 * size.height.min(size.width) + 14) / 28).max(1),
            centre: Centre::Mass,
            at: [at(size.height), at(size.width)],
        }
    }
}

impl Preparation {
    /// Light ink on dark paper, as in MNIST.
    pub fn light(form: Form) -> Self {
        let (paper, ink) = (0, 255);
        Self { paper, ink, form }
    }

    /// What is likely for a network of this size if nothing was recorded: it was trained on MNIST.
    pub fn likely(size: Size) -> Option<Self> {
        (size == MNIST_SIZE).then(|| Self::light(Form::mnist(size)))
    }

    /// Whether images of this size can have this form.
    pub fn fits(self, size: Size) -> bool {
        let sides = [size.height, size.width];
        match self.form {
            Form::Fitted { side, at, .. } => {
                let within = |(at, side): (i64, usize)| (0..=4 * side as i64).contains(&at);
                (1..=sides[0].max(sides[1])).contains(&side)
                    && at.into_iter().zip(sides).all(within)
            }
            Form::Stretched { at, size } => (0..2).all(|axis| {
                (1..=sides[axis]).contains(&size[axis]) && at[axis] <= sides[axis] - size[axis]
            }),
            Form::Normalized { .. } | Form::Resized { .. } => true,
        }
    }

    /// Whether images are normalized before the network sees them.
    pub fn normalized(self) -> bool {
        matches!(self.form, Form::Normalized { .. })
    }

    /// Whether ink is dark on light.
    pub fn dark_ink(self) -> bool {
        self.ink < self.paper
    }

    /// How far the grey levels of paper and ink are apart.
    pub fn contrast(self) -> u8 {
        self.paper.abs_diff(self.ink)
    }

    /// By how much a pixel differs from paper towards ink.
    pub fn darkness(self, pixel: u8) -> u8 {
        match self.dark_ink() {
            true => self.paper.saturating_sub(pixel),
            false => pixel.saturating_sub(self.paper),
        }
    }

    /// The images of a split as the network takes them: normalized, if it takes normalized ones.
    pub fn apply(self, data: Dataset) -> Result<Dataset> {
        if !self.normalized() {
            return Ok(data);
        }
        let size = size_of(&data);
        let images = self.normalize(data.images(), size)?;
        Ok(data.with_images(size.height, size.width, images)?)
    }

    /// An image as the network takes it: normalized, if it takes normalized ones.
    pub fn seen(self, image: Vec<u8>, size: Size) -> Result<Vec<u8>> {
        match self.normalized() {
            true => self.normalize(&image, size),
            false => Ok(image),
        }
    }

    /// Images of this size, normalized in their size: light ink on 0.
    fn normalize(self, images: &[u8], size: Size) -> Result<Vec<u8>> {
        if self.paper == 0 {
            return Ok(normalize(images, size, Ink::Light, size)?);
        }
        let light: Vec<u8> = images.iter().map(|&pixel| self.darkness(pixel)).collect();
        Ok(normalize(&light, size, Ink::Light, size)?)
    }
}

/// What is done with pictures, and what the images look like, for a person.
impl fmt::Display for Preparation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.form {
            Form::Normalized { .. } => write!(f, "cut out and normalized")?,
            Form::Fitted { side, centre, .. } => {
                let kind = match self.form == Form::mnist(MNIST_SIZE) {
                    true => "as MNIST's:",
                    false => "cut out,",
                };
                let centre = match centre {
                    Centre::Mass => "mass",
                    Centre::Box => "bounding box",
                };
                write!(f, "{kind} {side} pixels, centred by {centre}")?;
            }
            Form::Stretched {
                size: [height, width],
                ..
            } => {
                let size = Size { height, width };
                write!(f, "cut out and stretched to {size} pixels")?;
            }
            Form::Resized { .. } => write!(f, "resized only")?,
        }
        let (darkest, lightest) = (self.paper.min(self.ink), self.paper.max(self.ink));
        let polarity = match self.form {
            Form::Resized { plain: false } => "pixels",
            _ if self.dark_ink() => "dark on light,",
            _ => "light on dark,",
        };
        write!(f, "; {polarity} {darkest}…{lightest}")
    }
}
