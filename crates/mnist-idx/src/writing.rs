//! Writing arrays.

use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;

use crate::{Element, Error, FormatError, Header, write_atomically};

/// Writes an array to a file: compressed by gzip if its name ends in `.gz`, raw otherwise. The
/// file is replaced as [`write_atomically`] does it. The same array gives the same bytes.
///
/// # Errors
///
/// [`Error::File`], with the errors of [`write_to`]. Without the feature `gzip`, a name that ends
/// in `.gz` is an [`Unsupported`](std::io::ErrorKind::Unsupported) error.
pub fn write<T: Element>(
    path: impl AsRef<Path>,
    dimensions: &[usize],
    elements: &[T],
) -> Result<(), Error> {
    let path = path.as_ref();
    write_atomically(path, |writer| {
        if path.extension() != Some(OsStr::new("gz")) {
            return write_to(writer, dimensions, elements);
        }
        #[cfg(not(feature = "gzip"))]
        return Err(std::io::Error::new(
            std::io::ErrorKind::Unsupported,
            "mnist-idx was built without its feature `gzip`",
        )
        .into());
        #[cfg(feature = "gzip")]
        {
            let level = flate2::Compression::default();
            let mut encoder = flate2::write::GzEncoder::new(writer, level);
            write_to(&mut encoder, dimensions, elements)?;
            encoder.finish()?;
            Ok(())
        }
    })
    .map_err(Error::file(path, "write"))
}

/// Writes an array, raw: the header and then the elements, row by row.
///
/// # Errors
///
/// [`FormatError::ElementCount`] unless there are as many elements as the dimensions say, the
/// errors of [`Header::new`], and [`FormatError::Io`].
pub fn write_to<T: Element>(
    mut writer: impl Write,
    dimensions: &[usize],
    elements: &[T],
) -> Result<(), FormatError> {
    header_of(dimensions, elements)?.write(&mut writer)?;
    let size = T::TYPE.size();
    let mut buffer = [0; 8 * 1024];
    for elements in elements.chunks(buffer.len() / size) {
        let bytes = &mut buffer[..elements.len() * size];
        for (bytes, element) in bytes.chunks_exact_mut(size).zip(elements) {
            element.store(bytes);
        }
        writer.write_all(bytes)?;
    }
    Ok(())
}

/// The header of an array of these dimensions, which must hold exactly these elements.
pub(crate) fn header_of<T: Element>(
    dimensions: &[usize],
    elements: &[T],
) -> Result<Header, FormatError> {
    let header = Header::new(T::TYPE, dimensions)?;
    let expected = (header.file_size() - header.size()) / T::TYPE.size();
    match elements.len() {
        found if found == expected => Ok(header),
        found => Err(FormatError::ElementCount {
            dimensions: dimensions.to_vec(),
            expected,
            found,
        }),
    }
}
