//! The examples at the end of each command's help.

use clap::builder::{StyledStr, Styles};

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
