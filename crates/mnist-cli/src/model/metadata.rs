//! What is known of a network beside its weights.

use anyhow::{Result, ensure};
use serde::{Deserialize, Serialize};

use mnist_kernel::Size;

use crate::data::{ClassNames, Preparation};
use crate::terminal::plural;
use crate::training::Rule;

/// The unit of weights and biases.
const UNIT: &str = "1/255";

/// The version of the metadata that this program writes and reads.
const VERSION: u32 = 1;

/// What is known of a network beside its weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Metadata {
    /// The version of this metadata.
    format: u32,
    /// The unit of weights and biases.
    unit: String,
    /// The image's height in pixels.
    height: usize,
    /// The image's width in pixels.
    width: usize,
    /// Whether the training images were stored column by column, and transposed.
    pub transposed: bool,
    /// How pictures are prepared for the network, if that was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preparation: Option<Preparation>,
    /// What the classes are called, if they have names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class_names: Option<ClassNames>,
    /// How the network was trained; none if it was trained elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub training: Option<Rule>,
    /// An answer that leads by less, in units of 1/255², is unsure: as three quarters of the
    /// network's mistakes in its training images do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unsure_below: Option<i64>,
    /// If it was trained elsewhere: the factor by which that layer's numbers were multiplied
    /// before they were rounded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale: Option<f64>,
}

impl Metadata {
    /// The metadata of a network for images of this size.
    pub fn new(size: Size, transposed: bool) -> Self {
        Self {
            format: VERSION,
            unit: UNIT.to_owned(),
            height: size.height,
            width: size.width,
            transposed,
            preparation: None,
            class_names: None,
            training: None,
            unsure_below: None,
            scale: None,
        }
    }

    /// Whether the images are normalized before the network sees them.
    pub fn normalized(&self) -> bool {
        self.preparation.is_some_and(Preparation::normalized)
    }

    /// The size of the images that the network takes.
    pub fn size(&self) -> Size {
        let Self { height, width, .. } = *self;
        Size { height, width }
    }

    /// Whether an answer that leads by so much may well be wrong.
    pub fn is_unsure(&self, lead: i64) -> bool {
        self.unsure_below.is_some_and(|sure| lead < sure)
    }

    /// Checks that the metadata is of a network of `[classes, pixels]`, written by a version that
    /// this program reads.
    pub fn check(&self, classes: usize, pixels: usize) -> Result<()> {
        let Self { format, unit, .. } = self;
        ensure!(
            *format == VERSION,
            "its metadata has format {format}: this program reads format {VERSION}"
        );
        ensure!(
            unit == UNIT,
            "its metadata has the unit {unit:?}: this program reads {UNIT:?}"
        );
        ensure!(
            self.height.checked_mul(self.width) == Some(pixels),
            "its metadata says {} pixels, but \"weight\" has {pixels} a class",
            self.size()
        );
        ensure!(
            self.preparation.is_none_or(|known| known.fits(self.size())),
            "its metadata has a preparation that images of {} pixels can't have",
            self.size()
        );
        if let Some(names) = self.class_names.as_ref().map(ClassNames::len) {
            ensure!(
                names == classes,
                "its metadata has {}, but \"weight\" has {classes} classes",
                plural(names, "class name")
            );
        }
        Ok(())
    }
}
