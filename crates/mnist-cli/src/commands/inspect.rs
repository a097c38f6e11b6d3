//! `inspect`: what an IDX file, a data set or a model is.

use std::path::PathBuf;

use anyhow::{Error, Result};
use clap::Args;
use mnist_idx::{Dataset, ElementType, Split};
use mnist_kernel::Size;
use serde::Serialize;

use crate::data::look::{self, Look};
use crate::data::{
    ClassNames, FileKind, FileReport, ImageReport, ReadingOptions, SplitReport, class,
    split_parser, with_any_labels,
};
use crate::model::{Model, fingerprint, is_safetensors};
use crate::terminal::{bars, examples, image, line, plural, print, print_json, usage, warn, whole};

/// Show what an IDX file or a data set is: type, shape, size, SHA-256 of the raw bytes, whether
/// it is a file of MNIST or Fashion-MNIST, and how many images each label has; or how a model was
/// trained
#[derive(Debug, Args)]
#[command(after_help = examples(&[
    ("inspect data", "both splits of a data set"),
    ("inspect data --show 0", "draw the first training image"),
    ("inspect labels.idx1-ubyte.gz", "one file"),
    ("inspect digits.safetensors", "a model"),
]))]
pub struct Options {
    /// An IDX file, a data set in a folder, a CSV or an .npz file, or a model
    #[arg(value_name = "FILE|FOLDER")]
    path: PathBuf,
    #[command(flatten)]
    reading: ReadingOptions,
    /// Only this split of the data set in the folder
    #[arg(long, value_parser = split_parser())]
    split: Option<Split>,
    /// Draw image N, counted from 0, with its label; of the training set, unless --split says
    /// test
    #[arg(long, value_name = "N", value_parser = whole::<usize, 0>)]
    show: Option<usize>,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// What `--json` prints of a file or of a data set.
#[derive(Serialize)]
struct Report<T> {
    #[serde(flatten)]
    of: T,
    warnings: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shown: Option<ImageReport>,
}

#[derive(Serialize)]
struct Splits {
    splits: Vec<SplitReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    class_names: Option<ClassNames>,
}

impl Options {
    /// Inspects the file or the folder, prints.
    pub fn run(&self) -> Result<()> {
        let is_set = || {
            let kind = FileKind::of(&self.path)?;
            Ok::<_, Error>(matches!(kind, FileKind::Csv | FileKind::Npz))
        };
        if self.path.is_dir() || self.path.is_file() && is_set()? {
            return self.data_set();
        }
        for (option, given) in [
            ("--prefix", self.reading.prefix.is_some()),
            ("--split", self.split.is_some()),
        ] {
            if given {
                let path = self.path.display();
                usage!("{option} chooses in a folder, but {path} is a file");
            }
        }
        match is_safetensors(&self.path) {
            true => self.model(),
            false => self.file(),
        }
    }

    fn model(&self) -> Result<()> {
        let model = Model::load(&self.path)?;
        if self.json {
            let mut report = serde_json::to_value(&model.metadata)?;
            report["classes"] = model.network.shape().classes().into();
            report["fingerprint"] = fingerprint(&model.network).into();
            return print_json(&report);
        }
        let facts = model.facts().into_iter();
        let facts = facts.map(|(name, value)| line(&name.to_lowercase(), value));
        print(&(line("model", self.path.display()) + &facts.collect::<String>()))
    }

