//! Which data set is read, and how.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use clap::Args;
use mnist_idx::{Dataset, Error, IdxFile, Split};

use super::arrays::Arrays;
use super::finding::{Missing, Place, Wanted, name_of};
use super::kind::{self, FileKind};
use super::look::{self, Look};
use super::split::{Files, labelled, split_name};
use super::{csv, npz, sample};
use crate::terminal::{ADVANCED, warn};

/// The data set unless another is named.
const FOLDER: &str = "data";

/// Which data set is read, and how.
#[derive(Debug, Clone, Args)]
pub struct DataOptions {
    /// The data set: the folder of its IDX files; or a CSV file, with the other split beside it, such
    /// as mnist_train.csv and mnist_test.csv; or an .npz file with x_train, y_train, x_test and
    /// y_test. All of them raw or gzip [default: data, or a sample of MNIST inside the program where
    /// there is no such folder]
    #[arg(long, value_name = "DATA", env = "MNIST_DATA")]
    pub data: Option<PathBuf>,
    #[command(flatten)]
    pub reading: ReadingOptions,
}

/// How the files of a data set are found and read.
#[derive(Debug, Clone, Args)]
pub struct ReadingOptions {
    /// The data set to take where the folder holds several: how its file names begin
    #[arg(long, help_heading = ADVANCED, value_name = "NAME")]
    pub prefix: Option<String>,
    /// Transpose the images, for files that store them column by column, as EMNIST's do; a model
    /// remembers it
    #[arg(long, help_heading = ADVANCED, value_name = "true|false")]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub transpose: Option<bool>,
    /// Read the files into memory instead of mapping them, in case they change during the run
    #[arg(long, help_heading = ADVANCED)]
    pub no_mmap: bool,
}

impl DataOptions {
    /// Opens a split of the data set. `transposed` is what the model says of its training images,
    /// if there is a model; the option overrules it.
    pub fn open(&self, split: Split, transposed: bool) -> Result<Dataset> {
        let data = labelled(self.files(split, true)?)?;
        Ok(self.reading.upright(data, transposed))
    }

    /// The files of a split, as far as they are there: none of the sample.
    pub fn paths(&self, split: Split) -> impl Iterator<Item = PathBuf> {
        let found = self.reading.find(self.folder(), split, true).ok();
        let paths = found.map(|Place { images, labels }| [Some(images), labels]);
        paths.into_iter().flatten().flatten()
    }

    /// Opens a split of the data set or of the sample, IDX files of labels only if `labelled`.
    pub fn files(&self, split: Split, labelled: bool) -> Result<Files> {
        if self.is_sample() {
            let [images, labels] = sample::files(split)?;
            return Ok((images, Some(labels)));
        }
        self.reading.files(self.folder(), split, labelled)
    }

    /// Whether the embedded sample is read: no data set is named, and there is none in `data`.
    pub fn is_sample(&self) -> bool {
        let named = self.data.is_some() || self.reading.prefix.is_some();
        !named && !Path::new(FOLDER).exists()
    }

    /// The folder or the file that is read; [`SAMPLE`](sample::SAMPLE) if the sample is read.
    pub fn folder(&self) -> &Path {
        match &self.data {
            Some(folder) => folder,
            None if self.is_sample() => sample::SAMPLE.as_ref(),
            None => FOLDER.as_ref(),
        }
    }

    /// What is said beside every figure of the sample.
    pub fn remark(&self) -> &'static str {
        if self.is_sample() {
            ", embedded sample"
        } else {
            ""
        }
    }
}

impl ReadingOptions {
    /// Finds a split of a data set. IDX files of labels are looked for only if `labelled`, and then
    /// they must be there.
    fn find(&self, data: &Path, split: Split, labelled: bool) -> Result<Place> {
        let wanted = Wanted {
            split,
            labelled,
            prefix: self.prefix.as_deref(),
        };
        Place::find(data, wanted)
    }

