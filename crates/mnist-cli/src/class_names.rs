//! What the classes of a data set are called.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use crate::present::plural;

/// The file in the folder of a data set that has them: a name a line, that of class 0 first.
pub const FILE: &str = "labels.txt";

/// The longest name, in characters.
const LONGEST: usize = 100;

/// More bytes than names can have.
const TOO_MANY_BYTES: u64 = 256 * 4 * LONGEST as u64 + 1000;

/// The names of 2 to 256 classes: different ones, of a line each, that a terminal takes for text
/// and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>")]
pub struct ClassNames(Vec<String>);

/// Why names can't be the names of classes. Names are numbered as the classes are, from 0.
#[derive(Debug, thiserror::Error)]
pub enum ClassNamesError {
    #[error("{}: expected from 2 to 256, one for each class", plural(*found as u64, "name"))]
    Count { found: usize },
    #[error("name {class} is empty")]
    Empty { class: usize },
    #[error("name {class} has {found} characters: expected at most {LONGEST}")]
    Long { class: usize, found: usize },
    #[error("name {class}, {name:?}, has a character that can't be seen: expected text alone")]
    Control { class: usize, name: String },
    #[error("name {class}, \"{name}\", is that of class {first}, too")]
    Twice {
        class: usize,
        name: String,
        first: usize,
    },
}

impl TryFrom<Vec<String>> for ClassNames {
    type Error = ClassNamesError;

    /// Names in the order of the classes.
    fn try_from(names: Vec<String>) -> Result<Self, ClassNamesError> {
        if !(2..=256).contains(&names.len()) {
            return Err(ClassNamesError::Count { found: names.len() });
        }
        for (class, name) in names.iter().enumerate() {
            let found = name.chars().count();
            if found > LONGEST {
                return Err(ClassNamesError::Long { class, found });
            }
            let name = name.clone();
            if name.trim().is_empty() {
                return Err(ClassNamesError::Empty { class });
            }
            if name.contains(is_control) {
                return Err(ClassNamesError::Control { class, name });
            }
            if let Some(first) = names[..class].iter().position(|other| *other == name) {
                return Err(ClassNamesError::Twice { class, name, first });
            }
        }
        Ok(Self(names))
    }
}

impl ClassNames {
    /// Reads the names in the folder of a data set whose largest label + 1 is `classes`, if it has
    /// any.
    pub fn read(folder: &Path, classes: usize) -> Result<Option<Self>> {
        let path = folder.join(FILE);
        let file = match File::open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            file => file,
        };
        let names = || {
            let mut text = String::new();
            let bytes = file?.take(TOO_MANY_BYTES).read_to_string(&mut text)?;
            // A table of labels, perhaps: it need not be read to its end.
            ensure!(
                (bytes as u64) < TOO_MANY_BYTES,
                "the file is longer than 256 names can be"
            );
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

    /// The number of classes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The name of a class; `None` if there are not so many.
    pub fn get(&self, class: usize) -> Option<&str> {
        self.0.get(class).map(String::as_str)
    }

    /// The text of [`FILE`].
    pub fn to_text(&self) -> String {
        self.iter().map(|name| format!("{name}\n")).collect()
    }

    /// The names in the order of the classes.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// Whether a terminal takes a character for a command, or lets it turn round the text beside it.
pub fn is_control(character: char) -> bool {
    let direction = matches!(
        character,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2066}'..='\u{2069}'
    );
    character.is_control() || direction || matches!(character, '\u{2028}'..='\u{202e}')
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
                r#"name 0, "a\u{1b}[2J", has a character"#,
            ),
            (
                &["a", "\u{202e}b"],
                r#"name 1, "\u{202e}b", has a character"#,
            ),
            (&["a", "b", "a"], "name 2, \"a\", is that of class 0, too"),
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
        std::fs::write(folder.path().join(FILE), "\u{feff}cat\r\nhot dog \r\n\r\n").unwrap();
        let names = ClassNames::read(folder.path(), 2).unwrap().unwrap();
        assert_eq!(names.iter().collect::<Vec<_>>(), ["cat", "hot dog"]);

        let error = ClassNames::read(folder.path(), 3).unwrap_err();
        assert!(
            format!("{error:#}")
                .ends_with("2 names, but the largest label is 2: expected a name for each class")
        );
        std::fs::write(folder.path().join(FILE), "7\n".repeat(60_000)).unwrap();
        let error = ClassNames::read(folder.path(), 2).unwrap_err();
        assert!(format!("{error:#}").ends_with("longer than 256 names can be"));
    }
}
