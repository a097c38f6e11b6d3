//! The ways a file or a data set can be wrong: a variant and a message for each.
//!
//! A message holds the reason's own, hence no reason is also a [`source`](std::error::Error::source):
//! who prints the chain of sources would print it twice.

use std::io;
use std::path::{Path, PathBuf};

use crate::{ElementType, Split};

/// What is wrong with an array in the IDX format, whichever file or buffer it comes from.
///
/// [`Error`] is the same with the path of the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// There is not one byte.
    #[error(
        "empty: expected an IDX header of at least 8 bytes, found 0 bytes; copy or download the file again"
    )]
    Empty,
    /// Gzip where raw IDX bytes are expected.
    #[error("gzip data: expected a raw IDX header, found the gzip bytes 1f 8b; inflate it first")]
    Compressed,
    /// The first two bytes are not zero, so it is something else.
    #[error(
        "not an IDX file: expected it to start with the bytes 00 00, found {}",
        hex(found)
    )]
    Magic {
        /// The first bytes, up to four.
        found: Vec<u8>,
    },
    /// The third byte is no element type.
    #[error(
        "unknown element type: expected 0x08, 0x09, 0x0b, 0x0c, 0x0d or 0x0e, found {found:#04x}"
    )]
    UnknownType {
        /// The third byte.
        found: u8,
    },
    /// An array must have from 1 to 255 dimensions.
    #[error("wrong number of dimensions: expected 1 to 255, found {found}")]
    DimensionCount {
        /// The number of dimensions.
        found: usize,
    },
    /// The end came before the end of the header.
    #[error(
        "the header is cut short: expected {expected} bytes, found {found}; copy or download the file again"
    )]
    ShortHeader {
        /// Bytes that the header needs.
        expected: usize,
        /// Bytes that there are.
        found: usize,
    },
    /// A dimension to be written does not fit in the header's 32 bits.
    #[error("dimension too large: expected at most {}, found {found}", u32::MAX)]
    DimensionSize {
        /// The dimension.
        found: usize,
    },
    /// The array has more bytes than this machine can address.
    #[error(
        "array too large: expected at most {} bytes, found a header of the shape {}",
        usize::MAX,
        shape(dimensions)
    )]
    TooLarge {
        /// The dimensions of the header.
        dimensions: Vec<usize>,
    },
    /// The memory for the array cannot be had.
    #[error(
        "not enough memory: expected {expected} bytes to be available; map the raw file instead of reading it"
    )]
    OutOfMemory {
        /// Bytes that were asked for.
        expected: usize,
    },
    /// The end came before the last element.
    #[error(
        "shorter than its header says: expected {expected} bytes, found {found}; copy or download the file again"
    )]
    TooShort {
        /// Bytes of header and elements.
        expected: u64,
        /// Bytes that there are.
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
        /// Bytes that there are; `None` in a stream, which is not read to its end.
        found: Option<u64>,
    },
    /// The gzip data is damaged or cut short.
    #[error(
        "gzip data cannot be inflated: expected {}, found an error after {inflated}: {reason}; copy or download the file again",
        expected.map_or("an IDX header".to_string(), |expected| format!("{expected} bytes"))
    )]
    Gzip {
        /// Bytes of header and elements, once the header is known.
        expected: Option<u64>,
        /// Bytes inflated before the error.
        inflated: u64,
        /// What the inflating library says.
        reason: io::Error,
    },
    /// The gzip data ends with a wrong checksum, is cut short there, or is followed by something
    /// else.
    #[error(
        "gzip data ends wrongly: expected a checksum and the end of the file after {expected} bytes inflated, \
         found something else: {reason}; copy or download the file again"
    )]
    GzipEnd {
        /// Bytes of header and elements, all inflated.
        expected: u64,
        /// What the inflating library says.
        reason: io::Error,
    },
    /// The elements are asked for as a type that they are not.
    #[error("wrong element type: expected {expected}, found {found}")]
    ElementType {
        /// The type asked for.
        expected: ElementType,
        /// The type of the array.
        found: ElementType,
    },
    /// The elements to be written are more or fewer than the shape holds.
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

/// Why a file or a data set cannot be used. Every message names the file, what was expected and
/// what was found.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file cannot be opened, read or written.
    #[error("{}: cannot {action}: {reason}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What was tried: "open", "read", …
        action: &'static str,
        /// What the operating system says.
        reason: io::Error,
    },
    /// The file is not the array that its header says, or no IDX file at all.
    #[error("{}: {reason}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: FormatError,
    },
    /// The folder of the data set is not there.
    #[error(
        "{}: no such folder: expected a folder with the files of a data set, found nothing; \
         the four files of MNIST are at https://github.com/cvdfoundation/mnist",
        folder.display()
    )]
    MissingFolder {
        /// The folder.
        folder: PathBuf,
    },
    /// A file of the split is not in the folder.
    #[error(
        "{}: no {what} of the {split} set: expected {} (or the same with .gz), found {}",
        folder.display(), list(expected), list(found)
    )]
    MissingFile {
        /// The folder.
        folder: PathBuf,
        /// The split that was looked for.
        split: Split,
        /// "images" or "labels".
        what: &'static str,
        /// The names looked for, without `.gz`.
        expected: Vec<String>,
        /// The names of the files in the folder, sorted.
        found: Vec<String>,
    },
    /// The folder holds several data sets and none of them is without prefix.
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
    /// The file of images is no array of bytes in three dimensions.
    #[error(
        "{}: no images: expected u8 [count, height, width], found {element_type} {}{}",
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
    /// The file of labels is neither a list of integers nor QMNIST's table.
    #[error(
        "{}: no labels: expected integers [count] or i32 [count, columns], found {element_type} {}; are images and labels swapped?",
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
    /// The file has no image, or its images have no pixel.
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
    /// A label is no class.
    #[error("{}: label {index} is no class: expected 0 to 255, found {found}", path.display())]
    LabelRange {
        /// The file of labels.
        path: PathBuf,
        /// Which label, from 0.
        index: usize,
        /// The label.
        found: i64,
    },
}

impl Error {
    /// Puts the path to what is wrong with an array; `action` is for the system's errors.
    pub(crate) fn format(
        path: &Path,
        action: &'static str,
    ) -> impl Fn(FormatError) -> Error + Copy {
        move |reason| match reason {
            FormatError::Io(reason) => Error::io(path, action)(reason),
            reason => Error::Format {
                path: path.to_owned(),
                reason,
            },
        }
    }

    /// Puts the path to what the operating system refused.
    pub(crate) fn io(path: &Path, action: &'static str) -> impl Fn(io::Error) -> Error + Copy {
        move |reason| Error::Io {
            path: path.to_owned(),
            action,
            reason,
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

/// Names with commas between them, the first twelve.
fn list(names: &[String]) -> String {
    match names.len() {
        0 => "no files".to_string(),
        1..=12 => names.join(", "),
        n => format!("{} and {} more", names[..12].join(", "), n - 12),
    }
}

/// What may be the matter with images of this shape.
fn not_images_hint(dimensions: &[usize]) -> &'static str {
    match dimensions {
        [_] => "; are images and labels swapped?",
        _ => ": one grey channel, from 0 to 255, is read",
    }
}
