//! What can be wrong with a file or a data set: a variant and a message each.
//!
//! A message does not repeat that of the error's source; print the whole chain.

use std::io;
use std::path::{Path, PathBuf};

use crate::{ElementType, Split};

/// What is wrong with an array in the IDX format, whether it is in a file or in memory.
/// [`Error::File`] adds the path.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// There are no bytes.
    #[error(
        "empty: expected an IDX header of at least 8 bytes, found 0 bytes; copy or download the file again"
    )]
    Empty,
    /// Gzip data where raw IDX data is expected.
    #[error("gzip data: expected a raw IDX header, found the bytes 1f 8b; decompress it first")]
    Compressed,
    /// The first two bytes are not zero, so this is another format.
    #[error(
        "not an IDX file: expected it to start with the bytes 00 00, found {}",
        hex(found)
    )]
    Magic {
        /// The first bytes, up to four.
        found: Vec<u8>,
    },
    /// The third byte is not an element type.
    #[error(
        "unknown element type: expected 0x08, 0x09, 0x0b, 0x0c, 0x0d or 0x0e, found {found:#04x}"
    )]
    UnknownType {
        /// The third byte.
        found: u8,
    },
    /// An array must have 1 to 255 dimensions.
    #[error("wrong number of dimensions: expected 1 to 255, found {found}")]
    DimensionCount {
        /// The number of dimensions.
        found: usize,
    },
    /// The data ends within the header.
    #[error(
        "truncated header: expected {expected} bytes, found {found}; copy or download the file again"
    )]
    ShortHeader {
        /// Bytes that the header needs.
        expected: usize,
        /// Bytes found.
        found: usize,
    },
    /// A dimension does not fit in the header's 32 bits.
    #[error("dimension too large: expected at most {}, found {found}", u32::MAX)]
    DimensionSize {
        /// The dimension.
        found: usize,
    },
    /// The array has more bytes than this machine can address.
    #[error(
        "array too large: expected at most {} bytes, found the shape {}",
        usize::MAX,
        shape(dimensions)
    )]
    TooLarge {
        /// The dimensions.
        dimensions: Vec<usize>,
    },
    /// There is not enough memory for the array.
    #[error(
        "not enough memory for an array of {expected} bytes; map the raw file instead of reading it"
    )]
    OutOfMemory {
        /// Bytes of header and elements.
        expected: usize,
    },
    /// The data ends before the last element.
    #[error(
        "shorter than its header says: expected {expected} bytes, found {found}; copy or download the file again"
    )]
    TooShort {
        /// Bytes of header and elements.
        expected: u64,
        /// Bytes found.
        found: u64,
    },
    /// Bytes follow the last element.
    #[error(
        "longer than its header says: expected {expected} bytes, found {}; copy or download the file again",
        found.map_or("more".to_string(), |found| found.to_string())
    )]
    TooLong {
        /// Bytes of header and elements.
        expected: u64,
        /// Bytes found; `None` in a stream, which is not read to its end.
        found: Option<u64>,
    },
    /// The gzip data is corrupt or truncated.
    #[error(
        "corrupt gzip data (copy or download the file again): expected {}, found an error after {inflated} bytes",
        expected.map_or("an IDX header".to_string(), |expected| format!("{expected} bytes"))
    )]
    Gzip {
        /// Bytes of header and elements, once the header is known.
        expected: Option<u64>,
        /// Bytes decompressed before the error.
        inflated: u64,
        /// The decompressor's error.
        source: io::Error,
    },
    /// The gzip data has a wrong checksum, is truncated there, or is followed by something else.
    #[error(
        "corrupt gzip data (copy or download the file again): expected a checksum and the end of \
         the file after {expected} bytes, found something else"
    )]
    GzipEnd {
        /// Bytes of header and elements, all decompressed.
        expected: u64,
        /// The decompressor's error.
        source: io::Error,
    },
    /// The elements are of another type than the one asked for.
    #[error("wrong element type: expected {expected}, found {found}")]
    ElementType {
        /// The type asked for.
        expected: ElementType,
        /// The type of the array.
        found: ElementType,
    },
    /// There are more or fewer elements than the shape holds.
    #[error(
        "wrong number of elements: expected {expected} for the shape {}, found {found}",
        shape(dimensions)
    )]
    ElementCount {
        /// The shape asked for.
        dimensions: Vec<usize>,
        /// Elements of that shape.
        expected: usize,
        /// Elements given.
        found: usize,
    },
    /// Reading or writing failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Why a file or a data set cannot be used. The message names the file, what was expected and what
