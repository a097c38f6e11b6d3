//! What a file is by its first bytes.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use anyhow::{Context, Error, Result, anyhow};
use flate2::bufread::MultiGzDecoder;
use image::ImageFormat::{Bmp, Jpeg, Png, Pnm};

/// The bytes that a file is recognised by.
const HEAD: u64 = 4096;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FileKind {
    Idx,
    Csv,
    Npz,
    /// Of a format that the program reads.
    Picture,
    /// What it is, and what to do about it.
    NotRead(&'static str, &'static str),
    Unknown,
}

const PICKLE: &str = "if you trust it: d = pickle.load(gzip.open('FILE'), encoding='latin1') (or open(…, \
     'rb') if it is not gzip), and SAVE";

/// Stands for the rest of a line of Python.
const SAVE: &str =
    "numpy.savez('set.npz', x_train=…, y_train=…, x_test=…, y_test=…) of what is in d";

/// Stands for the rest of a line of pandas, which makes CSV of what it reads, field by field.
const TO_CSV: &str = "header=None, dtype=str).to_csv('FILE.csv', header=False, index=False)";

impl FileKind {
    /// Looks at the start of a file, raw or gzip. What is no regular file is not looked at.
    pub fn of(path: &Path) -> Result<Self> {
        let unreadable = || format!("{}: can't be read", path.display());
        let mut head = Vec::new();
        if path.metadata().with_context(unreadable)?.is_file() {
            // What is damaged ends here, and its own reader says so.
            let _ = open(path)
                .with_context(unreadable)?
                .take(HEAD)
                .read_to_end(&mut head);
        }
        Ok(Self::of_head(&head))
    }

    /// Recognises the first bytes of a file that is not compressed.
    fn of_head(head: &[u8]) -> Self {
        let format = || image::guess_format(head).ok();
        let is = |magic: &[u8]| head.starts_with(magic);
        let name = String::from_utf8_lossy(head.get(30..).unwrap_or_default());
        let is_text = |byte: &u8| !byte.is_ascii_control() || byte.is_ascii_whitespace();
        let is_table = |separator| {
            let separators = head.iter().filter(|&&byte| byte == separator).count();
            12 * separators > head.len() && head.iter().all(is_text)
        };
        let (what, advice) = match head {
            [0, 0, 8..=14, ..] => return Self::Idx,
            [b'P', b'K', 3, 4, ..] => match name.split_once(".npy") {
                Some((name, _)) if !name.contains('/') => return Self::Npz,
                _ if name.contains("/data.pkl") => {
                    ("a file of PyTorch", "save safetensors instead")
                }
                _ => ("a zip archive", "unzip FILE"),
            },
            [0x80, 2..=5, ..] => ("a pickle", PICKLE),
            _ if is(b"PAR1") => (
                "a Parquet file",
                "d = pandas.read_parquet('FILE'), and SAVE",
            ),
            _ if is(b"\x89HDF") => ("an HDF5 file", "d = h5py.File('FILE'), and SAVE"),
            _ if is(b"MATLAB") => ("a MATLAB file", "d = scipy.io.loadmat('FILE'), and SAVE"),
            _ if is(b"\x93NUMPY") => ("a single array", "d = numpy.load('FILE'), and SAVE"),
            _ if is(b"<!") || is(b"<html") => ("a web page", "download it from another address"),
            _ if is(b"version https://git-lfs") => ("a pointer of Git LFS", "git lfs pull"),
            _ if head.get(257..262) == Some(b"ustar") => ("a tar archive", "tar xf FILE"),
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => (
                "text in UTF-16",
                "pandas.read_csv('FILE', encoding='utf-16', TO_CSV",
            ),
            _ if is_table(b';') => (
                "a table with semicolons",
                "pandas.read_csv('FILE', sep=';', TO_CSV",
            ),
            _ if is_table(b',') => return Self::Csv,
            _ if matches!(format(), Some(Png | Jpeg | Bmp | Pnm)) => return Self::Picture,
            _ if is_table(b'\t') => (
                "a table with tabs",
                "pandas.read_csv('FILE', sep='\\t', TO_CSV",
            ),
            _ => return Self::Unknown,
        };
        Self::NotRead(what, advice)
    }

    /// What is said of a file where another kind is needed, if it is known what it is.
    pub fn explained(path: &Path) -> Option<Error> {
        let name = path.display();
        let (what, advice) = match Self::of(path).ok()? {
            Self::Idx | Self::Unknown => return None,
            Self::Csv | Self::Npz => ("CSV or .npz", "`pack FILE -o FOLDER` makes IDX files of it"),
            Self::Picture => (
                "a picture",
                "`pack` makes a data set of folders of pictures, and `predict FILE` reads this one",
            ),
            Self::NotRead(what, advice) => (what, advice),
        };
        let advice = advice
            .replace("SAVE", SAVE)
            .replace("TO_CSV", TO_CSV)
            .replace("FILE", &name.to_string());
        Some(anyhow!("{name}: {what}, which is not read here: {advice}"))
    }
}

/// Opens a file, raw or gzip.
pub fn open(path: &Path) -> Result<Box<dyn BufRead>> {
    let mut file = BufReader::with_capacity(1 << 18, File::open(path)?);
    Ok(match file.fill_buf()?.starts_with(b"\x1f\x8b") {
        true => Box::new(BufReader::with_capacity(1 << 18, MultiGzDecoder::new(file))),
        false => Box::new(file),
    })
}
