//! A valid array in memory, mapped or owned.

use crate::writing::header_of;
use crate::{FormatError, Header};

/// A valid array and the bytes that hold it.
pub(crate) struct Array {
    pub header: Header,
    /// All bytes of the raw file, header included.
    pub bytes: Bytes,
    pub gzip: bool,
}

pub(crate) enum Bytes {
    #[cfg(feature = "mmap")]
    Mapped(memmap2::Mmap),
    Owned(Vec<u8>),
}

impl Array {
    /// All bytes of a raw file.
    pub fn raw(bytes: Bytes) -> Result<Array, FormatError> {
        let header = Header::parse(bytes.get())?;
        header.check_size(bytes.get().len() as u64)?;
        Ok(Array {
            header,
            bytes,
            gzip: false,
        })
    }

    /// The elements of an array; the header is inserted before them.
    pub fn from_u8(dimensions: &[usize], mut elements: Vec<u8>) -> Result<Array, FormatError> {
        let mut header = Vec::new();
        header_of(dimensions, &elements)?.write(&mut header)?;
        elements.reserve_exact(header.len());
        elements.splice(..0, header);
        Array::raw(Bytes::Owned(elements))
    }
}

impl Bytes {
    pub fn get(&self) -> &[u8] {
        match self {
            #[cfg(feature = "mmap")]
            Bytes::Mapped(map) => map,
            Bytes::Owned(bytes) => bytes,
        }
    }
}
