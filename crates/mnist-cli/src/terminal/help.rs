//! What the help of all commands has in common.

use clap::builder::{StyledStr, Styles};

/// The heading of the options that a beginner does not need.
pub const ADVANCED: &str = "Advanced";

/// The text of a command's examples: what to type after the program's name, and what it does.
pub fn examples(examples: &[(&str, &str)]) -> StyledStr {
    let width = examples.iter().map(|(typed, _)| typed.len()).max();
    let width = width.unwrap_or(0);
    let header = *Styles::default().get_header();
    let mut text = format!("{header}Examples:{header:#}");
    for (typed, does) in examples {
        text += &format!("\n  mnist-cli {typed:<width$}  # {does}");
    }
    text.into()
}
