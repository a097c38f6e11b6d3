//! Which data set is read, and how.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use mnist_idx::{Dataset, Error, IdxFile, Split, SplitFiles};

use super::kind::{self, FileKind};
use super::split::{Files, labelled, split_name};
use super::{csv, npz, sample};
use crate::terminal::{ADVANCED, warn};

/// How many folders deep the files of a data set are looked for.
const LEVELS: usize = 2;

/// The most bytes of an `.npz` file.
const LARGEST_NPZ: u64 = 1 << 32;

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

/// A split that is not there. The other one may be.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Missing(String);

impl DataOptions {
    /// Opens a split of the data set. `transposed` is what the model says of its training images,
    /// if there is a model; the option overrules it.
    pub fn open(&self, split: Split, transposed: bool) -> Result<Dataset> {
        let data = labelled(self.files(split, true)?)?;
        Ok(self.reading.upright(data, transposed))
    }

    /// Opens a split as [`ReadingOptions::files`] does, or that of the sample.
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
    /// Opens a split: of a folder, or of a file that is in another form than IDX. IDX files of
    /// labels are opened only if `labelled`, and then they must be there.
    pub fn files(&self, data: &Path, split: Split, labelled: bool) -> Result<Files> {
        if !data.is_file() {
            return self.in_folder(data, split, labelled, LEVELS);
        }
        let path = match FileKind::of(data)? {
            FileKind::Csv => twin(data, split)?,
            _ => data.to_owned(),
        };
        match self.in_file(&path, split)? {
            Some(files) if !labelled || FileKind::of(data)? != FileKind::Idx => Ok(files),
            _ => bail!(
                "{}: expected the folder of the files of a data set",
                data.display()
            ),
        }
    }

    /// Opens a split in a folder: its IDX files, its CSV file, an `.npz` file; or if there is no
    /// such file, in the only folder below that has it.
    fn in_folder(
        &self,
        folder: &Path,
        split: Split,
        labelled: bool,
        levels: usize,
    ) -> Result<Files> {
        let prefix = self.prefix.as_deref();
        let found = match labelled {
            true => SplitFiles::find(folder, split, prefix)
                .map(|files| (files.images, Some(files.labels))),
            false => SplitFiles::find_images(folder, split, prefix).map(|images| (images, None)),
        };
        let error = match found {
            Ok((images, labels)) => {
                let labels = labels.map(|labels| self.open(&labels)).transpose()?;
                return Ok((self.open(&images)?, labels));
            }
            Err(error) => error,
        };
        let names = match &error {
            Error::MissingFile { found, .. } => found,
            Error::SeveralDataSets { .. } => bail!("{error}: choose one by --prefix"),
            Error::MissingFolder { .. } => bail!("{error}; --data or MNIST_DATA names another"),
            _ => return Err(error.into()),
        };
        let is_data = |name: &str| {
            let name = name.to_lowercase();
            let name = name.strip_suffix(".gz").unwrap_or(&name);
            [".csv", ".npz", "ubyte"]
                .iter()
                .any(|end| name.ends_with(end))
        };
        let mut files: Vec<PathBuf> = Vec::new();
        for name in names.iter().filter(|name| is_data(name)) {
            let is_split = name.contains(".npz") || name.contains(split_name(split));
            if is_split && name.starts_with(prefix.unwrap_or_default()) && !name.contains("ubyte") {
                files.push(folder.join(name));
            }
        }
        let mut found: Vec<Result<Files>> = Vec::new();
        if files.is_empty() && levels > 0 && !names.iter().any(|name| is_data(name)) {
            files = subfolders(folder)?;
        }
        // Only a folder that has the split is one of several.
        files.retain(|path| {
            let files = match path.is_dir() {
                true => self.in_folder(path, split, labelled, levels - 1),
                false => self.files(path, split, labelled),
            };
            let is_found = !files.as_ref().is_err_and(|error| error.is::<Missing>());
            found.extend(is_found.then_some(files));
            is_found
        });
        match found.len() {
            0 => Err(Missing(error.to_string()).into()),
            1 => found.swap_remove(0),
            _ => {
                let files: Vec<_> = files
                    .iter()
                    .map(|path| path.display().to_string())
                    .collect();
                let (folder, files) = (folder.display(), files.join(", "));
                bail!("{folder}: several data sets: name one of them by --data: {files}")
            }
        }
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

    /// Opens the images of a file and their labels, if it is a data file by what is in it. `split`
    /// is for a file that has both.
    pub fn in_file(&self, path: &Path, split: Split) -> Result<Option<Files>> {
        let name = || path.display().to_string();
        let kind = FileKind::of(path)?;
        let arrays = match kind {
            FileKind::Idx => return Ok(Some((self.open(path)?, None))),
            FileKind::Csv => kind::open(path).and_then(csv::read).with_context(name)?,
            FileKind::Npz => {
                let mut bytes = Vec::new();
                let arrays = kind::open(path).and_then(|file| {
                    file.take(LARGEST_NPZ).read_to_end(&mut bytes)?;
                    npz::read(&bytes, split)
                });
                arrays.with_context(name)?.ok_or_else(|| {
                    let (name, split) = (name(), split_name(split));
                    Missing(format!(
                        "{name}: no array x_{split} nor {split}_images in it"
                    ))
                })?
            }
            kind => return kind.error(path).map_or(Ok(None), Err),
        };
        let images = IdxFile::from_elements(path, &arrays.dimensions, arrays.pixels)?;
        let labels = arrays.labels;
        let labels = labels.map(|labels| IdxFile::from_elements(path, &[labels.len()], labels));
        Ok(Some((images, labels.transpose()?)))
    }

    /// Opens one IDX file.
    pub fn open(&self, path: &Path) -> Result<IdxFile> {
        let file = match self.no_mmap {
            true => IdxFile::read(path),
            false => map(path),
        };
        file.map_err(|error| {
            let known = FileKind::of(path).ok().and_then(|kind| kind.error(path));
            known.unwrap_or_else(|| error.into())
        })
    }
}

/// The CSV file of a split, given that of either: their names differ by train and test.
fn twin(path: &Path, split: Split) -> Result<PathBuf> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let (own, other) = match split {
        Split::Train => ("train", "test"),
        Split::Test => ("test", "train"),
    };
    if name.contains(own) || split == Split::Train && !name.contains(other) {
        return Ok(path.to_owned());
    }
    let twin = path.with_file_name(name.replace(other, own));
    match twin.is_file() && name.contains(other) {
        true => Ok(twin),
        false => Err(Missing(format!(
            "{}: no file of the {split} set: expected one beside it with {own} in its name in the \
             place of {other}",
            path.display()
        ))
        .into()),
    }
}

/// The folders in a folder, sorted by name, without those that systems leave there.
fn subfolders(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for entry in folder.read_dir()? {
        let entry = entry?;
        let name = entry.file_name();
        let is_hidden = name.as_encoded_bytes().starts_with(b".") || name == "__MACOSX";
        if !is_hidden && entry.path().is_dir() {
            folders.push(entry.path());
        }
    }
    folders.sort_unstable();
    Ok(folders)
}

#[allow(unsafe_code)]
fn map(path: &Path) -> Result<IdxFile, Error> {
    // SAFETY: the user's data does not change while the program runs: our own commands only ever
    // replace such files by renaming, and for other programs `--help` names `--no-mmap`.
    unsafe { IdxFile::map(path) }
}
