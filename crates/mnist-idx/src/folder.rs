//! Finding the files of a data set in a folder, under the names in use.

use std::collections::BTreeSet;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::Error;

/// A split of a data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Split {
    /// The training set.
    Train,
    /// The test set.
    Test,
}

impl Split {
    /// How file names begin, after a prefix, in order of preference.
    fn stems(self) -> &'static [&'static str] {
        match self {
            Split::Train => &["train"],
            Split::Test => &["t10k", "test"],
        }
    }
}

impl fmt::Display for Split {
    /// `training` or `test`.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(match self {
            Split::Train => "training",
            Split::Test => "test",
        })
    }
}

/// What follows the stem in a name, in order of preference. MNIST is published with the dash and
/// repacked with the dot. QMNIST has both kinds of labels; the vector of classes is enough.
const IMAGES: [&str; 2] = ["-images-idx3-ubyte", "-images.idx3-ubyte"];
const LABELS: [&str; 4] = [
    "-labels-idx1-ubyte",
    "-labels.idx1-ubyte",
    "-labels-idx2-int",
    "-labels.idx2-int",
];

/// A raw file is preferred to the same in gzip, because it can be mapped.
const COMPRESSION: [&str; 2] = ["", ".gz"];

/// The characters that may end a prefix.
const ENDS: [char; 3] = ['-', '_', '.'];

/// The two files of a split.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SplitFiles {
    /// The images, `u8 [count, height, width]`.
    pub images: PathBuf,
    /// The labels, integers `[count]`, or QMNIST's `i32 [count, columns]`.
    pub labels: PathBuf,
}

impl SplitFiles {
    /// Finds the files of a split in a folder. A name is made of
    ///
    /// - a prefix that ends in `-`, `_` or `.`, such as `emnist-letters-`, or none;
    /// - `train`, or for the test set `t10k` or `test`;
    /// - `-images-idx3-ubyte`, and `-labels-idx1-ubyte` or QMNIST's `-labels-idx2-int`, with a
    ///   dash or a dot before `idx`;
    /// - `.gz`, or nothing.
    ///
    /// If several files match, the one earlier in this list is taken, and raw rather than gzip.
    ///
    /// Without a `prefix`, the folder's data set without a prefix is taken, or else its only one.
    /// The character that ends a `prefix` may be left out; `""` means no prefix.
    ///
    /// # Errors
    ///
    /// [`Error::MissingFolder`], [`Error::MissingFile`], [`Error::SeveralDataSets`], and
    /// [`Error::File`] if the folder cannot be listed.
    pub fn find(
        folder: impl AsRef<Path>,
        split: Split,
        prefix: Option<&str>,
    ) -> Result<SplitFiles, Error> {
        let (images, labels) = search(folder.as_ref(), split, prefix)?;
        Ok(SplitFiles {
            images,
            labels: labels?,
        })
    }

    /// Finds the images of a split as [`find`](Self::find) does, but they need no labels.
    ///
    /// # Errors
    ///
    /// Those of [`find`](Self::find).
    pub fn find_images(
        folder: impl AsRef<Path>,
        split: Split,
        prefix: Option<&str>,
    ) -> Result<PathBuf, Error> {
        Ok(search(folder.as_ref(), split, prefix)?.0)
    }
}

/// The images of a split, and the labels or the error that there are none.
fn search(
    folder: &Path,
    split: Split,
    prefix: Option<&str>,
) -> Result<(PathBuf, Result<PathBuf, Error>), Error> {
    let names = list(folder)?;
    let prefix = match prefix {
        Some(prefix) => complete_prefix(prefix, &names),
        None => only_prefix(folder, &names)?,
    };

    let starts = split.stems().iter().map(|stem| format!("{prefix}{stem}"));
    let starts: Vec<String> = starts.collect();
    let missing = |what, ends: &[&str]| {
        let names_of = |start| ends.iter().map(move |end| format!("{start}{end}"));
        Error::MissingFile {
            folder: folder.to_owned(),
            split,
            what,
            expected: starts.iter().flat_map(names_of).collect(),
            found: names.iter().cloned().collect(),
        }
    };
    // Images of `t10k` are never paired with labels of `test`.
    let found = starts.iter().filter_map(|start| {
        let images = pick(&names, start, &IMAGES)?;
        Some((images, pick(&names, start, &LABELS)))
    });
    // The first pair, or else the first images: of equal ones `max_by_key` takes the last.
    let found = found.rev().max_by_key(|(_, labels)| labels.is_some());
    let (images, labels) = found.ok_or_else(|| missing("images", &IMAGES))?;
    let labels = labels.map(|labels| folder.join(labels));
    let labels = labels.ok_or_else(|| missing("labels", &LABELS));
    Ok((folder.join(images), labels))
}

/// The names of the files in a folder.
fn list(folder: &Path) -> Result<BTreeSet<String>, Error> {
    let entries = match folder.read_dir() {
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            return Err(Error::MissingFolder {
                folder: folder.to_owned(),
            });
        }
        entries => entries.map_err(Error::file(folder, "list the folder"))?,
    };
    let mut names = BTreeSet::new();
    for entry in entries {
        let entry = entry.map_err(Error::file(folder, "list the folder"))?;
        // Some archives unpack into folders named like the files in them.
        if !entry.path().is_dir() {
            names.insert(entry.file_name().to_string_lossy().into_owned());
        }
    }
    Ok(names)
}

/// The first file named `start` + end, raw before gzip.
fn pick<'a>(names: &'a BTreeSet<String>, start: &str, ends: &[&str]) -> Option<&'a String> {
    COMPRESSION
        .iter()
        .flat_map(|compression| {
            ends.iter()
                .map(move |end| format!("{start}{end}{compression}"))
        })
        .find_map(|name| names.get(&name))
}

/// The prefix of a file name, if it is one of images of either split.
fn prefix_of(name: &str) -> Option<&str> {
    let name = name.strip_suffix(".gz").unwrap_or(name);
    let name = IMAGES.iter().find_map(|end| name.strip_suffix(end))?;
    let prefix = [Split::Train, Split::Test]
        .iter()
        .flat_map(|split| split.stems())
        .find_map(|stem| name.strip_suffix(stem))?;
    (prefix.is_empty() || prefix.ends_with(ENDS)).then_some(prefix)
}

/// The prefix to use if none is given: none if there are such files, or else the only one.
fn only_prefix(folder: &Path, names: &BTreeSet<String>) -> Result<String, Error> {
    let prefixes: BTreeSet<&str> = names.iter().filter_map(|name| prefix_of(name)).collect();
    match prefixes.first() {
        None => Ok(String::new()),
        Some(&first) if first.is_empty() || prefixes.len() == 1 => Ok(first.to_owned()),
        Some(_) => Err(Error::SeveralDataSets {
            folder: folder.to_owned(),
            found: prefixes.into_iter().map(String::from).collect(),
        }),
    }
}

/// The prefix with the character that ends it: if it is left out, the one in the file names, or
/// `-`.
fn complete_prefix(prefix: &str, names: &BTreeSet<String>) -> String {
    if prefix.is_empty() || prefix.ends_with(ENDS) {
        return prefix.to_owned();
    }
    let ended = ENDS.map(|end| format!("{prefix}{end}"));
    let exists = |ended: &&String| names.iter().any(|name| prefix_of(name) == Some(ended));
    ended.iter().find(exists).unwrap_or(&ended[0]).clone()
}
