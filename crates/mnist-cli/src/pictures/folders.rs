//! Pictures in folders, a folder for each class.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use mnist_idx::Split;

use super::decode::has_picture_name;
use crate::data::ClassNames;
use crate::terminal::plural;

/// The folders above those of the classes, if there are any.
const SPLITS: [(&str, Split); 2] = [("train", Split::Train), ("test", Split::Test)];

/// The contents of the folders.
pub struct Found {
    /// Sorted by split, label and name.
    pub pictures: Vec<Picture>,
    /// What the classes are called, unless they are numbers.
    pub names: Option<ClassNames>,
    /// What lies beside the pictures and is none by its name.
    pub left_out: Vec<PathBuf>,
}

/// A picture to be read.
pub struct Picture {
    pub path: PathBuf,
    /// Its split, if the folders determine it.
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

/// The classes of the data set that the pictures are added to.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// Their number.
    pub classes: usize,
    pub names: Option<&'a ClassNames>,
}

/// Finds the pictures. If they are added to a data set, whose classes are `known`, the folder may
/// have only one of train and test.
pub fn find(folder: &Path, known: Option<Known>) -> Result<Found> {
    let classes = class_folders(folder, known.is_some())?;
    let mut files = Vec::new();
    let mut left_out = Vec::new();
    for class in &classes {
        let is_picture = |entry: &Entry| has_picture_name(&entry.path) && entry.path.is_file();
        let (pictures, others): (Vec<_>, Vec<_>) =
            list(&class.path)?.into_iter().partition(is_picture);
        ensure!(
            !pictures.is_empty(),
            "{}: a class without pictures: expected PNG, JPEG, BMP or PNM files, found {}",
            class.path.display(),
            plural(others.len(), "other item")
        );
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

/// The folders of the classes, in train and test if these are the only folders.
fn class_folders(folder: &Path, one_split_is_enough: bool) -> Result<Vec<ClassFolder>> {
    let folders = folders(folder)?;
    let split = |entry: &Entry| SPLITS.iter().find(|(name, _)| *name == entry.name);
    let splits: Vec<_> = folders.iter().filter_map(split).collect();
    let expected = if one_split_is_enough { 1 } else { SPLITS.len() };
    let class = |split| move |Entry { name, path }| ClassFolder { split, name, path };
    if splits.len() < folders.len() || splits.len() < expected {
        return Ok(folders.into_iter().map(class(None)).collect());
    }
    let mut classes = Vec::new();
    for (entry, (_, split)) in folders.iter().zip(splits) {
        let folders = self::folders(&entry.path)?;
        classes.extend(folders.into_iter().map(class(Some(*split))));
    }
    Ok(classes)
}

/// The label of each class, and the names of all classes if they have any.
fn labels<'a>(
    folder: &Path,
    classes: &BTreeSet<&'a str>,
    known: Option<Known>,
) -> Result<(BTreeMap<&'a str, u8>, Option<ClassNames>)> {
    if classes.iter().all(|class| number(class).is_some()) {
        return numbered(folder, classes, known);
    }
    let mut names: Vec<String> = match known {
        Some(Known {
            names: Some(names), ..
        }) => names.iter().map(String::from).collect(),
        Some(Known { classes, .. }) => (0..classes).map(|class| class.to_string()).collect(),
        None => Vec::new(),
    };
    let mut labels = BTreeMap::new();
    for &class in classes {
        let name = class.trim();
        let label = names.iter().position(|known| known == name);
        let label = label.unwrap_or_else(|| {
            names.push(name.to_owned());
            names.len() - 1
        });
        labels.insert(class, label as u8);
    }
    let folder = folder.display();
    ensure!(
        names.len() <= 256,
        "{folder}: {} classes: expected at most 256",
        names.len()
    );
    let names = ClassNames::try_from(names)
        .with_context(|| format!("{folder}: names that can't be those of classes"))?;
    Ok((labels, Some(names)))
}

/// The labels where all names of folders are numbers, and so the labels themselves.
fn numbered<'a>(
    folder: &Path,
    classes: &BTreeSet<&'a str>,
    known: Option<Known>,
) -> Result<(BTreeMap<&'a str, u8>, Option<ClassNames>)> {
    let known_names = known.and_then(|known| known.names);
    let mut labels: BTreeMap<&str, u8> = BTreeMap::new();
    for &class in classes {
        let path = folder.join(class);
        let path = path.display();
        let label = number(class).and_then(|label| u8::try_from(label).ok());
        let label = label.with_context(|| format!("{path}: a label must be from 0 to 255"))?;
        if let Some(named) = known_names.map(ClassNames::len) {
            ensure!(
                usize::from(label) < named,
                "{path}: a label without a name: all {named} classes of the data set have names"
            );
        }
        if let Some((other, _)) = labels.iter().find(|&(_, &other)| other == label) {
            bail!("{path}: label {label}, as {other} is: rename one of them");
        }
        labels.insert(class, label);
    }
    let names = match known_names {
        Some(names) => Some(names.clone()),
        // As `unpack` leaves them.
        None => {
            let largest = labels.values().max();
            let classes = largest.map_or(0, |&label| usize::from(label) + 1);
            ClassNames::read(folder, classes.max(known.map_or(0, |known| known.classes)))?
        }
    };
    Ok((labels, names))
}

/// The number that a name is.
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
fn folders(folder: &Path) -> Result<Vec<Entry>> {
    let entries = list(folder)?.into_iter();
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|entry| entry.path.is_dir());
    ensure!(
        !folders.is_empty(),
        "{}: no folders of pictures in it, but {}: expected one for each class, with its pictures",
        folder.display(),
        plural(files.len(), "file")
    );
    Ok(folders)
}

/// What is in a folder and not hidden, sorted by name.
fn list(folder: &Path) -> Result<Vec<Entry>> {
    let unreadable = || format!("{}: can't be read", folder.display());
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).with_context(unreadable)? {
        let entry = entry.with_context(unreadable)?;
        let Ok(name) = entry.file_name().into_string() else {
            let (folder, name) = (folder.display(), entry.file_name());
            bail!("{folder}: a name that is not UTF-8: rename {name:?}");
        };
        if !name.starts_with('.') {
            let path = entry.path();
            entries.push(Entry { name, path });
        }
    }
    entries.sort_unstable_by(|one, other| one.name.cmp(&other.name));
    Ok(entries)
}
