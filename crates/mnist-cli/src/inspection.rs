//! What an IDX file is, and what a data set is.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::path::PathBuf;

use mnist_idx::{Dataset, Element, ElementType, IdxFile, Split, View};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::arguments::split_name;
use crate::data::sorted_by_class;
use crate::fingerprint::hex;

/// An IDX file.
#[derive(Serialize)]
pub struct FileReport {
    pub path: PathBuf,
    #[serde(rename = "type")]
    pub element_type: String,
    pub shape: Vec<usize>,
    pub gzip: bool,
    /// Bytes of the file as it is; none if it is no regular file.
    pub file_size: Option<u64>,
    /// Bytes of the raw file, header included.
    pub raw_size: usize,
    /// SHA-256 of the raw file, in hex digits.
    pub raw_sha256: String,
    /// Which published file it is.
    pub known: Option<&'static str>,
    /// How often each label is there, if these are labels.
    pub label_counts: Option<BTreeMap<i64, u64>>,
}

impl FileReport {
    /// Reads all of the file.
    pub fn new(file: &IdxFile) -> Self {
        let metadata = file.path().metadata().ok().filter(Metadata::is_file);
        let raw_sha256 = hex(&Sha256::digest(file.bytes()));
        Self {
            path: file.path().to_owned(),
            element_type: file.header().element_type().to_string(),
            shape: file.header().dimensions().to_vec(),
            gzip: file.is_gzip(),
            file_size: metadata.map(|metadata| metadata.len()),
            raw_size: file.bytes().len(),
            known: known(&raw_sha256),
            raw_sha256,
            label_counts: label_counts(file.view()),
        }
    }
}

/// One half of a data set.
#[derive(Serialize)]
pub struct SplitReport {
    /// `"train"` or `"test"`.
    pub split: &'static str,
    pub images: FileReport,
    pub labels: FileReport,
    pub count: usize,
    pub height: usize,
    pub width: usize,
    /// The largest label + 1.
    pub classes: usize,
    pub sorted_by_class: bool,
}

impl SplitReport {
    /// Of the files of images and of labels, and what they are together.
    pub fn new(split: Split, [images, labels]: [FileReport; 2], data: &Dataset) -> Self {
        Self {
            split: split_name(split),
            images,
            labels,
            count: data.len(),
            height: data.height(),
            width: data.width(),
            classes: data.classes(),
            sorted_by_class: sorted_by_class(data.labels()),
        }
    }
}

/// One image.
#[derive(Serialize)]
pub struct ImageReport {
    pub index: usize,
    /// Not known of a file of images alone.
    pub label: Option<u8>,
    pub height: usize,
    pub width: usize,
    /// `[height, width]`.
    pub pixels: Vec<u8>,
}

impl ImageReport {
    /// With rows and columns exchanged.
    pub fn transpose(self) -> Self {
        let Self { height, width, .. } = self;
        let column = |x| (0..height).map(move |y| y * width + x);
        let pixels = (0..width).flat_map(column).map(|at| self.pixels[at]);
        Self {
            pixels: pixels.collect(),
            height: width,
            width: height,
            ..self
        }
    }
}

/// The number of each label, if the array has the type and shape of labels and no more than 256
/// different ones.
fn label_counts(view: View) -> Option<BTreeMap<i64, u64>> {
    use ElementType::{I8, I16, I32, U8};
    match (view.element_type(), view.dimensions()) {
        (U8, [_]) => count::<u8>(view, 1),
        (I8, [_]) => count::<i8>(view, 1),
        (I16, [_]) => count::<i16>(view, 1),
        (I32, [_]) => count::<i32>(view, 1),
        // QMNIST: the class is the first column.
        (I32, &[_, columns]) if columns > 0 => count::<i32>(view, columns),
        _ => None,
    }
}

/// Counts every `step`th element.
fn count<T: Element + Into<i64>>(view: View, step: usize) -> Option<BTreeMap<i64, u64>> {
    let mut counts = BTreeMap::new();
    for label in view.elements::<T>().ok()?.iter().step_by(step) {
        *counts.entry(label.into()).or_insert(0) += 1;
        if counts.len() > 256 {
            return None;
        }
    }
    Some(counts)
}

/// Which published file has this SHA-256 when it is raw.
fn known(sha256: &str) -> Option<&'static str> {
    let known = KNOWN.iter().find(|(_, known)| *known == sha256);
    known.map(|&(name, _)| name)
}

/// The raw files of MNIST, as in `data/`, and of Fashion-MNIST, as in Debian's package
/// `dataset-fashion-mnist`.
const KNOWN: [(&str, &str); 8] = [
    (
        "MNIST training images",
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    ),
    (
        "MNIST training labels",
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    ),
    (
        "MNIST test images",
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    ),
    (
        "MNIST test labels",
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ),
    (
        "Fashion-MNIST training images",
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    ),
    (
        "Fashion-MNIST training labels",
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    ),
    (
        "Fashion-MNIST test images",
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    ),
    (
        "Fashion-MNIST test labels",
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    ),
];
