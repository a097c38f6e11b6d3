//! Writing a file whole or not at all.

use std::fs::Permissions;
use std::path::Path;

use anyhow::{Context, Result};
use tempfile::Builder;

/// Writes the bytes under a temporary name in the same folder and renames the file, so that no
/// reader ever sees half of it and a failure leaves what was there before.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut builder = Builder::new();
    builder.prefix(".mnist-cli-");
    if let Some(permissions) = of_a_new_file() {
        builder.permissions(permissions);
    }
    let written = builder.tempfile_in(folder).and_then(|mut file| {
        std::io::Write::write_all(&mut file, bytes)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    });
    written.with_context(|| format!("{}: can't be written", path.display()))
}

/// What the system gives a new file, less what the user's umask forbids.
fn of_a_new_file() -> Option<Permissions> {
    #[cfg(unix)]
    return Some(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    #[cfg(not(unix))]
    return None;
}
