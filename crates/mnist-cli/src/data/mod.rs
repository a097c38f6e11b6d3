//! Data sets: which one is read and how, what its classes are called, what its files are.

mod arrays;
mod csv;
mod finding;
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
pub use measuring::{border_median, bounds, moments};
pub use names::{ClassNames, NAMES_FILE, class};
pub use preparation::{Centre, Form, MNIST_SIZE, Preparation};
pub use reading::{DataOptions, ReadingOptions};
pub use size::{SizeFields, parse_size, size_of};
pub use split::{Files, labelled, split_name, split_parser, with_any_labels};

use std::iter;
use std::ops::Range;
use std::path::Path;
use std::sync::OnceLock;

use anyhow::{Context, Result, anyhow, ensure};
use clap::Args;
use mnist_idx::{Dataset, Split};
use mnist_kernel::Shape;

use crate::terminal::{ADVANCED, usage, warn, whole};
use finding::Missing;
use look::Look;

/// What the network is evaluated on.
#[derive(Debug, Args)]
pub struct HoldoutOptions {
    /// Keep the last N training images out of training, and evaluate on them instead of on the
    /// test set
    #[arg(long, help_heading = ADVANCED, value_name = "N", value_parser = whole::<u64, 1>)]
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
    /// How the images were normalized, if they were; or what is measured of them once.
    preparation: OnceLock<Preparation>,
    /// What makes answers worthless.
    pub warnings: Vec<String>,
}

impl Data {
    /// Opens the training set, and the test set too unless the last `holdout` training images
    /// take its place. Normalizes both as the training images require, if that is wanted.
    pub fn open(options: &DataOptions, holdout: Option<u64>, normalize: bool) -> Result<Self> {
        let train = options.open(Split::Train, false)?;
        let (test, trained) = match holdout {
            None => (Some(open_test(options, &train)?), train.len()),
            Some(holdout) => (None, not_held_out(train.len(), holdout)?),
        };
        let learned = Look::new(&train, 0..trained);
        let answered = match &test {
            Some(test) => Look::new(test, 0..test.len()),
            None => Look::new(&train, trained..train.len()),
        };
        let (reading, images) = (&options.reading, train.images_path());
        let warnings = reading.warnings(images, false, &learned, &answered);
        let mut data = Self {
            names: None,
            train,
            test,
            trained,
            transposed: options.reading.transpose.unwrap_or(false),
            preparation: OnceLock::new(),
            warnings,
        };
        data.names = ClassNames::of_set(data.train.images_path(), data.classes())?;
        match normalize {
            true => data.normalize(),
            false => Ok(data),
        }
    }

    fn normalize(mut self) -> Result<Self> {
        let mut preparation = self.preparation();
        let fills = preparation.form.fills(size_of(&self.train));
        preparation.form = Form::Normalized { fills };
        self.train = preparation.apply(self.train)?;
        self.test = self.test.map(|test| preparation.apply(test)).transpose()?;
        self.preparation = preparation.into();
        Ok(self)
    }

    /// How pictures are prepared for a network that is trained on this data. It is measured when it
    /// is first asked for: after training, for then the images are in memory.
    pub fn preparation(&self) -> Preparation {
        let measure = || Preparation::of(self.training().0, size_of(&self.train));
        *self.preparation.get_or_init(measure)
    }

    /// The shape of a network for this data: a class for each name, or without names as many as
    /// the largest label of both splits requires.
    pub fn shape(&self) -> Result<Shape> {
        let named = self.names.as_ref().map_or(0, ClassNames::len);
        // Where all labels are 0, the network has a second class that never occurs.
        let classes = self.classes().max(named).max(2);
        let path = self.train.images_path().display();
        Shape::new(classes, self.train.pixels()).with_context(|| path.to_string())
    }

    /// The files that were opened.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        let splits = self.splits();
        splits.flat_map(|split| [split.images_path(), split.labels_path()])
    }

    /// The largest label of both splits + 1.
    fn classes(&self) -> usize {
        self.splits().map(Dataset::classes).max().unwrap_or(0)
    }

    fn splits(&self) -> impl Iterator<Item = &Dataset> {
        iter::once(&self.train).chain(&self.test)
    }

    /// The images and labels to train on.
    pub fn training(&self) -> (&[u8], &[u8]) {
        part_of(&self.train, 0..self.trained)
    }

    /// Prints the warnings.
    pub fn warn(&self) {
        self.warnings.iter().for_each(|warning| warn(warning));
    }

    /// The images and labels to evaluate on.
    pub fn evaluation(&self) -> (&[u8], &[u8]) {
        match &self.test {
            Some(test) => (test.images(), test.labels()),
            None => part_of(&self.train, self.trained..self.train.len()),
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

/// Some images of a data set, and their labels.
fn part_of(data: &Dataset, part: Range<usize>) -> (&[u8], &[u8]) {
    let pixels = part.start * data.pixels()..part.end * data.pixels();
    (&data.images()[pixels], &data.labels()[part])
}

/// Opens the test set of a training set: its images must be of the same size.
fn open_test(options: &DataOptions, train: &Dataset) -> Result<Dataset> {
    let test = options.open(Split::Test, false).map_err(|error| {
        if error.is::<Missing>() {
            return anyhow!("{error}; --holdout N evaluates on training images instead");
        }
        error
    })?;
    let [train_size, test_size] = [train, &test].map(size_of);
    ensure!(
        train_size == test_size,
        "{}: the images are {test_size} pixels, but those of {} are {train_size}: both must be of \
         one data set",
        test.images_path().display(),
        train.images_path().display(),
    );
    Ok(test)
}

/// How many of `all` training images are left without the last `holdout`.
fn not_held_out(all: usize, holdout: u64) -> Result<usize> {
    match (all as u64).checked_sub(holdout) {
        Some(left @ 1..) => Ok(left as usize),
        _ => usage!(
            "--holdout {holdout}: there are {all} training images, and at least one must be left to \
             train on"
        ),
    }
}
