//! Mapping files into memory: the only unsafe code of the crate.
//!
//! Nothing is read until it is used, and nothing is copied. In return the caller must promise
//! that the file does not change, hence `unsafe fn`: see [`IdxFile::map`].

use std::path::Path;

use memmap2::Mmap;

use crate::array::{Array, Bytes};
use crate::file::open;
use crate::header::GZIP_MAGIC;
use crate::{Dataset, Error, IdxFile, Split, SplitFiles};

impl IdxFile {
    /// Maps a raw file into memory. A gzip file, and anything but a regular file (a pipe, say), is
    /// read as by [`IdxFile::read`].
    ///
    /// # Safety
    ///
    /// As long as the `IdxFile` lives, nobody, in this process or another, may change the file in
    /// place or truncate it. Rust assumes that borrowed bytes do not change: if they do, the
    /// behaviour is undefined. If the file gets shorter, reading beyond its new end ends the
    /// process with the signal SIGBUS. Deleting the file is harmless, and so is replacing it by
    /// another of the same name, as [`write`](crate::write) does: the map keeps the old file
    /// (Windows refuses both).
    ///
    /// # Errors
    ///
    /// Those of [`IdxFile::read`].
    pub unsafe fn map(path: impl AsRef<Path>) -> Result<IdxFile, Error> {
        let path = path.as_ref();
        let file = open(path)?;
        let metadata = file.metadata().map_err(Error::file(path, "read"))?;
        if !metadata.is_file() {
            return Self::read_open(file, path);
        }
        // SAFETY: the caller promises that the file does not change.
        let map = unsafe { Mmap::map(&file) }.map_err(Error::file(path, "map"))?;
        if map.starts_with(&GZIP_MAGIC) {
            return Self::read_open(file, path);
        }
        Self::new(path, Array::raw(Bytes::Mapped(map)))
    }
}

impl SplitFiles {
    /// Maps both files of the split: [`IdxFile::map`].
    ///
    /// # Safety
    ///
    /// The promise of [`IdxFile::map`] for both files, as long as the `Dataset` lives.
    ///
    /// # Errors
    ///
    /// Those of [`IdxFile::map`] and [`Dataset::new`].
    pub unsafe fn map(&self) -> Result<Dataset, Error> {
        // SAFETY: the caller promises it for both files.
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
    /// The promise of [`IdxFile::map`] for both files of the split, as long as the `Dataset` lives.
    ///
    /// # Errors
    ///
    /// Those of [`SplitFiles::find`] and [`SplitFiles::map`].
    pub unsafe fn map(folder: impl AsRef<Path>, split: Split) -> Result<Dataset, Error> {
        let files = SplitFiles::find(folder, split, None)?;
        // SAFETY: the caller promises it for the folder's files.
        unsafe { files.map() }
    }
}
