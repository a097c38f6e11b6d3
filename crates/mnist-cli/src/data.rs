//! Opening data sets.

use std::path::Path;

use anyhow::{Context, Result, anyhow, ensure};
use mnist_idx::{Dataset, Error, IdxFile, Split, SplitFiles};
use mnist_kernel::Shape;

use crate::arguments::{DataOptions, ReadingOptions, SplitName};
use crate::class_names::ClassNames;
use crate::failure::UsageError;
use crate::stdio::warn;

impl DataOptions {
    /// Opens one half of the data set. `transposed` is what the model says of its training
    /// images, if there is one; the option overrules it.
    pub fn open(&self, split: Split, transposed: bool) -> Result<Dataset> {
        let files = self.reading.find(&self.data, split)?;
        Ok(self.reading.open_split(&files, transposed)?)
    }
}

impl ReadingOptions {
    /// Finds the files of one half of the data set in a folder.
    pub fn find(&self, folder: &Path, split: Split) -> Result<SplitFiles> {
        let files = SplitFiles::find(folder, split, self.prefix.as_deref());
        files.map_err(|error| match error {
            Error::SeveralDataSets { .. } => anyhow!("{error}: choose one by --prefix"),
            Error::MissingFolder { .. } => anyhow!("{error}; --data or MNIST_DATA names another"),
            error => error.into(),
        })
    }

    /// Finds the files of the half that is wanted, or of both. Where both are wanted and only one
    /// is there, it is that one.
    pub fn find_all(
        &self,
        folder: &Path,
        wanted: Option<SplitName>,
    ) -> Result<Vec<(Split, SplitFiles)>> {
        let wanted = match wanted {
            None => &[Split::Train, Split::Test][..],
            Some(name) => &[name.split()],
        };
        let (mut found, mut missing) = (Vec::new(), Vec::new());
        for &split in wanted {
            match self.find(folder, split) {
                Ok(files) => found.push((split, files)),
                Err(error) => match error.downcast_ref() {
                    Some(Error::MissingFile { .. }) => missing.push(error),
                    _ => return Err(error),
                },
            }
        }
        if found.is_empty() {
            return Err(missing.swap_remove(0));
        }
        for error in missing {
            warn(&error.to_string());
        }
        Ok(found)
    }

    /// Opens the files of one half of a data set. `transposed` is what the model says of its
    /// training images, if there is one; the option overrules it.
    pub fn open_split(&self, files: &SplitFiles, transposed: bool) -> Result<Dataset, Error> {
        let dataset = Dataset::new(self.open(&files.images)?, self.open(&files.labels)?)?;
        Ok(match self.transpose.unwrap_or(transposed) {
            true => dataset.transpose(),
            false => dataset,
        })
    }

    /// Opens one file.
    pub fn open(&self, path: &Path) -> Result<IdxFile, Error> {
        if self.no_mmap {
            IdxFile::read(path)
        } else {
            map(path)
        }
    }
}

#[allow(unsafe_code)]
fn map(path: &Path) -> Result<IdxFile, Error> {
    // SAFETY: the user's data does not change while the program runs: our own commands only ever
    // replace such files by renaming, and for other programs `--help` names `--no-mmap`.
    unsafe { IdxFile::map(path) }
}

/// The data of a run: what to learn from, and what to be judged by.
pub struct Data {
    pub train: Dataset,
    /// Not opened when the evaluation is on held-out training images.
    pub test: Option<Dataset>,
    /// How many training images are learned from.
    pub trained: usize,
    /// What the classes are called, if they have names.
    pub names: Option<ClassNames>,
}

impl Data {
    /// Opens the training set, and the test set too unless the last `holdout` training images
    /// take its place.
    pub fn open(options: &DataOptions, holdout: Option<u64>) -> Result<Self> {
        let train = options.open(Split::Train, false)?;
        let Some(holdout) = holdout else {
            let test = options.open(Split::Test, false)?;
            ensure!(
                (train.height(), train.width()) == (test.height(), test.width()),
                "{}: the images are {} × {} pixels, but those of {} are {} × {}: both must be of \
                 one data set",
                test.images_path().display(),
                test.height(),
                test.width(),
                train.images_path().display(),
                train.height(),
                train.width()
            );
            let classes = train.classes().max(test.classes());
            return Ok(Self {
                trained: train.len(),
                names: ClassNames::read(&options.data, classes)?,
                train,
                test: Some(test),
            });
        };
        match (train.len() as u64).checked_sub(holdout) {
            None | Some(0) => Err(UsageError(format!(
                "--holdout {holdout}: there are {} training images, and at least one must be left \
                 to learn from",
                train.len()
            ))
            .into()),
            Some(trained) => Ok(Self {
                names: ClassNames::read(&options.data, train.classes())?,
                train,
                test: None,
                trained: trained as usize,
            }),
        }
    }

    /// As many classes as have a name; without names, as the largest label of either half says.
    pub fn shape(&self) -> Result<Shape> {
        let test_classes = self.test.as_ref().map_or(0, Dataset::classes);
        let named = self.names.as_ref().map_or(0, ClassNames::len);
        // Where all labels are 0, there still are two classes: one that is never seen.
        let classes = self.train.classes().max(test_classes).max(named).max(2);
        let path = self.train.images_path().display();
        Shape::new(classes, self.train.pixels()).with_context(|| path.to_string())
    }

    /// The files that were opened.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        let both = [Some(&self.train), self.test.as_ref()];
        let both = both.into_iter().flatten();
        both.flat_map(|half| [half.images_path(), half.labels_path()])
    }

    /// The images and labels to learn from.
    pub fn training(&self) -> (&[u8], &[u8]) {
        let images = &self.train.images()[..self.trained * self.train.pixels()];
        (images, &self.train.labels()[..self.trained])
    }

    /// What is to be said of the images to learn from, if anything.
    pub fn warning(&self) -> Option<String> {
        let (_, labels) = self.training();
        let path = self.train.labels_path().display();
        sorted_by_class(labels).then(|| format!("{path}: {SORTED_BY_CLASS}: {SHUFFLE}"))
    }

    /// The images and labels to be judged by.
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
        if self.test.is_some() {
            "test"
        } else {
            "held-out"
        }
    }
}

/// What is wrong with labels that are [`sorted_by_class`].
pub const SORTED_BY_CLASS: &str = "the labels come sorted by class, and a rule that learns from \
     image after image forgets the first classes over the last";

/// What is to be done about it.
pub const SHUFFLE: &str = "shuffle the images with their labels";

/// Whether the images of each class come one after the other, though there is another order.
pub fn sorted_by_class(labels: &[u8]) -> bool {
    let mut seen = [false; 256];
    for &label in labels {
        seen[usize::from(label)] = true;
    }
    let classes = seen.iter().filter(|&&seen| seen).count();
    let changes = labels.windows(2).filter(|pair| pair[0] != pair[1]).count();
    classes > 1 && changes + 1 == classes && labels.len() > classes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_sorted_if_each_class_comes_at_once_in_any_order() {
        for labels in [&[0, 0, 1][..], &[2, 2, 2, 0, 1], &[9, 9, 255, 255]] {
            assert!(sorted_by_class(labels), "{labels:?}");
        }
        for labels in [&[][..], &[4], &[4, 4, 4], &[0, 1, 2], &[0, 0, 1, 0]] {
            assert!(!sorted_by_class(labels), "{labels:?}");
        }
    }
}
