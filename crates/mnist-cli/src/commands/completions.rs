//! `completions`: what a shell needs to complete our commands and options.

use anyhow::Result;
use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

use crate::arguments::Arguments;
use crate::examples::Example;
use crate::stdio::print;

/// The examples of its help.
pub const EXAMPLES: &[Example] = &[
    (
        "completions bash > mnist-cli.bash",
        "then: source mnist-cli.bash",
    ),
    ("completions zsh > _mnist-cli", "in a folder of $fpath"),
];

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
        &mut Arguments::command(),
        "mnist-cli",
        &mut script,
    );
    print(&String::from_utf8(script)?)
}
