//! Writing a file completely or not at all.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::Builder;

/// Writes a file completely or not at all: `fill` writes to a temporary file in the same folder,
/// which is synced to the disk and then renamed to `path`. On an error, whatever was at `path`
/// is untouched and the temporary file is removed. A map of the old file stays valid.
///
/// A symbolic link is followed: the file that it names is written, and the link stays. A device or
/// a pipe cannot be replaced and is written in place. The writer is buffered, and a new file has
/// the permissions that [`File::create`] gives.
///
/// # Errors
///
/// Those of `fill` and of the file system; none of the latter names the temporary file.
pub fn write_atomically<E: From<io::Error>>(
    path: impl AsRef<Path>,
    fill: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<(), E> {
    let path = path.as_ref();
    if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
        return fill_buffered(&OpenOptions::new().write(true).open(path)?, fill);
    }
    let path = follow_links(path)?;
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    // Opened here, because tempfile would choose other permissions and name its file in errors.
    let file = Builder::new().make_in(folder, |temporary| File::create_new(temporary))?;
    fill_buffered(file.as_file(), fill)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// The path behind any symbolic links, whether there is a file or not.
fn follow_links(path: &Path) -> io::Result<PathBuf> {
    match path.canonicalize() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => match path.read_link() {
            // `join` keeps an absolute link as it is.
            Ok(link) => follow_links(&path.parent().unwrap_or(path).join(link)),
            Err(_) => Ok(path.to_owned()),
        },
        found => found,
    }
}

fn fill_buffered<E: From<io::Error>>(
    file: &File,
    fill: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<(), E> {
    let mut writer = BufWriter::with_capacity(64 * 1024, file);
    fill(&mut writer)?;
    Ok(writer.flush()?)
}
