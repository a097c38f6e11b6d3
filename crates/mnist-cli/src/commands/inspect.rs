//! `inspect`: what an IDX file or a data set is.

use std::mem::swap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use mnist_idx::{Dataset, ElementType, IdxFile};
use serde::Serialize;

use crate::arguments::{ReadingOptions, SplitName};
use crate::class_names::ClassNames;
use crate::data::{SHUFFLE, SORTED_BY_CLASS};
use crate::examples::Example;
use crate::failure::UsageError;
use crate::inspection::{FileReport, ImageReport, SplitReport};
use crate::stdio::{print, print_json};
use crate::{present, terminal_image};

/// The examples of its help.
pub const EXAMPLES: &[Example] = &[
    ("inspect data", "both halves of a data set"),
    ("inspect data --show 0", "draw the first training image"),
    ("inspect labels.idx1-ubyte.gz", "one file"),
];

#[derive(Debug, Args)]
pub struct InspectOptions {
    /// An IDX file, raw or gzip, or the folder of a data set
    #[arg(value_name = "FILE|FOLDER")]
    pub path: PathBuf,
    #[command(flatten)]
    pub reading: ReadingOptions,
    /// Only this half of the data set in the folder
    #[arg(long, value_enum)]
    pub split: Option<SplitName>,
    /// Draw image N, counted from 0, and say its label; of the training set, unless --split says
    /// test
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub show: Option<usize>,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub json: bool,
}

/// Inspects the file or the folder, prints.
pub fn run(options: &InspectOptions) -> Result<()> {
    if options.path.is_dir() {
        folder(options)
    } else {
        file(options)
    }
}

/// What `--json` prints of a file.
#[derive(Serialize)]
struct OfFile {
    #[serde(flatten)]
    file: FileReport,
    #[serde(skip_serializing_if = "Option::is_none")]
    shown: Option<ImageReport>,
}

fn file(options: &InspectOptions) -> Result<()> {
    let path = &options.path;
    for (option, given) in [
        ("--prefix", options.reading.prefix.is_some()),
        ("--split", options.split.is_some()),
    ] {
        if given {
            let what = format!(
                "{option} chooses in a folder, and {} is none",
                path.display()
            );
            return Err(UsageError(what).into());
        }
    }
    let file = options.reading.open(path)?;
    let shown = options
        .show
        .map(|index| image_of(&file, index))
        .transpose()?;
    let report = OfFile {
        shown: shown.map(|image| turned(options, image)),
        file: FileReport::new(&file),
    };
    if options.json {
        return print_json(&report);
    }
    let mut text = file_text("file", &report.file, None);
    if let Some(image) = report.shown {
        text += &format!("\nimage {}\n{}", image.index, drawn(&image));
    }
    print(&text)
}

/// An image of a file without its labels.
fn image_of(file: &IdxFile, index: usize) -> Result<ImageReport, UsageError> {
    let header = file.header();
    let &[count, height, width] = header.dimensions() else {
        return Err(no_images(file));
    };
    if header.element_type() != ElementType::U8 {
        return Err(no_images(file));
    }
    let image = file.view().get(index);
    let image = image.ok_or_else(|| no_such_image(file.path(), index, count))?;
    Ok(ImageReport {
        index,
        label: None,
        height,
        width,
        pixels: image.bytes().to_vec(),
    })
}

fn no_images(file: &IdxFile) -> UsageError {
    UsageError(format!(
        "--show draws images, u8 [count, height, width], but {} is {} {:?}",
        file.path().display(),
        file.header().element_type(),
        file.header().dimensions()
    ))
}

fn no_such_image(path: &Path, index: usize, count: usize) -> UsageError {
    UsageError(format!(
        "--show {index}: {} has {}, counted from 0",
        path.display(),
        present::plural(count as u64, "image")
    ))
}

/// The image as the options want it.
fn turned(options: &InspectOptions, image: ImageReport) -> ImageReport {
    if options.reading.transpose == Some(true) {
        image.transpose()
    } else {
        image
    }
}

/// What `--json` prints of a folder.
#[derive(Serialize)]
struct OfFolder {
    splits: Vec<SplitReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    class_names: Option<ClassNames>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shown: Option<ImageReport>,
}

