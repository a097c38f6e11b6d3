//! Pictures in folders, a folder for each class.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use mnist_idx::Split;

use super::decode::has_picture_name;
use crate::data::{ClassNames, NAMES_FILE};
use crate::files;
use crate::terminal::plural;

/// The contents of the folders.
pub struct Found {
    /// Sorted by split, label and name.
    pub pictures: Vec<Picture>,
    /// What the classes are called, unless they are numbers.
    pub names: Option<ClassNames>,
    /// What is no picture by its name, or lies beside the folders of the classes.
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
    let mut left_out = Vec::new();
    let folder = &unwrapped(folder, known.is_some())?;
    let classes = class_folders(folder, known.is_some(), &mut left_out)?;
    let mut files = Vec::new();
    for (_, class) in &classes {
        let (mut pictures, mut others) = pictures_in(class)?;
        if pictures.is_empty() {
            // NIST's classes have their pictures a folder deeper.
            let (deeper, rest): (Vec<_>, _) = others.into_iter().partition(|path| path.is_dir());
            others = rest;
            for folder in deeper {
                let (more, rest) = pictures_in(&folder)?;
                pictures.extend(more);
                others.extend(rest);
            }
        }
        ensure!(
            !pictures.is_empty(),
            "{}: a class without pictures: expected PNG, JPEG, BMP or PNM files, found {}",
            class.display(),
            plural(others.len(), "other item")
        );
        files.push(pictures);
        left_out.extend(others);
    }
    let class_names: BTreeSet<&str> = classes.iter().map(|(_, class)| name(class)).collect();
    let (labels, names) = labels(folder, &class_names, known)?;
    let mut pictures = Vec::new();
    for ((split, class), files) in classes.iter().zip(files) {
        pictures.extend(files.into_iter().map(|path| Picture {
            split: *split,
            label: labels[name(class)],
            number: path.file_stem().and_then(|stem| number(stem.to_str()?)),
            path,
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

/// The folder itself, or the one deeper that archives wrap its contents in. If `keep_splits`, a
/// folder that is named after a split is no such wrapper.
fn unwrapped(folder: &Path, keep_splits: bool) -> Result<PathBuf> {
    let (pictures, others) = pictures_in(folder)?;
    let folders: Vec<_> = others.iter().filter(|path| path.is_dir()).collect();
    if let [only] = folders[..]
        && pictures.is_empty()
        && !(keep_splits && split_of(only).is_some())
        && list(only)?.iter().any(|path| path.is_dir())
    {
        return unwrapped(only, keep_splits);
    }
    Ok(folder.to_owned())
}

/// The split that a folder is named after, such as `trainingSet`: `train`, `test` or `valid`.
fn split_of(folder: &Path) -> Option<&'static str> {
    let name = name(folder).to_lowercase();
    let name = name.strip_suffix("set").unwrap_or(&name);
    match name.trim_end_matches(['_', '-', ' ']) {
        "train" | "training" => Some("train"),
        "test" | "testing" => Some("test"),
        "val" | "valid" | "validation" => Some("valid"),
        _ => None,
    }
}

/// The folders of the classes, each with its split: in train and test if these are the only folders.
/// If there are validation pictures and no test pictures, they take their place.
fn class_folders(
    folder: &Path,
    one_split_is_enough: bool,
    left_out: &mut Vec<PathBuf>,
) -> Result<Vec<(Option<Split>, PathBuf)>> {
    let folders = folders(folder, left_out)?;
    // Classes may have the names of splits, too.
    let mut named = folders.iter().filter(|folder| split_of(folder).is_some());
    if named.all(|folder| pictures_in(folder).is_ok_and(|(pictures, _)| !pictures.is_empty())) {
        return Ok(folders.into_iter().map(|class| (None, class)).collect());
    }
    let splits: Vec<_> = folders.iter().map(|folder| split_of(folder)).collect();
    let has = |split: &str| splits.contains(&Some(split));
    let both = has("train") && (has("test") || has("valid"));
    ensure!(
        !splits.contains(&None) && (both || one_split_is_enough) && !(has("test") && has("valid")),
        "{}: expected a folder for each class, or train and test with such folders, found {}{}",
        folder.display(),
        folders
            .iter()
            .map(|folder| name(folder))
            .collect::<Vec<_>>()
            .join(", "),
        match has("test") && has("valid") {
            true => ": leave out validation or test",
            false => "",
        }
    );
    let mut classes = Vec::new();
    for (folder, split) in folders.iter().zip(splits) {
        let split = match split {
            Some("train") => Split::Train,
            _ => Split::Test,
        };
        let folders = self::folders(&unwrapped(folder, false)?, left_out)?;
        classes.extend(folders.into_iter().map(|class| (Some(split), class)));
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

/// The name of what was listed.
fn name(path: &Path) -> &str {
    let name = path.file_name().and_then(OsStr::to_str);
    name.expect("the listed names are UTF-8")
}

/// The folders in a folder, at least one; and what else is in it as left out.
fn folders(folder: &Path, left_out: &mut Vec<PathBuf>) -> Result<Vec<PathBuf>> {
    let paths = list(folder)?.into_iter();
    let (folders, files): (Vec<_>, Vec<_>) = paths.partition(|path| path.is_dir());
    ensure!(
        !folders.is_empty(),
        "{}: no folders of pictures in it, but {}: expected one for each class, with its pictures \
         (to pack a data set in a CSV or .npz file, name the file itself)",
        folder.display(),
        plural(files.len(), "file")
    );
    left_out.extend(files.into_iter().filter(|file| name(file) != NAMES_FILE));
    Ok(folders)
}

/// The pictures in a folder, and what else is in it.
fn pictures_in(folder: &Path) -> Result<(Vec<PathBuf>, Vec<PathBuf>)> {
    let is_picture = |path: &PathBuf| has_picture_name(path) && path.is_file();
    Ok(list(folder)?.into_iter().partition(is_picture))
}

/// What is in a folder and not hidden, sorted by name.
fn list(folder: &Path) -> Result<Vec<PathBuf>> {
    let paths = files::list(folder)?;
    let mut names = paths.iter().filter_map(|path| path.file_name());
    if let Some(name) = names.find(|name| name.to_str().is_none()) {
        let folder = folder.display();
        bail!("{folder}: a name that is not UTF-8: rename {name:?}");
    }
    Ok(paths)
}
