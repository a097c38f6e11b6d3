//! Writing a file or a folder whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use tempfile::Builder;

use crate::failure::{Interrupted, UsageError};

/// Checks, before any work, that files can be written to `outputs`: in folders that are there, and
/// not over each other nor over `inputs`, which the run reads.
pub fn check<'a>(
    outputs: impl IntoIterator<Item = &'a Path>,
    inputs: impl IntoIterator<Item = &'a Path>,
) -> Result<()> {
    let mut taken: Vec<_> = inputs.into_iter().map(place).collect();
    for path in outputs {
        let (name, folder) = (path.display(), folder_of(path));
        ensure!(
            folder.is_dir(),
            "{name}: can't be written: there is no folder {}: make it first",
            folder.display()
        );
        if let Ok(metadata) = path.metadata() {
            ensure!(
                !metadata.is_dir(),
                "{name}: can't be written: it is a folder"
            );
            ensure!(
                !metadata.permissions().readonly(),
                "{name}: can't be written: it is read-only"
            );
        }
        let place = place(path);
        if taken.contains(&place) {
            let what = format!("{name}: the run reads or writes this file already: say another");
            return Err(UsageError(what).into());
        }
        taken.push(place);
    }
    Ok(())
}

/// One path for all names of a file, whether it is there or not.
fn place(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| {
        let folder = folder_of(path).canonicalize().unwrap_or_default();
        folder.join(path.file_name().unwrap_or_default())
    })
}

/// Writes the bytes under a temporary name in the same folder and renames the file, so that no
/// reader ever sees half of it and a failure leaves what was there before. Of a symbolic link it is
/// the file that it names. What is no regular file, such as a device or a pipe, is written to, not
/// replaced.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let path = &place(path);
    let written = if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
        std::fs::write(path, bytes)
    } else {
        replace(path, bytes)
    };
    written.with_context(|| format!("{}: can't be written", path.display()))
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = builder(0o666).tempfile_in(folder_of(path))?;
    // By the file itself: an error names the temporary file otherwise.
    file.as_file_mut().write_all(bytes)?;
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
    fill(folder.path()).map_err(|error| match error.is::<Interrupted>() {
        true => error,
        false => error.context(written()),
    })?;
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