    /// Finds a split as [`find`](Self::find) does, and opens it.
    fn files(&self, data: &Path, split: Split, labelled: bool) -> Result<Files> {
        let Place { images, labels } = self.find(data, split, labelled)?;
        if let Some(labels) = labels {
            return Ok((self.open(&images)?, Some(self.open(&labels)?)));
        }
        self.in_file(&images, split)?.ok_or_else(|| {
            FileKind::explained(&images).unwrap_or_else(|| {
                let path = images.display();
                anyhow!("{path}: expected the folder of a data set's files, a CSV or an .npz file")
            })
        })
    }

    /// Opens the wanted split, or both. If both are wanted and one is missing, it warns and opens
    /// the other.
    pub fn all(&self, data: &Path, wanted: Option<Split>) -> Result<Vec<(Split, Files)>> {
        let wanted = wanted.map_or(vec![Split::Train, Split::Test], |split| vec![split]);
        let (mut found, mut missing) = (Vec::new(), Vec::new());
        for split in wanted {
            match self.files(data, split, true) {
                Ok(files) => found.push((split, files)),
                Err(error) if error.is::<Missing>() => missing.push(error),
                Err(error) => return Err(error),
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

    /// The images, transposed if the options say so, or if they say nothing and `transposed` does.
    pub fn upright(&self, data: Dataset, transposed: bool) -> Dataset {
        match self.transpose.unwrap_or(transposed) {
            true => data.transpose(),
            false => data,
        }
    }

    /// The warnings of [`look::warnings`], after one where the images of this file lie on their side.
    /// `transposed` is what the model says.
    pub fn warnings(
        &self,
        images: &Path,
        transposed: bool,
        learned: &Look,
        answered: &Look,
    ) -> Vec<String> {
        let sideways = self.sideways(images, transposed).into_iter();
        let warnings = sideways.chain(look::warnings(learned, answered));
        warnings.take(look::MOST).collect()
    }

    /// A warning about images that are EMNIST's by the name of their file, and are taken as they are
    /// stored.
    fn sideways(&self, images: &Path, transposed: bool) -> Option<String> {
        let name = name_of(images).to_lowercase();
        let is_emnist = name.split(['-', '_', '.']).any(|word| word == "emnist");
        (is_emnist && !transposed && self.transpose.is_none()).then(|| {
            format!(
                "{}: EMNIST's images are stored column by column: --transpose turns them upright \
                 (--transpose=false if they already are)",
                images.display()
            )
        })
    }

    /// Opens the images of a file and their labels, if it is a data file by what is in it. `split`
    /// is for a file that has both.
    pub fn in_file(&self, path: &Path, split: Split) -> Result<Option<Files>> {
        let name = || path.display().to_string();
        let arrays = match FileKind::of(path)? {
            FileKind::Idx => return Ok(Some((self.open(path)?, None))),
            FileKind::Csv => kind::open(path).and_then(csv::read).with_context(name)?,
            FileKind::Npz => {
                let arrays = kind::open(path).and_then(|file| npz::read(file, split));
                let missing = || {
                    let (name, split) = (name(), split_name(split));
                    Missing(format!(
                        "{name}: no array x_{split} nor {split}_images in it"
                    ))
                };
                arrays.with_context(name)?.ok_or_else(missing)?
            }
            FileKind::Picture | FileKind::Unknown => return Ok(None),
            FileKind::NotRead(..) => return FileKind::explained(path).map_or(Ok(None), Err),
        };
        let Arrays {
            dimensions,
            pixels,
            labels,
        } = arrays;
        let images = IdxFile::from_elements(path, &dimensions, pixels)?;
        let labels = labels.map(|labels| IdxFile::from_elements(path, &[labels.len()], labels));
        Ok(Some((images, labels.transpose()?)))
    }

    /// Opens one IDX file.
    pub fn open(&self, path: &Path) -> Result<IdxFile> {
        let file = match self.no_mmap {
            true => IdxFile::read(path),
            false => map(path),
        };
        file.map_err(|error| FileKind::explained(path).unwrap_or_else(|| error.into()))
    }
}

#[allow(unsafe_code)]
fn map(path: &Path) -> Result<IdxFile, Error> {
    // SAFETY: the user's data does not change while the program runs: our own commands only ever
    // replace such files by renaming, and for other programs `--help` names `--no-mmap`.
    unsafe { IdxFile::map(path) }
}
