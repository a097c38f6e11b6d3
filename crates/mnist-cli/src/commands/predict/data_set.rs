//! The images of a data set, one by one.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use clap::Args;
use mnist_idx::Split;
use serde::Serialize;

use super::Options;
use super::seen::Image;
use crate::data::look::Look;
use crate::data::{DataOptions, Files, size_of, split_parser, with_any_labels};
use crate::evaluation::answer::Answer;
use crate::terminal::{plural, print, usage};

/// The header of a CSV file of answers.
const HEADER: &str = "image,class,lead";

/// Which images of a data set, and in what form the answers.
#[derive(Debug, Args)]
pub struct SetOptions {
    /// Classify all images of this split of --data: labels are not needed
    #[arg(long, value_parser = split_parser())]
    split: Option<Split>,
    /// Classify image N of --data, counted from 0: of the test set, unless --split says train
    #[arg(long, value_name = "N", conflicts_with = "csv")]
    image: Option<usize>,
    /// Print the answers to a data set as CSV, images counted from 0. With a header of your own of
    /// two or three names, they are counted from 1; without the third there is no lead. For
    /// competitions: --csv=ImageId,Label
    #[arg(long, value_name = "HEADER", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = HEADER, conflicts_with = "json", value_parser = parse_header)]
    csv: Option<String>,
}

/// Reads a header of two or three names.
fn parse_header(header: &str) -> Result<String, String> {
    match header.split(',').count() {
        2 | 3 => Ok(header.to_owned()),
        _ => Err(format!(
            "write names for two or three columns, as in {HEADER}"
        )),
    }
}

/// What `--json` prints of an image.
#[derive(Serialize)]
struct Report<'a> {
    /// Counted from 0.
    image: usize,
    #[serde(flatten)]
    answer: &'a Answer<'a>,
}

impl SetOptions {
    /// The images of a data set, if they are asked for instead of pictures.
    pub fn files(&self, paths: &[PathBuf], data: &DataOptions) -> Result<Option<Files>> {
        let is_header = |path: &&PathBuf| !path.exists() && path.to_string_lossy().contains(',');
        if let (Some(_), Some(header)) = (&self.csv, paths.iter().find(is_header)) {
            let header = header.display();
            usage!("--csv {header}: a header is written with =, as in --csv={header}");
        }
        if !paths.is_empty() && (self.split.is_some() || self.image.is_some()) {
            usage!("--split and --image choose images of --data: name no other IMAGE beside them");
        }
        let split = self.split.unwrap_or(Split::Test);
        let files = match paths {
            [] => Some(data.files(split, false)?),
            [path] if path.is_file() => data.reading.in_file(path, split)?,
            _ => None,
        };
        if self.csv.is_some() && files.is_none() {
            usage!("--csv is for the images of a data set");
        }
        Ok(files)
    }
}

impl Options {
    /// Prints the answers to all images of a data set, or to the one that is asked for.
    pub fn predict_set(&self, files: Files) -> Result<()> {
        if self.show && self.set.image.is_none() {
            usage!("--show is for pictures and for --image");
        }
        // Before a network is trained for it.
        let data = with_any_labels(files)?;
        let path = data.images_path().to_owned();
        if let Some(index) = self.set.image {
            let (path, images) = (path.display(), plural(data.len(), "image"));
            ensure!(
                index < data.len(),
                "image {index} of {path}: there are {images}, counted from 0"
            );
        }
        let (model, name) = (self.model.load_or_train(&self.data)?, self.model.name());
        let reading = &self.data.reading;
        let look = Look::of_images(&path, data.images(), size_of(&data));
        model.warn(name, reading, &path, &look);
        let data = model.fit(name, reading.upright(data, model.metadata.transposed))?;
        if let Some(index) = self.set.image {
            let name = format!("image {index} of {}", path.display());
            let pixels = data.image(index).expect("it is one of them").to_vec();
            let place = None;
            return self.print_picture(Path::new(&name), &[Image { place, pixels }], &model);
        }
        let answers = Answer::all(&model, data.images())?;
        print(&match &self.set.csv {
            Some(header) => csv(&answers, header),
            None if self.json => json(&answers)?,
            None => {
                let answers = answers.iter().enumerate();
                let lines =
                    answers.map(|(image, answer)| format!("{image:<7} {}\n", answer.text()));
                lines.collect()
            }
        })
    }
}

/// A JSON object on a line for each image.
fn json(answers: &[Answer]) -> Result<String> {
    let lines = answers.iter().enumerate().map(|(image, answer)| {
        let line = serde_json::to_string(&Report { image, answer })?;
        Ok(line + "\n")
    });
    lines.collect()
}

/// A row of CSV for each image: its number, from 0 or under another header than the usual one from
/// 1, its class, and its lead in full pixels if the header has a third column.
fn csv(answers: &[Answer], header: &str) -> String {
    let columns = header.split(',').count();
    let mut text = format!("{header}\n");
    let first = usize::from(header != HEADER);
    for (image, Answer { class, lead, .. }) in (first..).zip(answers) {
        text += &match columns {
            2 => format!("{image},{class}\n"),
            _ => format!("{image},{class},{lead}\n"),
        };
    }
    text
}
