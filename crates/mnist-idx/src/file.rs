//! An IDX file, held open: its header and the bytes behind it.

use std::fmt;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use crate::array::{Array, Bytes};
use crate::header::GZIP_MAGIC;
use crate::stream;
use crate::{Error, FormatError, Header, View};

/// An IDX file with its bytes, mapped or in memory. [`view`](Self::view) borrows the array.
pub struct IdxFile {
    path: PathBuf,
    array: Array,
}

impl IdxFile {
    /// Reads a file, raw or gzip, into memory. Gzip is recognised by the first bytes, not by the
    /// name. `IdxFile::map` is cheaper for a raw file, but asks for a promise.
    ///
    /// No allocation exceeds the size that the header gives, nor twice what has been read or
    /// decompressed so far, so a small file cannot fill the memory by what its header claims. (The
    /// state of the decompressor, about 50 kB, and the fields of the gzip header, up to 64 kB
    /// each, come on top.)
    ///
    /// Gzip members that follow each other count as one file, as in `gzip`. Anything else that
    /// follows is an error, where `gzip` warns and ignores it.
    ///
    /// # Errors
    ///
    /// [`Error::File`], with the errors of [`Header::parse`]; [`FormatError::TooShort`] and
    /// [`FormatError::TooLong`] unless the raw file is exactly as long as its header says;
    /// [`FormatError::Gzip`] and [`FormatError::GzipEnd`] for corrupt data;
    /// [`FormatError::OutOfMemory`]; [`FormatError::Io`].
    pub fn read(path: impl AsRef<Path>) -> Result<IdxFile, Error> {
        let path = path.as_ref();
        Self::read_open(open(path)?, path)
    }

    /// Takes the bytes of a file, raw or gzip. Raw bytes are not copied. Errors call the file by
    /// `name`.
    ///
    /// # Errors
    ///
    /// Those of [`IdxFile::read`].
    pub fn from_bytes(name: impl Into<PathBuf>, bytes: Vec<u8>) -> Result<IdxFile, Error> {
        let array = match bytes.starts_with(&GZIP_MAGIC) {
            true => stream::read(&bytes[..], None),
            false => Array::raw(Bytes::Owned(bytes)),
        };
        Self::new(&name.into(), array)
    }

    /// Makes a file of bytes, of an array of these dimensions, outermost first. Errors call it by
    /// `name`.
    ///
    /// # Errors
    ///
    /// [`Error::File`], with [`FormatError::ElementCount`] unless there are as many elements as the
    /// dimensions say, and the errors of [`Header::new`].
    pub fn from_elements(
        name: impl AsRef<Path>,
        dimensions: &[usize],
        elements: Vec<u8>,
    ) -> Result<IdxFile, Error> {
        Self::new(name.as_ref(), Array::from_u8(dimensions, elements))
    }

    /// Reads an open file from where it stands.
    pub(crate) fn read_open(file: File, path: &Path) -> Result<IdxFile, Error> {
        let metadata = file.metadata().map_err(Error::file(path, "read"))?;
        let size = metadata.is_file().then_some(metadata.len());
        // The elements bypass the buffer: it is for the header and for gzip.
        let reader = BufReader::with_capacity(64 * 1024, file);
        Self::new(path, stream::read(reader, size))
    }

    pub(crate) fn new(path: &Path, array: Result<Array, FormatError>) -> Result<IdxFile, Error> {
        Ok(IdxFile {
            path: path.to_owned(),
            array: array.map_err(Error::file(path, "read"))?,
        })
    }

    /// The array.
    pub fn view(&self) -> View<'_> {
        let header = self.header();
        let elements = &self.bytes()[header.size()..];
        View::new(header.element_type(), header.dimensions(), elements)
    }

    /// Type and dimensions of the array.
    pub fn header(&self) -> &Header {
        &self.array.header
    }

    /// All bytes of the raw file, header included; decompressed if the file is gzip.
    pub fn bytes(&self) -> &[u8] {
        self.array.bytes.get()
    }

    /// The path that the file was opened by, or the name given to
    /// [`from_bytes`](Self::from_bytes).
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the file is gzip.
    pub fn is_gzip(&self) -> bool {
        self.array.gzip
    }

    /// Whether the file is mapped, rather than in memory.
    pub fn is_mapped(&self) -> bool {
        !matches!(self.array.bytes, Bytes::Owned(_))
    }
}

impl fmt::Debug for IdxFile {
    /// All but the bytes, which may be many.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("IdxFile")
            .field("path", &self.path)
            .field("header", self.header())
            .field("gzip", &self.is_gzip())
            .field("mapped", &self.is_mapped())
            .finish_non_exhaustive()
    }
}

/// Opens a file for reading.
pub(crate) fn open(path: &Path) -> Result<File, Error> {
    File::open(path).map_err(Error::file(path, "open"))
}
