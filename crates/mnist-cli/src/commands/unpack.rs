//! `unpack`: the images of a data set as PNG files.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Result, ensure};
use clap::Args;
use image::{GrayImage, ImageBuffer};
use mnist_idx::{Dataset, Split};
use rayon::prelude::*;

use crate::data::{
    ClassNames, NAMES_FILE, ReadingOptions, labelled, size_of, split_name, split_parser,
};
use crate::files;
use crate::pictures::png::png;
use crate::terminal::{Interrupted, Progress, count, examples, line, print, whole};

/// Write the images of a data set as PNG files
#[derive(Debug, Args)]
#[command(after_help = examples(&[
    ("unpack data -o pictures --limit 1000", "the first of MNIST"),
]))]
pub struct Options {
    /// A data set, as --data of the other commands takes it
    data: PathBuf,
    /// The folder to make: it gets train and test, each with a folder of PNG files for each label
    #[arg(short, long, value_name = "FOLDER")]
    output: PathBuf,
    #[command(flatten)]
    reading: ReadingOptions,
    /// Only this split
    #[arg(long, value_parser = split_parser())]
    split: Option<Split>,
    /// Only the first N images of each split
    #[arg(long, value_name = "N", value_parser = whole::<u64, 1>)]
    limit: Option<u64>,
}

impl Options {
    /// Writes the pictures, prints how many.
    pub fn run(&self) -> Result<()> {
        files::must_be_new(&self.output)?;
        let mut splits = Vec::new();
        for (split, files) in self.reading.all(&self.data, self.split)? {
            let data = labelled(files)?;
            splits.push((split, self.reading.upright(data, false)));
        }
        let classes = splits.iter().map(|(_, data)| data.classes()).max();
        let names = ClassNames::of_set(splits[0].1.images_path(), classes.unwrap_or(0))?;
        let limit = self.limit.and_then(|limit| limit.try_into().ok());
        let images = |data: &Dataset| limit.unwrap_or(usize::MAX).min(data.len());

        let interrupted = Interrupted::by_ctrl_c()?;
        let total: usize = splits.iter().map(|(_, data)| images(data)).sum();
        let progress = Progress::new(total as u64);
        files::new_folder(&self.output, |folder| {
            if let Some(names) = &names {
                fs::write(folder.join(NAMES_FILE), names.to_text())?;
            }
            for (split, data) in &splits {
                let folder = folder.join(split_name(*split));
                write_split(&folder, data, images(data), &progress, &interrupted)?;
            }
            Ok(())
        })?;
        drop(progress);

        let mut text = String::new();
        for (split, data) in &splits {
            let (count, size) = (count(images(data)), size_of(data));
            text += &line("unpacked", format!("{count} {split} images, {size} pixels"));
        }
        print(&(text + &line("written", self.output.display())))
    }
}

/// Writes the first `count` images of a split, a folder for each label.
fn write_split(
    folder: &Path,
    data: &Dataset,
    count: usize,
    progress: &Progress,
    interrupted: &AtomicBool,
) -> Result<()> {
    let labels = &data.labels()[..count];
    for label in labels.iter().collect::<BTreeSet<_>>() {
        fs::create_dir_all(folder.join(label.to_string()))?;
    }
    // All names are equally long, so that any list sorts them by number.
    let digits = (count - 1).to_string().len();
    let (height, width) = (data.height() as u32, data.width() as u32);
    let images = data.images().par_chunks_exact(data.pixels()).zip(labels);
    images.enumerate().try_for_each(|(index, (image, label))| {
        ensure!(!interrupted.load(Ordering::Relaxed), Interrupted);
        let image: GrayImage = ImageBuffer::from_raw(width, height, image.to_vec())
            .expect("an image has this many pixels");
        let name = format!("{label}/{index:0digits$}.png");
        fs::write(folder.join(name), png(&image)?)?;
        progress.advance(1);
        Ok(())
    })
}
