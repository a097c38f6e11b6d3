//! `unpack`: the images of a data set as PNG files.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Result, ensure};
use clap::Args;
use image::{GrayImage, ImageBuffer};
use mnist_idx::Dataset;
use rayon::prelude::*;

use crate::arguments::{ReadingOptions, SplitName, split_name};
use crate::class_names::{self, ClassNames};
use crate::examples::Example;
use crate::failure::Interrupted;
use crate::picture::png;
use crate::progress::Progress;
use crate::stdio::print;
use crate::{output_file, present};

/// The examples of its help.
pub const EXAMPLES: &[Example] = &[("unpack data -o pictures --limit 1000", "the first of MNIST")];

#[derive(Debug, Args)]
pub struct UnpackOptions {
    /// The folder of a data set's IDX files, raw or gzip
    pub data: PathBuf,
    /// The folder to make: it gets train and test, each with a folder of PNG files for each label
    #[arg(short, long, value_name = "FOLDER")]
    pub output: PathBuf,
    #[command(flatten)]
    pub reading: ReadingOptions,
    /// Only this half
    #[arg(long, value_enum)]
    pub split: Option<SplitName>,
    /// Only the first N images of each half
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        value_parser = clap::value_parser!(u64).range(1..)
    )]
    pub limit: Option<u64>,
}

/// Writes the pictures, prints how many.
pub fn run(options: &UnpackOptions) -> Result<()> {
    output_file::must_be_new(&options.output)?;
    let mut halves = Vec::new();
    for (split, files) in options.reading.find_all(&options.data, options.split)? {
        halves.push((split, options.reading.open_split(&files, false)?));
    }
    let classes = halves.iter().map(|(_, data)| data.classes()).max();
    let names = ClassNames::read(&options.data, classes.unwrap_or(0))?;
    let limit = options.limit.and_then(|limit| limit.try_into().ok());
    let count = |data: &Dataset| limit.unwrap_or(usize::MAX).min(data.len());

    let interrupted = Interrupted::by_ctrl_c()?;
    let total: usize = halves.iter().map(|(_, data)| count(data)).sum();
    let progress = Progress::new(total as u64);
    output_file::new_folder(&options.output, |folder| {
        if let Some(names) = &names {
            fs::write(folder.join(class_names::FILE), names.to_text())?;
        }
        for (split, data) in &halves {
            write_half(
                &folder.join(split_name(*split)),
                data,
                count(data),
                &progress,
                &interrupted,
            )?;
        }
        Ok(())
    })?;
    drop(progress);

    let mut text = String::new();
    for (split, data) in &halves {
        let images = present::count(count(data));
        let size = format!("{} × {} pixels", data.height(), data.width());
        text += &present::line("unpacked", &format!("{images} {split} images, {size}"));
    }
    print(&(text + &present::line("written", &options.output.display().to_string())))
}

/// Writes the first `count` images of a half, a folder for each label.
fn write_half(
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
    // All names are as long, so that they come in order in any list.
    let digits = (count - 1).to_string().len();
    let (height, width) = (data.height() as u32, data.width() as u32);
    let images = data.images().par_chunks_exact(data.pixels());
    images
        .zip(labels)
        .enumerate()
        .try_for_each(|(index, (image, label))| {
            ensure!(!interrupted.load(Ordering::Relaxed), Interrupted);
            let image: GrayImage = ImageBuffer::from_raw(width, height, image.to_vec())
                .expect("it has so many pixels");
            let name = format!("{label}/{index:0digits$}.png");
            fs::write(folder.join(name), png(&image)?)?;
            progress.advance(1);
            Ok(())
        })
}
