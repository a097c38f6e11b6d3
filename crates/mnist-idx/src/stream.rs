//! Reading an array, gzip or raw, from a stream that may hold less than its header claims.

use std::io::{self, BufRead, Read};

use crate::array::{Array, Bytes};
use crate::header::GZIP_MAGIC;
use crate::{FormatError, Header};

/// Reads an array, gzip or raw by its first bytes. `size` is the number of bytes to come, where
/// it is known, as in a regular file.
pub(crate) fn read(mut reader: impl BufRead, size: Option<u64>) -> Result<Array, FormatError> {
    let mut magic = Vec::with_capacity(GZIP_MAGIC.len());
    reader
        .by_ref()
        .take(GZIP_MAGIC.len() as u64)
        .read_to_end(&mut magic)?;
    let reader = magic.as_slice().chain(reader);
    #[cfg(feature = "gzip")]
    if magic == GZIP_MAGIC {
        return read_array(flate2::bufread::MultiGzDecoder::new(reader), true, None);
    }
    read_array(reader, false, size)
}

/// Reads the raw bytes of an array. `gzip` says whether they are being decompressed, for the
/// errors.
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
    // Read the end, too: gzip has its checksum there.
    match io::copy(&mut reader.take(1), &mut io::sink()) {
        Ok(0) => Ok(Array {
            header,
            bytes: Bytes::Owned(bytes),
            gzip,
        }),
        Ok(_) => Err(FormatError::TooLong {
            expected: expected as u64,
            found: None,
        }),
        Err(source) if gzip => Err(FormatError::GzipEnd {
            expected: expected as u64,
            source,
        }),
        Err(source) => Err(FormatError::Io(source)),
    }
}

/// Reads until there are `target` bytes, or no more come. Space is reserved as bytes come, at most
/// twice what is there.
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

/// The error of a [`fill`] that got as far as `bytes`.
fn failed(source: io::Error, gzip: bool, expected: Option<usize>, bytes: &[u8]) -> FormatError {
    match expected {
        Some(expected) if source.kind() == io::ErrorKind::OutOfMemory => {
            FormatError::OutOfMemory { expected }
        }
        _ if gzip => FormatError::Gzip {
            expected: expected.map(|expected| expected as u64),
            inflated: bytes.len() as u64,
            source,
        },
        _ => FormatError::Io(source),
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
        assert_eq!(read(&FILE[..], Some(12)).unwrap().bytes.get(), FILE);
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
