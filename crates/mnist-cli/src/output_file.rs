//! Writing a file or a folder whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use tempfile::Builder;

/// Writes the bytes under a temporary name in the same folder and renames the file, so that no
/// reader ever sees half of it and a failure leaves what was there before. What is no regular
/// file, such as a device or a pipe, is written to, not replaced.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let written = if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
        std::fs::write(path, bytes)
    } else {
        replace(path, bytes)
    };
    written.with_context(|| format!("{}: can't be written", path.display()))
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = builder(0o666).tempfile_in(folder_of(path))?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// Makes a new folder: `fill` gets it under a temporary name beside its place, and then it is
/// renamed. If anything fails, nothing is left of it.
pub fn new_folder(path: &Path, fill: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    must_be_new(path)?;
    let written = || format!("{}: can't be written", path.display());
    let folder = builder(0o777).tempdir_in(folder_of(path));
    let folder = folder.with_context(written)?;
    fill(folder.path()).with_context(written)?;
    // Renaming a folder would replace an empty one.
    must_be_new(path)?;
    fs::rename(folder.path(), path).with_context(written)?;
    let _moved = folder.keep();
    Ok(())
}

/// Fails if there is anything of this name.
pub fn must_be_new(path: &Path) -> Result<()> {
    match path.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error).with_context(|| format!("{}: can't be made", path.display())),
        Ok(_) => bail!(
            "{}: it exists already, and is left as it is: say another name, or remove it first",
            path.display()
        ),
    }
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Makes what is temporary with this mode, less what the user's umask forbids, as the system does.
#[cfg_attr(not(unix), expect(unused_variables, reason = "only Unix has modes"))]
fn builder(mode: u32) -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(".mnist-cli-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(mode));
    builder
}
