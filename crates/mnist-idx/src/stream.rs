//! Reading an array from a stream, gzip or raw, with no more memory than it turns out to need.

use std::io::{self, BufRead, Read};

use flate2::bufread::MultiGzDecoder;

use crate::header::GZIP_MAGIC;
use crate::{FormatError, Header};

/// An array read from a stream.
pub(crate) struct Array {
    pub header: Header,
    /// All bytes of the raw file, the header's own included.
    pub bytes: Vec<u8>,
    pub gzip: bool,
}

/// Inflates a gzip file that holds one array; returns its header and all bytes of the raw file,
/// the header's own included.
///
/// As in `gzip`, members that follow each other count as one. Anything else that follows is an
/// error, where `gzip` warns and ignores it.
///
/// No allocation exceeds the size that the header gives, nor twice what has been inflated so far,
/// so that a small file cannot fill the memory by what its header claims. (The state of the
/// inflating library, about 50 kB, and the fields of the gzip header, up to 64 kB each, come on
/// top.)
///
/// # Errors
///
/// Those of [`Header::parse`]; [`FormatError::Gzip`] and [`FormatError::GzipEnd`] for damaged data;
/// [`FormatError::TooShort`] and [`FormatError::TooLong`] unless what inflates is exactly what the
/// header says; [`FormatError::OutOfMemory`].
pub fn inflate(gzip: &[u8]) -> Result<(Header, Vec<u8>), FormatError> {
    let array = read_array(MultiGzDecoder::new(gzip), true, None)?;
    Ok((array.header, array.bytes))
}

/// Reads an array, gzip or raw by its first bytes. `size` is the number of bytes to come, where
/// it is known, as in a regular file.
pub(crate) fn read(mut reader: impl BufRead, size: Option<u64>) -> Result<Array, FormatError> {
    let mut magic = Vec::with_capacity(GZIP_MAGIC.len());
    reader
        .by_ref()
        .take(GZIP_MAGIC.len() as u64)
        .read_to_end(&mut magic)?;
    let reader = magic.as_slice().chain(reader);
    if magic == GZIP_MAGIC {
        read_array(MultiGzDecoder::new(reader), true, None)
    } else {
        read_array(reader, false, size)
    }
}

/// Reads the raw bytes of an array; `gzip` says where they come from, for the errors.
fn read_array(mut reader: impl Read, gzip: bool, size: Option<u64>) -> Result<Array, FormatError> {
    let mut bytes = Vec::new();
    fill(&mut reader, &mut bytes, 4).map_err(|e| failed(e, gzip, None, &bytes))?;
    let (_, header_size) = Header::parse_start(&bytes)?;
    fill(&mut reader, &mut bytes, header_size).map_err(|e| failed(e, gzip, None, &bytes))?;
    let header = Header::parse(&bytes)?;
    if let Some(size) = size {
        header.check_size(size)?;
    }

    let expected = header.file_size();
    fill(&mut reader, &mut bytes, expected).map_err(|e| failed(e, gzip, Some(expected), &bytes))?;
    header.check_size(bytes.len() as u64)?;
    // The end is read too: that is where gzip has its checksum.
    match io::copy(&mut reader.take(1), &mut io::sink()) {
        Ok(0) => Ok(Array {
            header,
            bytes,
            gzip,
        }),
        Ok(_) => Err(FormatError::TooLong {
            expected: expected as u64,
            found: None,
        }),
        Err(reason) if gzip => Err(FormatError::GzipEnd {
            expected: expected as u64,
            reason,
        }),
        Err(reason) => Err(FormatError::Io(reason)),
    }
}

/// Reads until there are `target` bytes or no more. The space is reserved as the bytes come, at
/// most twice what is there.
fn fill(reader: &mut impl Read, bytes: &mut Vec<u8>, target: usize) -> io::Result<()> {
    while bytes.len() < target {
        let room = (target - bytes.len()).min(bytes.len().max(4));
        bytes.try_reserve_exact(room)?;
        if reader.take(room as u64).read_to_end(bytes)? < room {
            break;
        }
    }
    Ok(())
}

/// The error of a [`fill`] that has come to `bytes`.
fn failed(reason: io::Error, gzip: bool, expected: Option<usize>, bytes: &[u8]) -> FormatError {
    match expected {
        Some(expected) if reason.kind() == io::ErrorKind::OutOfMemory => {
            FormatError::OutOfMemory { expected }
        }
        _ if gzip => FormatError::Gzip {
            expected: expected.map(|expected| expected as u64),
            inflated: bytes.len() as u64,
            reason,
        },
        _ => FormatError::Io(reason),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: [u8; 12] = [0, 0, 8, 1, 0, 0, 0, 4, 1, 2, 3, 4];

    #[test]
    fn a_file_cut_after_its_size_was_asked_for_is_an_error() {
        for len in 8..12 {
            let error = read(&FILE[..len], Some(12)).err().unwrap();
            assert!(
                matches!(error, FormatError::TooShort { expected: 12, found } if found == len as u64)
            );
        }
        assert_eq!(read(&FILE[..], Some(12)).unwrap().bytes, FILE);
    }

    #[test]
    fn a_file_that_grew_after_its_size_was_asked_for_is_an_error() {
        let grown = [&FILE[..], &[5]].concat();
        let error = read(&grown[..], Some(12)).err().unwrap();
        assert!(matches!(
            error,
            FormatError::TooLong {
                expected: 12,
                found: None
            }
        ));
    }

    #[test]
    fn a_reader_that_fails_is_an_error_of_its_own() {
        struct Fails;
        impl Read for Fails {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("unplugged"))
            }
        }
        for len in [0, 1, 3, 6, 10, 12] {
            let reader = io::BufReader::new(FILE[..len].chain(Fails));
            let error = read(reader, None).err().unwrap();
            assert!(matches!(error, FormatError::Io(reason) if reason.to_string() == "unplugged"));
        }
    }

    #[test]
    fn memory_that_cannot_be_had_is_an_error() {
        for gzip in [false, true] {
            let refused = Vec::<u8>::new().try_reserve_exact(usize::MAX).unwrap_err();
            let error = failed(refused.into(), gzip, Some(7), &[]);
            assert!(matches!(error, FormatError::OutOfMemory { expected: 7 }));
        }
    }
}
