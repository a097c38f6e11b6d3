//! `completions`: what a shell needs to complete our commands and options.

use anyhow::Result;
use clap::Args;
use clap_complete::{Shell, generate};

use super::print;
use crate::examples;

#[derive(Debug, Args)]
pub struct CompletionsOptions {
    /// The shell
    pub shell: Shell,
}

/// Prints the script.
pub fn run(options: &CompletionsOptions) -> Result<()> {
    let mut script = Vec::new();
    generate(
        options.shell,
        &mut examples::command(),
        "mnist-cli",
        &mut script,
    );
    print(&String::from_utf8(script)?)
}
