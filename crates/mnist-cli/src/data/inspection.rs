//! What an IDX file is and what a split is, as `inspect` reports it.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::path::PathBuf;

use mnist_idx::{Dataset, IdxFile, Split, View};
use mnist_kernel::Size;
use serde::Serialize;

use super::order::sorted_by_class;
use super::preparation::Preparation;
use super::size::{SizeFields, size_of};
use super::split::split_name;
use crate::files::sha256;

/// An IDX file.
#[derive(Serialize)]
pub struct FileReport {
    pub path: PathBuf,
    #[serde(rename = "type")]
    pub element_type: String,
    pub shape: Vec<usize>,
    pub gzip: bool,
    /// Bytes of the file on disk; none if it is not a regular file.
    pub file_size: Option<u64>,
    /// Bytes of the raw file, header included.
    pub raw_size: usize,
    /// SHA-256 of the raw file, in hex digits.
    pub raw_sha256: String,
    /// The published file that it is, if it is one.
    pub known: Option<&'static str>,
    /// How often each label is there, if these are labels.
    pub label_counts: Option<BTreeMap<i64, u64>>,
}

impl FileReport {
    /// Reads all of the file.
    pub fn new(file: &IdxFile) -> Self {
        let metadata = file.path().metadata().ok().filter(Metadata::is_file);
        let raw_sha256 = sha256(file.bytes());
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

/// One split of a data set.
#[derive(Serialize)]
pub struct SplitReport {
    /// `"train"` or `"test"`.
    pub split: &'static str,
    pub images: FileReport,
    pub labels: FileReport,
    pub count: usize,
    #[serde(flatten, with = "SizeFields")]
    pub size: Size,
    /// The largest label + 1.
    pub classes: usize,
    pub sorted_by_class: bool,
    /// How pictures are prepared for a network that is trained on these images.
    pub preparation: Preparation,
}

impl SplitReport {
    /// Reports a split, given the reports of its two files.
    pub fn new(split: Split, [images, labels]: [FileReport; 2], data: &Dataset) -> Self {
        Self {
            split: split_name(split),
            images,
            labels,
            count: data.len(),
            size: size_of(data),
            classes: data.classes(),
            sorted_by_class: sorted_by_class(data.labels()),
            preparation: Preparation::of(data.images(), size_of(data)),
        }
    }
}

/// One image.
#[derive(Serialize)]
pub struct ImageReport {
    pub index: usize,
    /// Unknown for a file of images alone.
    pub label: Option<u8>,
    #[serde(flatten, with = "SizeFields")]
    pub size: Size,
    /// `[height, width]`.
    pub pixels: Vec<u8>,
}

impl ImageReport {
    /// Reports the image of a data set with this index, if there is one.
    pub fn new(data: &Dataset, index: usize) -> Option<Self> {
        let pixels = data.image(index)?;
        Some(Self {
            index,
            label: Some(data.labels()[index]),
            size: size_of(data),
            pixels: pixels.to_vec(),
        })
    }
}

/// How often each label occurs, if the array has the type and shape of labels and no more than 256
/// different ones.
fn label_counts(view: View) -> Option<BTreeMap<i64, u64>> {
    let mut counts = BTreeMap::new();
    for label in view.labels()? {
        *counts.entry(label).or_insert(0) += 1;
        if counts.len() > 256 {
            return None;
        }
    }
    Some(counts)
}

/// The published file that has this SHA-256 when it is raw.
fn known(sha256: &str) -> Option<&'static str> {
    let mut known = KNOWN.lines().filter_map(|line| line.split_once("  "));
    known.find_map(|(sum, name)| (sum == sha256).then_some(name))
}

/// The raw files of MNIST, as in `data/`, and of Fashion-MNIST, as in Debian's package
/// `dataset-fashion-mnist`.
const KNOWN: &str = "\
ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db  MNIST training images
65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5  MNIST training labels
0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7  MNIST test images
ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2  MNIST test labels
c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888  Fashion-MNIST training images
bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9  Fashion-MNIST training labels
5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b  Fashion-MNIST test images
0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34  Fashion-MNIST test labels
";
