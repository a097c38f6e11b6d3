//! An IDX file, held open: its header and the bytes behind it.

use std::fmt;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use memmap2::Mmap;

use crate::stream::{self, Array};
use crate::{Error, Header, View};

/// An IDX file with its bytes, mapped or in memory. [`view`](Self::view) borrows the array.
pub struct IdxFile {
    path: PathBuf,
    header: Header,
    bytes: Bytes,
    gzip: bool,
}

/// Where the bytes of a raw file are.
enum Bytes {
    Mapped(Mmap),
    Read(Vec<u8>),
}

impl IdxFile {
    /// Reads a file, raw or gzip, into memory. Whether it is gzip its first bytes tell, not its
    /// name. A map ([`IdxFile::map`]) costs less, but asks for a promise.
    ///
    /// Memory is taken as the bytes come and is never more than twice what has been read, nor
    /// more than the header says; see [`inflate`](crate::inflate).
    ///
    /// # Errors
    ///
    /// [`Error::Io`] and [`Error::Format`].
    pub fn read(path: impl AsRef<Path>) -> Result<IdxFile, Error> {
        let path = path.as_ref();
        Self::read_open(open(path)?, path)
    }

    /// Reads a file that is open, from where it stands.
    pub(crate) fn read_open(file: File, path: &Path) -> Result<IdxFile, Error> {
        let metadata = file.metadata().map_err(Error::io(path, "read"))?;
        let size = metadata.is_file().then_some(metadata.len());
        // Read in large pieces: the buffer is for the header and for gzip.
        let reader = BufReader::with_capacity(64 * 1024, file);
        let Array {
            header,
            bytes,
            gzip,
        } = stream::read(reader, size).map_err(Error::format(path, "read"))?;
        Ok(IdxFile {
            path: path.to_owned(),
            header,
            bytes: Bytes::Read(bytes),
            gzip,
        })
    }

    /// A raw file that is mapped.
    pub(crate) fn from_map(map: Mmap, path: &Path) -> Result<IdxFile, Error> {
        let header = Header::parse(&map)
            .and_then(|header| header.check_size(map.len() as u64).and(Ok(header)))
            .map_err(Error::format(path, "read"))?;
        Ok(IdxFile {
            path: path.to_owned(),
            header,
            bytes: Bytes::Mapped(map),
            gzip: false,
        })
    }

    /// The array.
    pub fn view(&self) -> View<'_> {
        let elements = &self.bytes()[self.header.size()..];
        View::new(
            self.header.element_type(),
            self.header.dimensions(),
            elements,
        )
    }

    /// Type and dimensions of the array.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// All bytes of the raw file, the header's own included; inflated if the file is gzip.
    pub fn bytes(&self) -> &[u8] {
        match &self.bytes {
            Bytes::Mapped(map) => map,
            Bytes::Read(bytes) => bytes,
        }
    }

    /// The path that the file was opened by.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the file is gzip.
    pub fn is_gzip(&self) -> bool {
        self.gzip
    }

    /// Whether the bytes are mapped, not read into memory.
    pub fn is_mapped(&self) -> bool {
        matches!(self.bytes, Bytes::Mapped(_))
    }
}

impl fmt::Debug for IdxFile {
    /// All but the bytes, which may be many.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("IdxFile")
            .field("path", &self.path)
            .field("header", &self.header)
            .field("gzip", &self.gzip)
            .field("mapped", &self.is_mapped())
            .finish_non_exhaustive()
    }
}

/// Opens a file for reading.
pub(crate) fn open(path: &Path) -> Result<File, Error> {
    File::open(path).map_err(Error::io(path, "open"))
}
