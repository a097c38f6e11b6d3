//! Finding the files of a data set in a folder, under the names that are really in use.

use std::collections::BTreeSet;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::Error;

/// Which half of a data set: the one to learn from or the one to be judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Split {
    /// The training set.
    Train,
    /// The test set.
    Test,
}

impl Split {
    /// How file names begin, after a prefix; the first found is taken.
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

/// How names go on after the stem. MNIST is published with the dash and repacked with the dot;
/// QMNIST has both kinds of labels, of which the one column is enough.
const IMAGES: [&str; 2] = ["-images-idx3-ubyte", "-images.idx3-ubyte"];
const LABELS: [&str; 4] = [
    "-labels-idx1-ubyte",
    "-labels.idx1-ubyte",
    "-labels-idx2-int",
    "-labels.idx2-int",
];

/// A raw file is preferred to its gzip twin, since it can be mapped.
const COMPRESSION: [&str; 2] = ["", ".gz"];

/// The two files of a split.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SplitFiles {
    /// The images, `u8 [count, height, width]`.
    pub images: PathBuf,
    /// The labels, integers `[count]`, or QMNIST's `i32 [count, columns]`.
    pub labels: PathBuf,
}

impl SplitFiles {
    /// Finds the files of a split in a folder. They are called
    ///
    /// - a prefix that ends in `-`, `_` or `.`, such as `emnist-letters-`, or none;
    /// - `train`, or for the test set `t10k` or `test`;
    /// - `-images-idx3-ubyte`, and `-labels-idx1-ubyte` or QMNIST's `-labels-idx2-int`, with a
    ///   dot or a dash before `idx`;
    /// - `.gz`, or nothing.
    ///
    /// Where several are there, the earlier in this list is taken, and raw rather than gzip.
    ///
    /// Without a `prefix` the folder's data set without prefix is taken, else its only one. A
    /// `prefix` may be given with the character that ends it or without; `""` is none.
    ///
    /// # Errors
    ///
    /// [`Error::MissingFolder`], [`Error::MissingFile`], [`Error::SeveralDataSets`], and
    /// [`Error::Io`] if the folder cannot be listed.
    pub fn find(
        folder: impl AsRef<Path>,
        split: Split,
        prefix: Option<&str>,
    ) -> Result<SplitFiles, Error> {
        let folder = folder.as_ref();
        let names = list(folder)?;
        let prefix = match prefix {
            Some(prefix) => complete_prefix(prefix, &names),
            None => only_prefix(folder, &names)?,
        };

        let starts = split.stems().iter().map(|stem| format!("{prefix}{stem}"));
        let starts: Vec<String> = starts.collect();
        let (mut what, mut ends) = ("images", &IMAGES[..]);
        // Images and labels have the same start: those of `t10k` are not mixed with `test`.
        for start in &starts {
            match (pick(&names, start, &IMAGES), pick(&names, start, &LABELS)) {
                (Some(images), Some(labels)) => {
                    return Ok(SplitFiles {
                        images: folder.join(images),
                        labels: folder.join(labels),
                    });
                }
                (Some(_), None) => (what, ends) = ("labels", &LABELS),
                (None, _) => {}
            }
        }
        let names_of = |start| ends.iter().map(move |end| format!("{start}{end}"));
        Err(Error::MissingFile {
            folder: folder.to_owned(),
            split,
            what,
            expected: starts.iter().flat_map(names_of).collect(),
            found: names.into_iter().collect(),
        })
    }
}

/// The names of the files in a folder.
fn list(folder: &Path) -> Result<BTreeSet<String>, Error> {
    let entries = match folder.read_dir() {
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            return Err(Error::MissingFolder {
                folder: folder.to_owned(),
            });
        }
        entries => entries.map_err(Error::io(folder, "list the folder"))?,
    };
    let mut names = BTreeSet::new();
    for entry in entries {
        let entry = entry.map_err(Error::io(folder, "list the folder"))?;
        // Some archives unpack into folders that are called like the files in them.
        if !entry.path().is_dir() {
            names.insert(entry.file_name().to_string_lossy().into_owned());
        }
    }
    Ok(names)
}

/// The first of the names `start` + end that there is.
fn pick<'a>(names: &'a BTreeSet<String>, start: &str, ends: &[&str]) -> Option<&'a String> {
    COMPRESSION
        .iter()
        .flat_map(|compression| {
            ends.iter()
                .map(move |end| format!("{start}{end}{compression}"))
        })
        .find_map(|name| names.get(&name))
}

/// The prefix of a name, if it is the name of a file of images of either split.
fn prefix_of(name: &str) -> Option<&str> {
    let name = name.strip_suffix(".gz").unwrap_or(name);
    let name = IMAGES.iter().find_map(|end| name.strip_suffix(end))?;
    let prefix = [Split::Train, Split::Test]
        .iter()
        .flat_map(|split| split.stems())
        .find_map(|stem| name.strip_suffix(stem))?;
    (prefix.is_empty() || prefix.ends_with(['-', '_', '.'])).then_some(prefix)
}

/// The prefix to use where none is given: none if there are such files, else the only one.
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

/// The prefix as the files have it: given without the character that ends it, it gets the one
/// that files have, or `-`.
fn complete_prefix(prefix: &str, names: &BTreeSet<String>) -> String {
    if prefix.is_empty() || prefix.ends_with(['-', '_', '.']) {
        return prefix.to_owned();
    }
    let ended = ['-', '_', '.'].map(|end| format!("{prefix}{end}"));
    let exists = |ended: &&String| names.iter().any(|name| prefix_of(name) == Some(ended));
    ended.iter().find(exists).unwrap_or(&ended[0]).clone()
}