fn folder(options: &InspectOptions) -> Result<()> {
    let mut report = OfFolder {
        splits: Vec::new(),
        class_names: None,
        shown: None,
    };
    for (split, files) in options.reading.find_all(&options.path, options.split)? {
        let [images, labels] =
            [&files.images, &files.labels].map(|path| options.reading.open(path));
        let (images, labels) = (images?, labels?);
        let files = [&images, &labels].map(FileReport::new);
        let data = Dataset::new(images, labels)?;
        if let (Some(index), None) = (options.show, &report.shown) {
            report.shown = Some(turned(options, labelled_image(&data, index)?));
        }
        let mut split = SplitReport::new(split, files, &data);
        if options.reading.transpose == Some(true) {
            swap(&mut split.height, &mut split.width);
        }
        report.splits.push(split);
    }
    let classes = report.splits.iter().map(|split| split.classes).max();
    report.class_names = ClassNames::read(&options.path, classes.unwrap_or(0))?;
    if options.json {
        return print_json(&report);
    }
    let names = report.class_names.as_ref();
    let splits = report.splits.iter().map(|split| split_text(split, names));
    let mut text = splits.collect::<Vec<_>>().join("\n");
    if let (Some(image), Some(split)) = (report.shown, report.splits.first()) {
        let (index, split) = (image.index, split.split);
        let label = image.label.map(|label| present::class(label.into(), names));
        let label = label
            .map(|label| format!(", label {label}"))
            .unwrap_or_default();
        text += &format!("\n{split} image {index}{label}\n{}", drawn(&image));
    }
    print(&text)
}

fn labelled_image(data: &Dataset, index: usize) -> Result<ImageReport, UsageError> {
    let image = data.image(index);
    let image = image.ok_or_else(|| no_such_image(data.images_path(), index, data.len()))?;
    Ok(ImageReport {
        index,
        label: Some(data.labels()[index]),
        height: data.height(),
        width: data.width(),
        pixels: image.to_vec(),
    })
}

fn drawn(image: &ImageReport) -> String {
    terminal_image::draw(&image.pixels, image.height, image.width)
}

fn split_text(split: &SplitReport, names: Option<&ClassNames>) -> String {
    let images = present::plural(split.count as u64, "image");
    let size = format!("{} × {} pixels", split.height, split.width);
    let mut classes = format!("{} classes", split.classes);
    let seen = split
        .labels
        .label_counts
        .as_ref()
        .map_or(0, |counts| counts.len());
    if seen < split.classes {
        classes += &format!(", {} without an image", split.classes - seen);
    }
    let mut text = present::line(split.split, &format!("{images}, {size}, {classes}"));
    text += "\n";
    text += &file_text("images", &split.images, None);
    text += "\n";
    text += &file_text("labels", &split.labels, names);
    if split.sorted_by_class {
        text += &format!("\nwarning: {SORTED_BY_CLASS}: {SHUFFLE}\n");
    }
    text
}

fn file_text(what: &str, file: &FileReport, names: Option<&ClassNames>) -> String {
    let raw = present::plural(file.raw_size as u64, "byte");
    let size = match (file.gzip, file.file_size) {
        (false, _) => format!("{raw}, raw"),
        (true, None) => format!("gzip of {raw} raw"),
        (true, Some(size)) => format!("{}, gzip of {raw} raw", present::plural(size, "byte")),
    };
    let mut text = present::line(what, &file.path.display().to_string());
    text += &present::line("type", &file.element_type);
    text += &present::line("shape", &format!("{:?}", file.shape));
    text += &present::line("size", &size);
    text += &present::line("raw SHA-256", &file.raw_sha256);
    text += &present::line(
        "known",
        file.known.unwrap_or("not a file of MNIST or Fashion-MNIST"),
    );
    if let Some(counts) = &file.label_counts {
        text += "\n";
        let label = |label: i64| match usize::try_from(label) {
            Ok(label) => present::class(label, names),
            Err(_) => label.to_string(),
        };
        text += &present::bar_chart(counts.iter().map(|(&of, &count)| (label(of), count)));
    }
    text
}
