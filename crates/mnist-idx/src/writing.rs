//! Writing arrays.

use std::ffi::OsStr;
use std::fs::OpenOptions;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::{Builder, NamedTempFile};

use crate::{Element, Error, FormatError, Header};

/// Writes an array to a file: gzip if its name ends in `.gz`, else raw.
///
/// The file is written under a temporary name in the same folder, and renamed when it is complete
/// and on the disk: if anything fails, what was there before is untouched, and a map of the old
/// file stays valid. A symbolic link is replaced, not followed. The same array gives the same
/// file, byte for byte.
///
/// What is no regular file, such as a device or a pipe, is written to, not replaced.
///
/// # Errors
///
/// [`Error::Format`] for a shape that cannot be written or is not that of `elements`, as in
/// [`write_to`]; [`Error::Io`].
pub fn write<T: Element>(
    path: impl AsRef<Path>,
    dimensions: &[usize],
    elements: &[T],
) -> Result<(), Error> {
    let path = path.as_ref();
    let io = Error::io(path, "write");
    if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
        let device = OpenOptions::new().write(true).open(path).map_err(io)?;
        return encode(device, path, dimensions, elements);
    }
    let mut file = temporary(path).map_err(io)?;
    encode(file.as_file_mut(), path, dimensions, elements)?;
    file.as_file().sync_all().map_err(io)?;
    file.persist(path).map_err(|error| io(error.error))?;
    Ok(())
}

/// Writes an array as the extension of its path says.
fn encode<T: Element>(
    writer: impl Write,
    path: &Path,
    dimensions: &[usize],
    elements: &[T],
) -> Result<(), Error> {
    let io = Error::io(path, "write");
    let format = Error::format(path, "write");
    let mut writer = BufWriter::with_capacity(64 * 1024, writer);
    if path.extension() == Some(OsStr::new("gz")) {
        let mut encoder = GzEncoder::new(&mut writer, Compression::default());
        write_to(&mut encoder, dimensions, elements).map_err(format)?;
        encoder.finish().map_err(io)?;
    } else {
        write_to(&mut writer, dimensions, elements).map_err(format)?;
    }
    writer.flush().map_err(io)
}

/// Writes an array, raw: header and elements, row by row.
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
    let header = Header::new(T::TYPE, dimensions)?;
    let size = T::TYPE.size();
    let expected = (header.file_size() - header.size()) / size;
    if elements.len() != expected {
        return Err(FormatError::ElementCount {
            dimensions: dimensions.to_vec(),
            expected,
            found: elements.len(),
        });
    }
    header.write(&mut writer)?;
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

/// A temporary file beside `path`, with the permissions of a file newly made.
fn temporary(path: &Path) -> io::Result<NamedTempFile> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut builder = Builder::new();
    builder.prefix(".mnist-idx-");
    #[cfg(unix)]
    {
        // The system takes off what the user's umask forbids.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}
