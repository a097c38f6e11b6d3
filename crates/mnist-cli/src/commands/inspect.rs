//! `inspect`: what an IDX file or a data set is.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use mnist_idx::{Dataset, ElementType, IdxFile, Split};
use serde::Serialize;

use crate::data::order::{self, SORTED_BY_CLASS};
use crate::data::{
    ClassNames, FileReport, ImageReport, ReadingOptions, SplitReport, class, size_of, split_parser,
};
use crate::terminal::{bars, examples, image, line, plural, print, print_json, usage};

/// Show what an IDX file or a data set is: type, shape, size, SHA-256 of the raw bytes, whether
/// it is a file of MNIST or Fashion-MNIST, and how many images each label has
#[derive(Debug, Args)]
#[command(after_help = examples(&[
    ("inspect data", "both splits of a data set"),
    ("inspect data --show 0", "draw the first training image"),
    ("inspect labels.idx1-ubyte.gz", "one file"),
]))]
pub struct Options {
    /// An IDX file, raw or gzip, or the folder of a data set
    #[arg(value_name = "FILE|FOLDER")]
    path: PathBuf,
    #[command(flatten)]
    reading: ReadingOptions,
    /// Only this split of the data set in the folder
    #[arg(long, value_parser = split_parser())]
    split: Option<Split>,
    /// Draw image N, counted from 0, with its label; of the training set, unless --split says
    /// test
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    show: Option<usize>,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// What `--json` prints of a file.
#[derive(Serialize)]
struct OneFile {
    #[serde(flatten)]
    file: FileReport,
    #[serde(skip_serializing_if = "Option::is_none")]
    shown: Option<ImageReport>,
}

/// What `--json` prints of a folder.
#[derive(Serialize)]
struct Folder {
    splits: Vec<SplitReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    class_names: Option<ClassNames>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shown: Option<ImageReport>,
}

impl Options {
    /// Inspects the file or the folder, prints.
    pub fn run(&self) -> Result<()> {
        match self.path.is_dir() {
            true => self.folder(),
            false => self.file(),
        }
    }

    fn file(&self) -> Result<()> {
        for (option, given) in [
            ("--prefix", self.reading.prefix.is_some()),
            ("--split", self.split.is_some()),
        ] {
            if given {
                let path = self.path.display();
                usage!("{option} chooses in a folder, but {path} is a file");
            }
        }
        let file = self.reading.open(&self.path)?;
        let shown = self.show.map(|index| self.image_of(&file, index));
        let report = OneFile {
            shown: shown.transpose()?,
            file: FileReport::new(&file),
        };
        if self.json {
            return print_json(&report);
        }
        let mut text = file_text("file", &report.file, None);
        if let Some(image) = report.shown {
            text += &format!("\nimage {}\n{}", image.index, drawn(&image));
        }
        print(&text)
    }

    fn folder(&self) -> Result<()> {
        let mut splits = Vec::new();
        let mut shown = None;
        for (split, files) in self.reading.find_all(&self.path, self.split)? {
            let images = self.reading.open(&files.images)?;
            let labels = self.reading.open(&files.labels)?;
            let files = [&images, &labels].map(FileReport::new);
            let data = Dataset::new(images, labels)?;
            let data = self.upright(data);
            if let (Some(index), None) = (self.show, &shown) {
                shown = ImageReport::new(&data, index);
                if shown.is_none() {
                    return no_such_image(data.images_path(), index, data.len());
                }
            }
            splits.push(SplitReport::new(split, files, &data));
        }
        let classes = splits.iter().map(|split| split.classes).max();
        let report = Folder {
            class_names: ClassNames::read(&self.path, classes.unwrap_or(0))?,
            splits,
            shown,
        };
        if self.json {
            return print_json(&report);
        }
        let names = report.class_names.as_ref();
        let splits = report.splits.iter().map(|split| split_text(split, names));
        let mut text = splits.collect::<Vec<_>>().join("\n");
        if let (Some(image), Some(split)) = (report.shown, report.splits.first()) {
            let (split, index) = (split.split, image.index);
            let label = class(image.label.unwrap_or_default().into(), names);
            text += &format!("\n{split} image {index}, label {label}\n{}", drawn(&image));
        }
        print(&text)
    }

    /// The images, transposed if the options say so.
    fn upright(&self, data: Dataset) -> Dataset {
        match self.reading.transpose {
            Some(true) => data.transpose(),
            _ => data,
        }
    }

    /// An image of a file without its labels.
    fn image_of(&self, file: &IdxFile, index: usize) -> Result<ImageReport> {
        let (path, header) = (file.path(), file.header());
        let (count, height, width) = match (header.element_type(), header.dimensions()) {
            (ElementType::U8, &[count, height, width]) => (count, height, width),
            (element_type, dimensions) => usage!(
                "--show draws images, u8 [count, height, width], but {} is {element_type} \
                 {dimensions:?}",
                path.display()
            ),
        };
        let Some(image) = file.view().get(index) else {
            return no_such_image(path, index, count);
        };
        let pixels = image.bytes().to_vec();
        let data = self.upright(Dataset::from_parts(path, height, width, pixels, vec![0])?);
        Ok(ImageReport {
            index,
            label: None,
            size: size_of(&data),
            pixels: data.images().to_vec(),
        })
    }
}

fn no_such_image<T>(path: &Path, index: usize, count: usize) -> Result<T> {
    let (path, count) = (path.display(), plural(count, "image"));
    usage!("--show {index}: {path} has {count}, counted from 0")
}

fn drawn(image: &ImageReport) -> String {
    image::draw(&image.pixels, image.size.height, image.size.width)
}

fn split_text(split: &SplitReport, names: Option<&ClassNames>) -> String {
    let mut classes = format!("{} classes", split.classes);
    let counts = split.labels.label_counts.as_ref();
    let seen = counts.map_or(0, |counts| counts.len());
    if seen < split.classes {
        classes += &format!(", {} without an image", split.classes - seen);
    }
    let (images, size) = (plural(split.count, "image"), split.size);
    let mut text = line(split.split, format!("{images}, {size} pixels, {classes}"));
    text += &line("pictures", split.preparation);
    text += &format!("\n{}", file_text("images", &split.images, None));
    text += &format!("\n{}", file_text("labels", &split.labels, names));
    if split.sorted_by_class {
        text += &format!("\nwarning: {SORTED_BY_CLASS}: {}\n", order::SHUFFLE);
    }
    text
}

fn file_text(what: &str, file: &FileReport, names: Option<&ClassNames>) -> String {
    let raw = plural(file.raw_size, "byte");
    let size = match (file.gzip, file.file_size) {
        (false, _) => format!("{raw}, raw"),
        (true, None) => format!("gzip of {raw} raw"),
        (true, Some(size)) => format!("{}, gzip of {raw} raw", plural(size as usize, "byte")),
    };
    let known = file.known.unwrap_or("not a file of MNIST or Fashion-MNIST");
    let mut text = line(what, file.path.display());
    text += &line("type", &file.element_type);
    text += &line("shape", format!("{:?}", file.shape));
    text += &line("size", size);
    text += &line("raw SHA-256", &file.raw_sha256);
    text += &line("known", known);
    if let Some(counts) = &file.label_counts {
        let label = |label: i64| match usize::try_from(label) {
            Ok(label) => class(label, names),
            Err(_) => label.to_string(),
        };
        let counts = counts.iter().map(|(&of, &count)| (label(of), count));
        text += &format!("\n{}", bars::counts(counts));
    }
    text
}
