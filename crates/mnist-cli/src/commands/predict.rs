//! `predict`: what the network reads in pictures from anywhere, and in the images of data sets.

mod class_folders;
mod data_set;
mod pictures;
mod seen;

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use clap::builder::{Resettable, Str};

use crate::data::DataOptions;
use crate::files;
use crate::model::ModelOptions;
use crate::terminal::{ADVANCED, examples, usage};
use data_set::SetOptions;
use seen::Prepare;

/// Read pictures of your own: PNG, JPEG, BMP or PNM, of any size
#[derive(Debug, Args)]
#[command(after_help = examples(&[
    ("predict photo.jpg", "the digit of a picture"),
    ("predict --model digits.safetensors *.png", "the digits of many"),
    ("predict my-digits", "how many are right"),
    ("predict --data data --split test --csv", "a data set's images"),
    ("predict --data data --image 17 --show", "one of them"),
]))]
pub struct Options {
    /// Picture files, folders of them, or - for one picture from stdin; a folder with a folder for
    /// each class is evaluated. Or the images of a data set: an IDX file, a CSV file or an .npz
    /// file, raw or gzip, with labels or without
    #[arg(value_name = "IMAGE", required_unless_present_any = ["split", "image"])]
    images: Vec<PathBuf>,
    #[command(flatten, next_help_heading = "Data sets")]
    data: DataOptions,
    #[command(flatten)]
    set: SetOptions,
    // The help has the options without a heading first.
    #[command(flatten, next_help_heading = Resettable::<Str>::Reset)]
    model: ModelOptions,
    /// Draw what the network sees
    #[arg(long, conflicts_with = "json")]
    show: bool,
    /// Read each picture as one digit, however many there are in it
    #[arg(long, conflicts_with = "raw")]
    single: bool,
    /// Make a folder with what the network sees: a PNG file for each digit
    #[arg(long, value_name = "FOLDER")]
    save_prepared: Option<PathBuf>,
    /// Print one JSON object per picture or image instead of text
    #[arg(long)]
    json: bool,
    /// Take the pixels as an image of the training data: the picture must have the network's size
    #[arg(long, help_heading = ADVANCED)]
    raw: bool,
    /// Prepare pictures in this way instead of as the network's training images were made
    #[arg(long, help_heading = ADVANCED, value_name = "HOW", conflicts_with = "raw")]
    prepare: Option<Prepare>,
}

impl Options {
    /// Finds out what is to be read, reads it, and prints what it is.
    pub fn run(&self) -> Result<()> {
        for path in &self.images {
            let name = path.display();
            if path.extension().is_some_and(|end| end == "safetensors") {
                usage!(
                    "{name}: a model, not a picture: --model {name} names the network that reads"
                );
            }
            if path.starts_with("http:") || path.starts_with("https:") {
                usage!("{name}: an address, not a file: download the picture, and name its file");
            }
        }
        if let Some(folder) = &self.save_prepared {
            files::must_be_new(folder)?;
        }
        if let Some(images) = self.set.files(&self.images, &self.data)? {
            let for_pictures = self.raw || self.single || self.prepare.is_some();
            if for_pictures || self.save_prepared.is_some() {
                usage!("--raw, --single, --prepare and --save-prepared are for pictures");
            }
            return self.predict_set(images);
        }
        match &self.images[..] {
            [folder] if class_folders::has_class_folders(folder) => self.predict_classes(folder),
            _ => self.predict_pictures(),
        }
    }
}
