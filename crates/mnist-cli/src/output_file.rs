//! Writing a file whole or not at all.

use std::fs::Permissions;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, Result};
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
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut builder = Builder::new();
    builder.prefix(".mnist-cli-");
    if let Some(permissions) = of_a_new_file() {
        builder.permissions(permissions);
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// What the system gives a new file, less what the user's umask forbids.
fn of_a_new_file() -> Option<Permissions> {
    #[cfg(unix)]
    return Some(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    #[cfg(not(unix))]
    return None;
}
