//! `completions`: the script with which a shell completes the commands and options.

use anyhow::Result;
use clap::{Args, Command};
use clap_complete::{Shell, generate};

use crate::terminal::{examples, print};

/// Print the completions of a shell
#[derive(Debug, Args)]
#[command(after_help = examples(&[
    ("completions bash > mnist-cli.bash", "then: source mnist-cli.bash"),
    ("completions zsh > _mnist-cli", "in a folder of $fpath"),
]))]
pub struct Options {
    /// The shell
    shell: Shell,
}

impl Options {
    /// Prints the script for the program of this command line.
    pub fn run(&self, mut program: Command) -> Result<()> {
        let mut script = Vec::new();
        generate(self.shell, &mut program, "mnist-cli", &mut script);
        print(&String::from_utf8(script)?)
    }
}
