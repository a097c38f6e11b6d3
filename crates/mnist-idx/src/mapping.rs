//! Mapping files into memory: the only unsafe code of the crate.
//!
//! Nothing is read until it is used, and nothing is copied. The price is a promise that only the
//! caller can give, hence `unsafe fn`: see [`IdxFile::map`].

use std::path::Path;

use memmap2::Mmap;

use crate::file::open;
use crate::header::GZIP_MAGIC;
use crate::{Dataset, Error, IdxFile, Split, SplitFiles};

impl IdxFile {
    /// Maps a raw file into memory. A gzip file, and what is no regular file, such as a pipe, is
    /// read as by [`IdxFile::read`].
    ///
    /// # Safety
    ///
    /// For as long as the `IdxFile` lives, nobody, in this process or another, may change the
    /// file in place or cut it short. Rust assumes that borrowed bytes do not change: if they do,
    /// the behaviour is undefined. If the file gets shorter, reading beyond its new end ends the
    /// process with the signal SIGBUS. Replacing the file by another of the same name, as
    /// [`write`](crate::write) does, and deleting it are harmless: the map keeps the old one (Windows refuses both).
    ///
    /// # Errors
    ///
    /// [`Error::Io`] and [`Error::Format`].
    pub unsafe fn map(path: impl AsRef<Path>) -> Result<IdxFile, Error> {
        let path = path.as_ref();
        let file = open(path)?;
        let metadata = file.metadata().map_err(Error::io(path, "read"))?;
        if !metadata.is_file() {
            return Self::read_open(file, path);
        }
        // SAFETY: the caller promises that the file stays as it is.
        let map = unsafe { Mmap::map(&file) }.map_err(Error::io(path, "map"))?;
        if map.starts_with(&GZIP_MAGIC) {
            return Self::read_open(file, path);
        }
        Self::from_map(map, path)
    }
}

impl SplitFiles {
    /// Opens both files of the split by [`IdxFile::map`].
    ///
    /// # Safety
    ///
    /// As for [`IdxFile::map`], both files, for as long as the `Dataset` lives.
    ///
    /// # Errors
    ///
    /// Those of [`IdxFile::map`] and [`Dataset::new`].
    pub unsafe fn map(&self) -> Result<Dataset, Error> {
        // SAFETY: the caller promises it of both files.
        let (images, labels) =
            unsafe { (IdxFile::map(&self.images)?, IdxFile::map(&self.labels)?) };
        Dataset::new(images, labels)
    }
}

impl Dataset {
    /// Finds a split in a folder that holds one data set, and maps it: [`SplitFiles::find`] and
    /// [`SplitFiles::map`].
    ///
    /// # Safety
    ///
    /// As for [`IdxFile::map`], the split's files, for as long as the `Dataset` lives.
    ///
    /// # Errors
    ///
    /// Those of [`SplitFiles::find`] and [`SplitFiles::map`].
    pub unsafe fn map(folder: impl AsRef<Path>, split: Split) -> Result<Dataset, Error> {
        let files = SplitFiles::find(folder, split, None)?;
        // SAFETY: the caller promises it of the folder's files.
        unsafe { files.map() }
    }
}
