//! Which data set is read, and how.

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use mnist_idx::{Dataset, Error, IdxFile, Split, SplitFiles};

use crate::terminal::{ADVANCED, warn};

/// Which data set is read, and how.
#[derive(Debug, Clone, Args)]
pub struct DataOptions {
    /// The folder of the data set's IDX files, raw or gzip
    #[arg(long, value_name = "DIR", env = "MNIST_DATA", default_value = "data")]
    pub data: PathBuf,
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
    #[arg(
        long,
        help_heading = ADVANCED,
        value_name = "true|false",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true"
    )]
    pub transpose: Option<bool>,
    /// Read the files into memory instead of mapping them, in case they change during the run
    #[arg(long, help_heading = ADVANCED)]
    pub no_mmap: bool,
}

impl DataOptions {
    /// Opens a split of the data set. `transposed` is what the model says of its training images,
    /// if there is a model; the option overrules it.
    pub fn open(&self, split: Split, transposed: bool) -> Result<Dataset> {
        let files = self.reading.find(&self.data, split)?;
        Ok(self.reading.open_split(&files, transposed)?)
    }
}

impl ReadingOptions {
    /// Finds the files of a split in a folder.
    pub fn find(&self, folder: &Path, split: Split) -> Result<SplitFiles> {
        let files = SplitFiles::find(folder, split, self.prefix.as_deref());
        files.map_err(|error| match error {
            Error::SeveralDataSets { .. } => anyhow!("{error}: choose one by --prefix"),
            Error::MissingFolder { .. } => anyhow!("{error}; --data or MNIST_DATA names another"),
            error => error.into(),
        })
    }

    /// Finds the files of the wanted split, or of both. If both are wanted and one is missing,
    /// it warns and finds the other.
    pub fn find_all(
        &self,
        folder: &Path,
        wanted: Option<Split>,
    ) -> Result<Vec<(Split, SplitFiles)>> {
        let wanted = wanted.map_or(vec![Split::Train, Split::Test], |split| vec![split]);
        let (mut found, mut missing) = (Vec::new(), Vec::new());
        for split in wanted {
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

    /// Opens the files of a split, as [`DataOptions::open`] does.
    pub fn open_split(&self, files: &SplitFiles, transposed: bool) -> Result<Dataset, Error> {
        let dataset = Dataset::new(self.open(&files.images)?, self.open(&files.labels)?)?;
        Ok(match self.transpose.unwrap_or(transposed) {
            true => dataset.transpose(),
            false => dataset,
        })
    }

    /// Opens one file.
    pub fn open(&self, path: &Path) -> Result<IdxFile, Error> {
        match self.no_mmap {
            true => IdxFile::read(path),
            false => map(path),
        }
    }
}

#[allow(unsafe_code)]
fn map(path: &Path) -> Result<IdxFile, Error> {
    // SAFETY: the user's data does not change while the program runs: our own commands only ever
    // replace such files by renaming, and for other programs `--help` names `--no-mmap`.
    unsafe { IdxFile::map(path) }
}

/// Reads `train` or `test` from the command line.
pub fn split_parser() -> impl TypedValueParser<Value = Split> {
    PossibleValuesParser::new(["train", "test"]).map(|name| match name.as_str() {
        "train" => Split::Train,
        _ => Split::Test,
    })
}

/// The name of a split on the command line, in folders and in JSON.
pub fn split_name(split: Split) -> &'static str {
    match split {
        Split::Train => "train",
        Split::Test => "test",
    }
}
