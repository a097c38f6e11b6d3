//! Listing folders, and writing a file or a folder whole or not at all.

use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use mnist_idx::write_atomically;
use sha2::{Digest, Sha256};
use tempfile::{Builder, tempfile_in};

use crate::terminal::{Interrupted, usage};

/// What is in a folder, sorted by name, without what is hidden and what systems leave there.
pub fn list(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<DirEntry>>>);
    let entries = entries.with_context(|| format!("{}: can't be read", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.iter().map(DirEntry::path).collect();
    paths.retain(|path| {
        let name = path.file_name().unwrap_or_default();
        !name.as_encoded_bytes().starts_with(b".") && name != "__MACOSX"
    });
    paths.sort_unstable();
    Ok(paths)
}

/// Checks, before any work, that files can be written to `outputs`: in folders that exist and take
/// files, and over neither each other nor `inputs`, which the run reads.
pub fn check<'a>(
    outputs: impl IntoIterator<Item = &'a Path>,
    inputs: impl IntoIterator<Item = &'a Path>,
) -> Result<()> {
    let mut taken: Vec<_> = inputs.into_iter().map(place).collect();
    for path in outputs {
        let (name, folder) = (path.display(), folder_of(path));
        if path == "-" {
            usage!("-: this is written to a file: give it a name (./- for this one)");
        }
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
        // What is no regular file, such as a device, is written in place.
        if path.metadata().is_ok_and(|metadata| metadata.is_file()) || !path.exists() {
            let folder = folder_of(&place);
            // The error's own text names a temporary file.
            let probe = tempfile_in(folder).map_err(|error| io::Error::from(error.kind()));
            probe.with_context(|| {
                let folder = folder.display();
                format!("{name}: can't be written: no file can be made in {folder}")
            })?;
        }
        if taken.contains(&place) {
            usage!("{name}: the run already reads or writes this file: choose another");
        }
        taken.push(place);
    }
    Ok(())
}

/// One path for all names of a file, whether it exists or not.
fn place(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| {
        let folder = folder_of(path).canonicalize().unwrap_or_default();
        folder.join(path.file_name().unwrap_or_default())
    })
}

/// Writes a file whole or not at all.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    write_atomically(path, |file| file.write_all(bytes))
        .with_context(|| format!("{}: can't be written", path.display()))
}

/// Makes a new folder: `fill` gets it under a temporary name beside its place, and then it is
/// renamed. If anything fails, nothing is left of it.
pub fn new_folder(path: &Path, fill: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    must_be_new(path)?;
    let unwritten = || format!("{}: can't be written", path.display());
    let mut builder = Builder::new();
    builder.prefix(".mnist-cli-");
    // The system subtracts what the user's umask forbids.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
    let folder = builder.tempdir_in(folder_of(path));
    // The error's own text names the temporary folder.
    let folder = folder.map_err(|error| io::Error::from(error.kind()));
    let folder = folder.with_context(unwritten)?;
    fill(folder.path()).map_err(|error| match error.is::<Interrupted>() {
        true => error,
        false => error.context(unwritten()),
    })?;
    // Renaming a folder would replace an empty one.
    must_be_new(path)?;
    fs::rename(folder.path(), path).with_context(unwritten)?;
    let _moved = folder.keep();
    Ok(())
}

/// Fails if there is anything of this name.
pub fn must_be_new(path: &Path) -> Result<()> {
    match path.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error).with_context(|| format!("{}: can't be made", path.display())),
        Ok(_) => bail!(
            "{}: it exists already, and is left as it is: choose another name, or remove it first",
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

/// SHA-256 in 64 hex digits.
pub fn sha256(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
