//! Data sets: which one is read and how, what its classes are called, what its files are.

mod arrays;
mod csv;
mod inspection;
mod kind;
pub mod look;
mod measuring;
mod names;
pub mod npy;
mod npz;
pub mod order;
mod preparation;
mod reading;
mod sample;
mod size;
mod split;

pub use inspection::{FileReport, ImageReport, SplitReport};
pub use kind::FileKind;
pub use measuring::border_median;
pub use names::{ClassNames, NAMES_FILE, class};
pub use preparation::{Centre, Form, Preparation};
pub use reading::{DataOptions, Missing, ReadingOptions};
pub use size::{SizeFields, parse_size, picture_size, size_of};
pub use split::{Files, labelled, split_name, split_parser, with_any_labels};

use std::path::Path;

use anyhow::{Context, Result, anyhow, ensure};
use clap::Args;
use mnist_idx::{Dataset, Split};
use mnist_kernel::Shape;

use crate::terminal::{ADVANCED, usage, warn, whole};
use look::Look;

/// What the network is evaluated on.
#[derive(Debug, Args)]
pub struct HoldoutOptions {
    /// Keep the last N training images out of training, and evaluate on them instead of on the
    /// test set
    #[arg(
        long,
        help_heading = ADVANCED,
        value_name = "N",
        allow_negative_numbers = true,
        value_parser = whole::<u64, 1>
    )]
    pub holdout: Option<u64>,
}

/// The data of a run: the images to train on and those to evaluate on.
pub struct Data {
    pub train: Dataset,
    /// Not opened when the evaluation is on held-out training images.
    pub test: Option<Dataset>,
    /// The number of training images that are not held out.
    pub trained: usize,
    /// What the classes are called, if they have names.
    pub names: Option<ClassNames>,
    /// Whether the images were transposed.
    pub transposed: bool,
    /// How the images were normalized, if they were.
    normalization: Option<Preparation>,
    /// What makes answers worthless.
    pub warnings: Vec<String>,
    /// What is said beside every figure: nothing, but of the embedded sample.
    pub remark: &'static str,
}

impl Data {
    /// Opens the training set, and the test set too unless the last `holdout` training images
    /// take its place. Normalizes both as the training images require, if that is wanted.
    pub fn open(options: &DataOptions, holdout: Option<u64>, normalize: bool) -> Result<Self> {
        let train = options.open(Split::Train, false)?;
        let mut trained = train.len();
        let test = match holdout {
            None => {
                Some(options.open(Split::Test, false).map_err(
                    |error| match error.is::<Missing>() {
                        true => {
                            anyhow!("{error}; --holdout N evaluates on training images instead")
                        }
                        false => error,
                    },
                )?)
            }
            Some(holdout) => {
                trained = match usize::try_from(holdout) {
                    Ok(holdout) if holdout < trained => trained - holdout,
                    _ => usage!(
                        "--holdout {holdout}: there are {trained} training images, and at least \
                         one must be left to train on"
                    ),
                };
                None
            }
        };
        if let Some(test) = &test {
            let [train_size, test_size] = [&train, test].map(size_of);
            ensure!(
                train_size == test_size,
                "{}: the images are {test_size} pixels, but those of {} are {train_size}: both \
                 must be of one data set",
                test.images_path().display(),
                train.images_path().display(),
            );
        }
        let classes = train
            .classes()
            .max(test.as_ref().map_or(0, Dataset::classes));
        let learned = Look::new(&train, 0..trained);
        let answered = match &test {
            Some(test) => Look::new(test, 0..test.len()),
            None => Look::new(&train, trained..train.len()),
        };
        let mut data = Self {
            names: ClassNames::of_set(train.images_path(), classes)?,
            train,
            test,
            trained,
            transposed: options.reading.transpose.unwrap_or(false),
            normalization: None,
            warnings: look::warnings(&learned, &answered),
            remark: options.remark(),
        };
        if normalize {
            let mut preparation = data.preparation();
            let fills = preparation.form.fills(size_of(&data.train));
            preparation.form = Form::Normalized { fills };
            data.train = preparation.apply(data.train)?;
            data.test = data.test.map(|test| preparation.apply(test)).transpose()?;
            data.normalization = Some(preparation);
        }
        Ok(data)
    }

    /// How pictures are prepared for a network that is trained on this data. It is measured here: after
    /// training, for then the images are in memory.
    pub fn preparation(&self) -> Preparation {
        let measure = || Preparation::of(self.training().0, size_of(&self.train));
        self.normalization.unwrap_or_else(measure)
    }

    /// The shape of a network for this data: a class for each name, or without names as many as
    /// the largest label of both splits requires.
    pub fn shape(&self) -> Result<Shape> {
        let test_classes = self.test.as_ref().map_or(0, Dataset::classes);
        let named = self.names.as_ref().map_or(0, ClassNames::len);
        // Where all labels are 0, the network has a second class that never occurs.
        let classes = self.train.classes().max(test_classes).max(named).max(2);
        let path = self.train.images_path().display();
        Shape::new(classes, self.train.pixels()).with_context(|| path.to_string())
    }

    /// The files that were opened.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        let both = [Some(&self.train), self.test.as_ref()];
        let both = both.into_iter().flatten();
        both.flat_map(|split| [split.images_path(), split.labels_path()])
    }

    /// The images and labels to train on.
    pub fn training(&self) -> (&[u8], &[u8]) {
        let images = &self.train.images()[..self.trained * self.train.pixels()];
        (images, &self.train.labels()[..self.trained])
    }

    /// Prints the warnings.
    pub fn warn(&self) {
        self.warnings.iter().for_each(|warning| warn(warning));
    }

    /// The images and labels to evaluate on.
    pub fn evaluation(&self) -> (&[u8], &[u8]) {
        match &self.test {
            Some(test) => (test.images(), test.labels()),
            None => {
                let images = &self.train.images()[self.trained * self.train.pixels()..];
                (images, &self.train.labels()[self.trained..])
            }
        }
    }

    /// Which images those are, for a person.
    pub fn evaluated_on(&self) -> &'static str {
        match self.test {
            Some(_) => "test",
            None => "held-out",
        }
    }
}
