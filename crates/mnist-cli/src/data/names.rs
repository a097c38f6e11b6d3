//! What the classes of a data set are called.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde::{Deserialize, Serialize};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::terminal::{is_control, plural};

/// The file in the folder of a data set that has them: a name a line, that of class 0 first.
pub const NAMES_FILE: &str = "labels.txt";

/// The longest name, in characters.
const LONGEST: usize = 100;

/// More bytes than names can have.
const TOO_MANY_BYTES: u64 = 256 * 4 * LONGEST as u64 + 1000;

/// The columns of the longest name in a table or a chart.
const COLUMNS: usize = 12;

/// The names of 2 to 256 classes: all different, one line each, without control characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>")]
pub struct ClassNames(Vec<String>);

impl TryFrom<Vec<String>> for ClassNames {
    type Error = anyhow::Error;

    /// Takes names in the order of the classes, which are numbered from 0.
    fn try_from(names: Vec<String>) -> Result<Self> {
        ensure!(
            (2..=256).contains(&names.len()),
            "{}: expected from 2 to 256, one for each class",
            plural(names.len(), "name")
        );
        for (class, name) in names.iter().enumerate() {
            let length = name.chars().count();
            ensure!(
                length <= LONGEST,
                "name {class} has {length} characters: expected at most {LONGEST}"
            );
            ensure!(!name.trim().is_empty(), "name {class} is empty");
            ensure!(
                !name.contains(is_control),
                "name {class}, {name:?}, has an invisible character: expected only text"
            );
            if let Some(first) = names[..class].iter().position(|other| other == name) {
                bail!("name {class}, \"{name}\", is also that of class {first}");
            }
        }
        Ok(Self(names))
    }
}

impl ClassNames {
    /// Reads the names of the data set that has this file of images, if it has any: those in the
    /// same folder, or EMNIST's, in the file that begins as that of the images does.
    pub fn of_set(images: &Path, classes: usize) -> Result<Option<Self>> {
        let folder = images.parent().unwrap_or(images);
        if let Some(names) = Self::read(folder, classes)? {
            return Ok(Some(names));
        }
        let name = images.file_name().unwrap_or_default().to_string_lossy();
        let stem = ["train", "test", "t10k"]
            .iter()
            .find_map(|stem| name.find(stem));
        let Some(stem @ 1..) = stem else {
            return Ok(None);
        };
        let path = folder.join(format!("{}mapping.txt", &name[..stem]));
        let names = || match text_of(&path)? {
            Some(text) => Self::mapped(&text, classes),
            None => Ok(None),
        };
        names()
            .with_context(|| format!("{}: not a mapping of classes to characters", path.display()))
    }

    /// The names in EMNIST's form: a line for each class, with its number and the code points of its
    /// characters, such as `10 65`. There are none if they are the numbers of the classes.
    fn mapped(text: &str, classes: usize) -> Result<Option<Self>> {
        // EMNIST's letters begin with class 1.
        let mut names: Vec<String> = (0..classes).map(|class| class.to_string()).collect();
        for line in text.lines() {
            let (class, codes) = line
                .split_once(' ')
                .context("expected lines such as \"10 65\"")?;
            let codes = codes
                .split_whitespace()
                .map(|code| char::from_u32(code.parse().ok()?));
            let name = codes.collect::<Option<String>>().context(line.to_owned())?;
            let class = usize::from(class.parse::<u8>()?);
            names.resize(names.len().max(class + 1), String::new());
            names[class] = name;
        }
        let names = Self(names);
        match names.are_numbers() {
            true => Ok(None),
            false => Self::try_from(names.0).map(Some),
        }
    }

