//! Pictures in folders, a folder for each class.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use mnist_idx::Split;

use crate::class_names::ClassNames;
use crate::picture;

/// The folders' level above the classes, if there is one.
const HALVES: [(&str, Split); 2] = [("train", Split::Train), ("test", Split::Test)];

/// What is in the folders.
pub struct Found {
    /// By halves, labels and names.
    pub pictures: Vec<Picture>,
    /// What the classes are called, unless they are numbers.
    pub names: Option<ClassNames>,
    /// What lies beside the pictures and, by its name, is none.
    pub left_out: Vec<PathBuf>,
}

/// A picture to be read.
pub struct Picture {
    pub path: PathBuf,
    /// Which half it is for, if the folders say so.
    pub split: Option<Split>,
    pub label: u8,
    /// The number that is its name.
    pub number: Option<u64>,
}

impl Picture {
    /// The folder of its class.
    pub fn folder(&self) -> &Path {
        self.path.parent().expect("it was found in a folder")
    }
}

/// The classes that there are before the folders' own.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// How many.
    pub classes: usize,
    pub names: Option<&'a ClassNames>,
}

/// What can be wrong with the folders.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    #[error(
        "{}: no folders of pictures in it, but {}: expected one for each class, with its pictures",
        folder.display(), crate::present::plural(*files as u64, "file")
    )]
    NoClasses { folder: PathBuf, files: usize },
    #[error(
        "{}: a class without pictures: expected PNG, JPEG, BMP or PNM files, found {}",
        folder.display(), crate::present::plural(*others as u64, "other item")
    )]
    NoPictures { folder: PathBuf, others: usize },
    #[error("{}: a name that is not UTF-8: rename {name:?}", folder.display())]
    Name { folder: PathBuf, name: OsString },
    #[error("{}: a label must be from 0 to 255", folder.display())]
    Label { folder: PathBuf },
    #[error("{}: label {label}, as {other} is: rename one of them", folder.display())]
    SameLabel {
        folder: PathBuf,
        other: String,
        label: u8,
    },
    #[error("{}: {found} classes: expected at most 256", folder.display())]
    Classes { folder: PathBuf, found: usize },
    #[error(
        "{}: a label without a name: the {named} classes that there are have names",
        folder.display()
    )]
    Unnamed { folder: PathBuf, named: usize },
    #[error("{}: can't be read", folder.display())]
    Read {
        folder: PathBuf,
        #[source]
        error: io::Error,
    },
}

/// Looks for the pictures. `known` are the classes of a data set that they are for, if there is
/// one: then the folder may have only one of train and test.
pub fn find(folder: &Path, known: Option<Known>) -> Result<Found> {
    let classes = class_folders(folder, known.is_some())?;
    let mut files = Vec::new();
    let mut left_out = Vec::new();
    for class in &classes {
        let is_picture =
            |entry: &Entry| picture::is_named_as_one(&entry.path) && entry.path.is_file();
        let (pictures, others): (Vec<_>, Vec<_>) =
            list(&class.path)?.into_iter().partition(is_picture);
        if pictures.is_empty() {
            let (folder, others) = (class.path.clone(), others.len());
            return Err(FolderError::NoPictures { folder, others }.into());
        }
        files.push(pictures);
        left_out.extend(others.into_iter().map(|entry| entry.path));
    }
    let class_names: BTreeSet<&str> = classes.iter().map(|class| class.name.as_str()).collect();
    let (labels, names) = labels(folder, &class_names, known)?;
    let mut pictures = Vec::new();
    for (class, files) in classes.iter().zip(files) {
        pictures.extend(files.into_iter().map(|Entry { name, path }| Picture {
            path,
            split: class.split,
            label: labels[class.name.as_str()],
            number: name.rsplit_once('.').and_then(|(stem, _)| number(stem)),
        }));
    }
    // Stable: pictures of one class stay in the order of their names.
    pictures.sort_by_key(|picture| (picture.split == Some(Split::Test), picture.label));
    Ok(Found {
        pictures,
        names,
        left_out,
    })
}

/// A folder of pictures.
struct ClassFolder {
    split: Option<Split>,
    name: String,
    path: PathBuf,
}

