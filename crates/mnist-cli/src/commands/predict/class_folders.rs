//! A folder with a folder of pictures for each class: how many of them are read right.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use mnist_kernel::Kernel;
use serde::Serialize;

use super::Options;
use super::pictures::{all_are_read, warn_of};
use crate::data::class;
use crate::evaluation::answer::Answer;
use crate::evaluation::{Evaluation, accuracy};
use crate::pictures::decode;
use crate::pictures::folders::{self, Known, Picture};
use crate::terminal::{line, print, print_json};

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    evaluation: &'a Evaluation<'a>,
    /// How many pictures could not be read.
    unreadable: usize,
    misread: Vec<Misread<'a>>,
}

/// A picture that was misread.
#[derive(Serialize)]
struct Misread<'a> {
    file: Cow<'a, str>,
    label: u8,
    #[serde(flatten)]
    answer: Answer<'a>,
}

/// Whether a folder has no pictures itself, but folders.
pub fn has_class_folders(folder: &Path) -> bool {
    let has_pictures = decode::files(folder).is_ok_and(|[pictures, _]| !pictures.is_empty());
    let mut entries = fs::read_dir(folder).into_iter().flatten().flatten();
    !has_pictures && entries.any(|entry| entry.path().is_dir())
}

impl Options {
    /// Reads the pictures of a folder with a folder for each class, and prints how many of them are
    /// right.
    pub fn predict_classes(&self, folder: &Path) -> Result<()> {
        let model = self.model.load_or_train(&self.data)?;
        let names = model.metadata.class_names.as_ref();
        let classes = model.network.shape().classes();
        let found = folders::find(folder, Some(Known { classes, names }))?;
        warn_of(&found.left_out);
        let unknown = |picture: &&Picture| usize::from(picture.label) >= classes;
        if let Some(picture) = found.pictures.iter().find(unknown) {
            let folder = picture.folder().display();
            let called: Vec<String> = (0..classes.min(10))
                .map(|number| class(number, names))
                .collect();
            let more = if classes > 10 { ", …" } else { "" };
            bail!(
                "{folder}: the network has no such class: it has {classes}: {}{more}",
                called.join(", ")
            );
        }
        let pictures = found.pictures.iter();
        let paths: Vec<PathBuf> = pictures.map(|picture| picture.path.clone()).collect();
        let named = |path: &Path| path.strip_prefix(folder).unwrap_or(path).to_owned();
        let (mut pixels, mut labels, mut misread) = (Vec::new(), Vec::new(), Vec::new());
        // Each shows one thing, that of its class.
        let unreadable = self.read(&paths, named, true, &model, |at, images| {
            let (image, label) = (&images[0].pixels, found.pictures[at].label);
            let answer = Answer::new(&model, image)?;
            pixels.extend_from_slice(image);
            labels.push(label);
            if answer.class != label {
                let file = paths[at].to_string_lossy();
                misread.push(Misread {
                    file,
                    label,
                    answer,
                });
            }
            Ok(())
        })?;
        let evaluation = Evaluation::new(
            &model.network,
            (&pixels, &labels),
            "pictures",
            model.metadata.normalized(),
            names,
            Kernel::best(),
        )?;
        if self.json {
            print_json(&Report {
                evaluation: &evaluation,
                unreadable,
                misread,
            })?;
        } else {
            let mut text = accuracy(&evaluation.matrix, "") + "\n";
            for picture in &misread {
                let (file, answer) = (&picture.file, picture.answer.text());
                let label = class(picture.label.into(), names);
                text += &line("misread", format!("{file}: {answer}; it is {label}"));
            }
            print(&(text + &evaluation.text()))?;
        }
        all_are_read(unreadable, paths.len())
    }
}