    /// Reads the names in the folder of a data set, if it has any. `classes` is the data set's
    /// largest label + 1.
    pub fn read(folder: &Path, classes: usize) -> Result<Option<Self>> {
        let path = folder.join(NAMES_FILE);
        let names = || {
            let Some(text) = text_of(&path)? else {
                return Ok(None);
            };
            let text = text.trim_start_matches('\u{feff}').trim_end();
            let names: Vec<String> = text.lines().map(|name| name.trim().to_owned()).collect();
            let names = Self::try_from(names)?;
            ensure!(
                names.len() >= classes,
                "{} names, but the largest label is {}: expected a name for each class",
                names.len(),
                classes - 1
            );
            Ok(Some(names))
        };
        names().with_context(|| {
            let path = path.display();
            format!("{path}: not the names of the classes, one a line, that of label 0 first")
        })
    }

    /// Whether they are the numbers of the classes.
    pub fn are_numbers(&self) -> bool {
        (0..)
            .zip(&self.0)
            .all(|(class, name)| *name == class.to_string())
    }

    /// The number of classes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The name of a class; `None` if there is no such class.
    pub fn get(&self, class: usize) -> Option<&str> {
        self.0.get(class).map(String::as_str)
    }

    /// The text of [`NAMES_FILE`].
    pub fn to_text(&self) -> String {
        self.iter().map(|name| format!("{name}\n")).collect()
    }

    /// The names in the order of the classes.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// The text of a file of names, if there is one.
fn text_of(path: &Path) -> Result<Option<String>> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file?,
    };
    let mut text = String::new();
    let bytes = file.take(TOO_MANY_BYTES).read_to_string(&mut text)?;
    // A table of labels, perhaps: there is no need to read it to its end.
    ensure!(
        (bytes as u64) < TOO_MANY_BYTES,
        "the file is longer than 256 names can be"
    );
    Ok(Some(text))
}

/// `"3"`, or `"3 cat"` if the classes have names; a long name is cut.
pub fn class(class: usize, names: Option<&ClassNames>) -> String {
    match names.and_then(|names| names.get(class)) {
        Some(name) => format!("{class} {}", cut(name)),
        None => class.to_string(),
    }
}

/// As much of a name as there is room for.
fn cut(name: &str) -> String {
    if name.width() <= COLUMNS {
        return name.to_owned();
    }
    let mut columns = 0;
    let start = name.chars().take_while(|character| {
        columns += character.width().unwrap_or(0);
        columns < COLUMNS
    });
    start.chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(names: &[&str]) -> String {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        ClassNames::try_from(names).unwrap_err().to_string()
    }

    #[test]
    fn each_way_that_names_are_wrong_has_its_message() {
        let long = "x".repeat(101);
        for (names, message) in [
            (&["one"][..], "1 name: expected from 2 to 256"),
            (&["a", " "], "name 1 is empty"),
            (&["a", &long], "name 1 has 101 characters"),
            (
                &["a\u{1b}[2J", "b"],
                r#"name 0, "a\u{1b}[2J", has an invisible character"#,
            ),
            (
                &["a", "\u{202e}b"],
                r#"name 1, "\u{202e}b", has an invisible character"#,
            ),
            (&["a", "b", "a"], "name 2, \"a\", is also that of class 0"),
        ] {
            let found = error(names);
            assert!(found.starts_with(message), "{found}");
        }
        assert!(error(&["x"; 257]).starts_with("257 names"));
    }

    #[test]
    fn a_file_of_names_is_read_as_editors_write_it() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(ClassNames::read(folder.path(), 2).unwrap(), None);
        std::fs::write(
            folder.path().join(NAMES_FILE),
            "\u{feff}cat\r\nhot dog \r\n\r\n",
        )
        .unwrap();
        let names = ClassNames::read(folder.path(), 2).unwrap().unwrap();
        assert_eq!(names.iter().collect::<Vec<_>>(), ["cat", "hot dog"]);

        let error = ClassNames::read(folder.path(), 3).unwrap_err();
        assert!(
            format!("{error:#}")
                .ends_with("2 names, but the largest label is 2: expected a name for each class")
        );
        std::fs::write(folder.path().join(NAMES_FILE), "7\n".repeat(60_000)).unwrap();
        let error = ClassNames::read(folder.path(), 2).unwrap_err();
        assert!(format!("{error:#}").ends_with("longer than 256 names can be"));
    }
}