/// was found; for [`File`](Self::File), the last two are its [source](std::error::Error::source)'s.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file cannot be opened, read or written, or is not a valid IDX file.
    #[error("{}: cannot {action}", path.display())]
    File {
        /// The file or folder, or the name given to bytes in memory.
        path: PathBuf,
        /// What was tried: "open", "read", "map", "write" or "list the folder".
        action: &'static str,
        /// What is wrong.
        source: FormatError,
    },
    /// The folder of the data set does not exist.
    #[error(
        "{}: no such folder: expected a folder with the files of a data set, found nothing; \
         the four files of MNIST are at https://github.com/cvdfoundation/mnist",
        folder.display()
    )]
    MissingFolder {
        /// The folder.
        folder: PathBuf,
    },
    /// A file of the split is missing from the folder.
    #[error(
        "{}: no {what} of the {split} set: expected {} (or the same with .gz), found {}",
        folder.display(), list(expected), list(found)
    )]
    MissingFile {
        /// The folder.
        folder: PathBuf,
        /// The split that was searched for.
        split: Split,
        /// "images" or "labels".
        what: &'static str,
        /// The names searched for, without `.gz`.
        expected: Vec<String>,
        /// The names of the files in the folder, sorted.
        found: Vec<String>,
    },
    /// The folder holds several data sets, all of them with a prefix.
    #[error(
        "{}: several data sets: expected one, or a prefix to choose one by, found the prefixes {}",
        folder.display(), list(found)
    )]
    SeveralDataSets {
        /// The folder.
        folder: PathBuf,
        /// The prefixes of the data sets, sorted.
        found: Vec<String>,
    },
    /// The file of images is not an array of bytes in three dimensions.
    #[error(
        "{}: not images: expected u8 [count, height, width], found {element_type} {}{}",
        path.display(), shape(dimensions), not_images_hint(dimensions)
    )]
    NotImages {
        /// The file.
        path: PathBuf,
        /// The type of its elements.
        element_type: ElementType,
        /// Its dimensions.
        dimensions: Vec<usize>,
    },
    /// The file of labels is neither a vector of integers nor QMNIST's table.
    #[error(
        "{}: not labels: expected integers [count] or i32 [count, columns], found {element_type} {}; are images and labels swapped?",
        path.display(), shape(dimensions)
    )]
    NotLabels {
        /// The file.
        path: PathBuf,
        /// The type of its elements.
        element_type: ElementType,
        /// Its dimensions.
        dimensions: Vec<usize>,
    },
    /// There are no images, or the images have no pixels.
    #[error(
        "{}: no pixels: expected at least one image of at least one pixel, found {}",
        path.display(), shape(dimensions)
    )]
    NoPixels {
        /// The file.
        path: PathBuf,
        /// `[count, height, width]`, one of them 0.
        dimensions: Vec<usize>,
    },
    /// There are more images than labels, or fewer.
    #[error(
        "{}: wrong number of labels: expected {expected}, one for each image of {}, found {found}; take both files from the same data set",
        labels.display(), images.display()
    )]
    LabelCount {
        /// The file of images.
        images: PathBuf,
        /// The file of labels.
        labels: PathBuf,
        /// Number of images.
        expected: usize,
        /// Number of labels.
        found: usize,
    },
    /// A label is not a class.
    #[error("{}: label {index} is out of range: expected 0 to 255, found {found}", path.display())]
    LabelRange {
        /// The file of labels.
        path: PathBuf,
        /// The index of the label, from 0.
        index: usize,
        /// The label.
        found: i64,
    },
}

impl Error {
    /// Adds the path and what was tried to what is wrong.
    pub(crate) fn file<E: Into<FormatError>>(
        path: &Path,
        action: &'static str,
    ) -> impl Fn(E) -> Error {
        move |error| Error::File {
            path: path.to_owned(),
            action,
            source: error.into(),
        }
    }
}

/// Dimensions as `[60000, 28, 28]`, the first eight of them.
fn shape(dimensions: &[usize]) -> String {
    let shown: Vec<String> = dimensions.iter().take(8).map(usize::to_string).collect();
    let more = if dimensions.len() > 8 { ", …" } else { "" };
    format!("[{}{more}]", shown.join(", "))
}

/// Bytes as `89 50 4e 47`.
fn hex(bytes: &[u8]) -> String {
    let bytes: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    bytes.join(" ")
}

/// The first twelve names, separated by commas.
fn list(names: &[String]) -> String {
    match names.len() {
        0 => "no files".to_string(),
        1..=12 => names.join(", "),
        n => format!("{} and {} more", names[..12].join(", "), n - 12),
    }
}

/// A hint for an array of this shape that was opened as images.
fn not_images_hint(dimensions: &[usize]) -> &'static str {
    match dimensions {
        [_] => "; are images and labels swapped?",
        _ => "; only greyscale images of one byte a pixel are supported",
    }
}