/// The folders of the classes, under train and test if these are what the folder has.
fn class_folders(folder: &Path, one_half_is_enough: bool) -> Result<Vec<ClassFolder>, FolderError> {
    let folders = folders(folder)?;
    let half = |entry: &Entry| HALVES.iter().find(|(name, _)| *name == entry.name);
    let halves: Vec<_> = folders.iter().filter_map(half).collect();
    let expected = if one_half_is_enough { 1 } else { HALVES.len() };
    let class = |split| move |Entry { name, path }| ClassFolder { split, name, path };
    if halves.len() < folders.len() || halves.len() < expected {
        return Ok(folders.into_iter().map(class(None)).collect());
    }
    let mut classes = Vec::new();
    for (entry, (_, split)) in folders.iter().zip(halves) {
        classes.extend(
            self::folders(&entry.path)?
                .into_iter()
                .map(class(Some(*split))),
        );
    }
    Ok(classes)
}

/// The label of each class, and the names of all of them if they have any.
fn labels<'a>(
    folder: &Path,
    classes: &BTreeSet<&'a str>,
    known: Option<Known>,
) -> Result<(BTreeMap<&'a str, u8>, Option<ClassNames>)> {
    let (known_classes, known_names) = match known {
        Some(known) => (known.classes, known.names),
        None => (0, None),
    };
    let in_folder = |class: &str| folder.join(class);
    if classes.iter().all(|class| number(class).is_some()) {
        let mut labels: BTreeMap<&str, u8> = BTreeMap::new();
        for &class in classes {
            let label = number(class).and_then(|label| u8::try_from(label).ok());
            let label = label.ok_or_else(|| FolderError::Label {
                folder: in_folder(class),
            })?;
            if let Some(named) = known_names.map(ClassNames::len)
                && named <= label.into()
            {
                let folder = in_folder(class);
                return Err(FolderError::Unnamed { folder, named }.into());
            }
            if let Some((&other, _)) = labels.iter().find(|&(_, &other)| other == label) {
                let (folder, other) = (in_folder(class), other.to_owned());
                return Err(FolderError::SameLabel {
                    folder,
                    other,
                    label,
                }
                .into());
            }
            labels.insert(class, label);
        }
        let largest = labels
            .values()
            .max()
            .map_or(0, |&label| usize::from(label) + 1);
        let names = match known_names {
            Some(names) => Some(names.clone()),
            // As `unpack` leaves them.
            None => ClassNames::read(folder, largest.max(known_classes))?,
        };
        return Ok((labels, names));
    }

    let mut names: Vec<String> = match known_names {
        Some(names) => names.iter().map(String::from).collect(),
        None => (0..known_classes).map(|class| class.to_string()).collect(),
    };
    let mut places = BTreeMap::new();
    for &class in classes {
        let name = class.trim();
        let place = names
            .iter()
            .position(|known| known == name)
            .unwrap_or_else(|| {
                names.push(name.to_owned());
                names.len() - 1
            });
        places.insert(class, place);
    }
    let folder = folder.to_owned();
    if names.len() > 256 {
        let found = names.len();
        return Err(FolderError::Classes { folder, found }.into());
    }
    let labels = places
        .into_iter()
        .map(|(class, place)| (class, place as u8));
    let context = || format!("{}: names that can't be those of classes", folder.display());
    let names = ClassNames::try_from(names).with_context(context)?;
    Ok((labels.collect(), Some(names)))
}

/// A name that is a number.
fn number(name: &str) -> Option<u64> {
    // `parse` takes a sign, too.
    name.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| name.parse().ok())?
}

/// Something in a folder.
struct Entry {
    name: String,
    path: PathBuf,
}

/// The folders in a folder, at least one.
fn folders(folder: &Path) -> Result<Vec<Entry>, FolderError> {
    let (folders, files): (Vec<_>, Vec<_>) = list(folder)?
        .into_iter()
        .partition(|entry| entry.path.is_dir());
    match folders.is_empty() {
        true => Err(FolderError::NoClasses {
            folder: folder.to_owned(),
            files: files.len(),
        }),
        false => Ok(folders),
    }
}

/// What is in a folder and not hidden, in the order of the names.
fn list(folder: &Path) -> Result<Vec<Entry>, FolderError> {
    let read = |error| FolderError::Read {
        folder: folder.to_owned(),
        error,
    };
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(read)? {
        let entry = entry.map_err(read)?;
        let name = entry.file_name().into_string();
        let name = name.map_err(|name| FolderError::Name {
            folder: folder.to_owned(),
            name,
        })?;
        if !name.starts_with('.') {
            entries.push(Entry {
                name,
                path: entry.path(),
            });
        }
    }
    entries.sort_unstable_by(|one, other| one.name.cmp(&other.name));
    Ok(entries)
}
