//! What goes to stdout and to stderr.

use std::io::{self, Write};

use anyhow::{Context, Result};
use serde::Serialize;

use super::text::printable;

/// Writes a line to stderr that says what is being done.
pub fn note(message: &str) {
    eprintln!("{}", printable(message));
}

/// Writes a warning to stderr.
pub fn warn(message: &str) {
    note(&format!("warning: {message}"));
}

/// Writes text to stdout, whole.
pub fn print(text: &str) -> Result<()> {
    let mut stdout = io::stdout().lock();
    let written = stdout.write_all(text.as_bytes());
    let written = written.and_then(|()| stdout.flush());
    written.context("stdout can't be written")
}

/// Writes one line of JSON to stdout.
pub fn print_json(value: &impl Serialize) -> Result<()> {
    print(&(serde_json::to_string(value)? + "\n"))
}
