//! Where a split of a data set is: in two IDX files, or in one file of another form.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use mnist_idx::{Error, Split, SplitFiles};

use super::kind::FileKind;
use crate::files::list;

/// How many folders deep the files of a data set are looked for.
const LEVELS: usize = 3;

/// The file of a split's images. It has their labels, too, unless they are in a file of their own.
pub struct Place {
    pub images: PathBuf,
    pub labels: Option<PathBuf>,
}

/// A split that is not there. The other one may be.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Missing(pub String);

/// What is looked for.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    pub split: Split,
    /// Whether IDX files of images must have a file of labels.
    pub labelled: bool,
    /// How the names of the files begin, if that is given.
    pub prefix: Option<&'a str>,
}

impl Place {
    /// Finds a split of the data set that a file or a folder is.
    pub fn find(data: &Path, wanted: Wanted) -> Result<Self> {
        if !data.is_file() {
            return Self::in_folder(data, wanted, LEVELS);
        }
        match FileKind::of(data)? {
            FileKind::Csv => csv_of(data, wanted.split).map(Self::file),
            FileKind::Idx if wanted.labelled => bail!(
                "{}: one file of a data set: expected the folder of all its files",
                data.display()
            ),
            // Both splits are in it, or else opening it fails.
            _ => Ok(Self::file(data.to_owned())),
        }
    }

    /// Finds a split in a folder: its IDX files, its CSV file, an `.npz` file; or if the folder has
    /// no such files, in the only folder below that has the split.
    fn in_folder(folder: &Path, wanted: Wanted, levels: usize) -> Result<Self> {
        let error = match Self::idx_files(folder, wanted) {
            Ok(place) => return Ok(place),
            Err(error @ Error::MissingFile { .. }) => error,
            Err(error @ Error::SeveralDataSets { .. }) => bail!("{error}: choose one by --prefix"),
            Err(error @ Error::MissingFolder { .. }) => {
                bail!("{error}; --data or MNIST_DATA names another")
            }
            Err(error) => return Err(error.into()),
        };
        let [files, folders] = entries(folder)?;
        let mut found: Vec<(PathBuf, Self)> = Vec::new();
        if files.iter().any(|file| data_end(file).is_some()) {
            let files = other_files(files, wanted);
            found.extend(files.map(|file| (file.clone(), Self::file(file))));
        } else if levels > 0 {
            for folder in folders {
                match Self::in_folder(&folder, wanted, levels - 1) {
                    Err(error) if error.is::<Missing>() => {}
                    place => found.push((folder, place?)),
                }
            }
            if found.is_empty() && has_picture(folder, levels) {
                let folder = folder.display();
                let message = format!(
                    "{folder}: a folder of pictures, not a data set: `pack {folder} -o DIR` makes \
                     one of it"
                );
                return Err(Missing(message).into());
            }
        }
        if found.len() > 1 {
            let names: Vec<_> = found
                .iter()
                .map(|(path, _)| path.display().to_string())
                .collect();
            let (folder, names) = (folder.display(), names.join(", "));
            bail!("{folder}: several data sets: name one of them: {names}");
        }
        let place = found.pop().map(|(_, place)| place);
        place.ok_or_else(|| Missing(error.to_string()).into())
    }

    fn idx_files(folder: &Path, wanted: Wanted) -> Result<Self, Error> {
        let Wanted { split, prefix, .. } = wanted;
        if wanted.labelled {
            let SplitFiles { images, labels } = SplitFiles::find(folder, split, prefix)?;
            let labels = Some(labels);
            return Ok(Self { images, labels });
        }
        SplitFiles::find_images(folder, split, prefix).map(Self::file)
    }

    /// One file.
    fn file(images: PathBuf) -> Self {
        let labels = None;
        Self { images, labels }
    }
}

/// The files and the folders in a folder, sorted by name.
fn entries(folder: &Path) -> Result<[Vec<PathBuf>; 2]> {
    let paths = list(folder)?.into_iter();
    let (folders, files) = paths.partition(|path| path.is_dir());
    Ok([files, folders])
}

/// How the name of a file ends if it is one of a data set, raw or gzip.
fn data_end(path: &Path) -> Option<&'static str> {
    let name = name_of(path).to_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    let mut ends = [".csv", ".npz", "ubyte"].into_iter();
    ends.find(|end| name.ends_with(end))
}

/// Of the files in a folder, those that may be of the split and are in another form than IDX.
fn other_files(files: Vec<PathBuf>, wanted: Wanted) -> impl Iterator<Item = PathBuf> {
    let is_named = move |file: &PathBuf| split_in(&name_of(file)) == Some(wanted.split);
    let is_npz = |file: &PathBuf| data_end(file) == Some(".npz");
    // Each split may have an .npz file of its own.
    let of_split = files.iter().any(|file| is_npz(file) && is_named(file));
    let prefix = wanted.prefix.unwrap_or_default().to_owned();
    files.into_iter().filter(move |file| {
        name_of(file).starts_with(&prefix)
            && match data_end(file) {
                Some(".csv") => is_named(file),
                Some(".npz") => !of_split || is_named(file),
                _ => false,
            }
    })
}

/// The CSV file of a split, given that of either: their names differ by train and test. A file that
/// is called neither is of the training set.
fn csv_of(path: &Path, split: Split) -> Result<PathBuf> {
    let name = name_of(path);
    let named = split_in(&name).unwrap_or(Split::Train);
    if named == split {
        return Ok(path.to_owned());
    }
    let [own, other] = match named {
        Split::Train => ["train", "test"],
        Split::Test => ["test", "train"],
    };
    // The last, for "latest_test" and the like.
    let parts = name.rsplit_once(own);
    let twin = parts.map(|(start, end)| path.with_file_name(format!("{start}{other}{end}")));
    twin.filter(|twin| twin.is_file()).ok_or_else(|| {
        let path = path.display();
        let message = format!(
            "{path}: no file of the {split} set: expected one beside it with {other} in its name in \
             the place of {own}"
        );
        Missing(message).into()
    })
}

/// The split that a file is of by its name.
fn split_in(name: &str) -> Option<Split> {
    // Names such as "latest_train" have both.
    let names = [("train", Split::Train), ("test", Split::Test)];
    let mut names = names.into_iter();
    names.find_map(|(part, split)| name.contains(part).then_some(split))
}

/// The name of a file without its folder.
pub fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// Whether there is a picture in a folder, or so many folders deep.
fn has_picture(folder: &Path, levels: usize) -> bool {
    let Ok([files, folders]) = entries(folder) else {
        return false;
    };
    let is_picture =
        |file: &PathBuf| FileKind::of(file).is_ok_and(|kind| kind == FileKind::Picture);
    let below = |folder: &PathBuf| levels > 0 && has_picture(folder, levels - 1);
    files.iter().any(is_picture) || folders.iter().any(below)
}