    fn file(&self) -> Result<()> {
        let file = self.reading.open(&self.path)?;
        let view = file.view();
        let (element_type, dimensions) = (view.element_type(), view.dimensions());
        let look = match (element_type, dimensions) {
            (ElementType::U8, &[_, height, width]) => {
                Look::of_images(&self.path, view.bytes(), Size { height, width })
            }
            _ if self.show.is_some() => usage!(
                "--show draws images, u8 [count, height, width], but {} is {element_type} \
                 {dimensions:?}",
                self.path.display()
            ),
            _ => Look::default(),
        };
        let learned = Look::default();
        let warnings = match dimensions.len() {
            3 => self.reading.warnings(&self.path, false, &learned, &look),
            _ => Vec::new(),
        };
        let mut report = Report {
            of: FileReport::new(&file),
            warnings,
            shown: None,
        };
        if let Some(index) = self.show {
            let data = self.reading.upright(with_any_labels((file, None))?, false);
            let mut image = image_of(&data, index)?;
            // The labels are not known.
            image.label = None;
            report.shown = Some(image);
        }
        if self.json {
            return print_json(&report);
        }
        let mut text = file_text("file", &report.of, None) + &warnings_text(&report.warnings);
        if let Some(image) = report.shown {
            let drawn = image::draw(&image.pixels, image.size);
            text += &format!("\nimage {}\n{drawn}", image.index);
        }
        print(&text)
    }

    fn data_set(&self) -> Result<()> {
        let (mut splits, mut datasets) = (Vec::new(), [None, None]);
        let mut shown = None;
        let mut path = PathBuf::new();
        for (split, (images, labels)) in self.reading.all(&self.path, self.split)? {
            path = images.path().to_owned();
            let Some(labels) = labels else {
                warn(&format!("{}: images without labels", path.display()));
                continue;
            };
            let files = [&images, &labels].map(FileReport::new);
            let data = self.reading.upright(Dataset::new(images, labels)?, false);
            if let (Some(index), None) = (self.show, &shown) {
                shown = Some(image_of(&data, index)?);
            }
            splits.push(SplitReport::new(split, files, &data));
            datasets[usize::from(split == Split::Test)] = Some(data);
        }
        let [train, test] = datasets.each_ref().map(Option::as_ref);
        let repeated = train.zip(test).and_then(look::repeated);
        let look = |data: &Dataset| Look::new(data, 0..data.len());
        let [train, test] = [train, test].map(|data| data.map(look).unwrap_or_default());
        let warnings = self
            .reading
            .warnings(&path, false, &train, &test)
            .into_iter();
        let classes = splits.iter().map(|split| split.classes).max();
        let class_names = ClassNames::of_set(&path, classes.unwrap_or(0))?;
        let report = Report {
            of: Splits {
                splits,
                class_names,
            },
            warnings: warnings.chain(repeated).take(look::MOST).collect(),
            shown,
        };
        if self.json {
            return print_json(&report);
        }
        let Splits {
            splits,
            class_names,
        } = report.of;
        let names = class_names.as_ref();
        let texts = splits.iter().map(|split| split_text(split, names));
        let mut text = texts.collect::<Vec<_>>().join("\n") + &warnings_text(&report.warnings);
        if let (Some(image), Some(split)) = (report.shown, splits.first()) {
            let (split, index) = (split.split, image.index);
            let label = class(image.label.unwrap_or_default().into(), names);
            let drawn = image::draw(&image.pixels, image.size);
            text += &format!("\n{split} image {index}, label {label}\n{drawn}");
        }
        print(&text)
    }
}

fn image_of(data: &Dataset, index: usize) -> Result<ImageReport> {
    let Some(image) = ImageReport::new(data, index) else {
        let (path, count) = (data.images_path().display(), plural(data.len(), "image"));
        usage!("--show {index}: {path} has {count}, counted from 0")
    };
    Ok(image)
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
    text
}

fn warnings_text(warnings: &[String]) -> String {
    let warnings = warnings
        .iter()
        .map(|warning| format!("\nwarning: {warning}\n"));
    warnings.collect()
}

fn file_text(what: &str, file: &FileReport, names: Option<&ClassNames>) -> String {
    let raw = plural(file.raw_size, "byte");
    let size = match (file.gzip, file.file_size) {
        // In a file of another form.
        (false, Some(size)) if size != file.raw_size as u64 => {
            format!("{}, {raw} as a raw IDX file", plural(size as usize, "byte"))
        }
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
