//! The simplest neural network, on MNIST: one layer, trained in one pass.
#![deny(unsafe_code)]

mod compute;
mod data;
mod evaluation;
mod files;
mod model;
mod pictures;
mod report;
mod terminal;
mod training;
mod trials;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use clap::error::{ContextKind, ContextValue};
use clap::{Arg, CommandFactory, Parser, Subcommand};

use crate::model::is_safetensors;
use crate::pictures::decode::has_picture_name;
use crate::terminal::examples;

/// Declares the commands, a row each: its name, and its file in `commands/`, which has its
/// `Options` with their help, and what it does as `Options::run`.
macro_rules! commands {
    ($($name:ident: $file:ident,)*) => {
        mod commands {
            pub mod completions;
            $(pub mod $file;)*
        }

        #[derive(Debug, Subcommand)]
        enum Command {
            $(#[command(mut_args(with_negative_numbers))] $name(commands::$file::Options),)*
            Completions(commands::completions::Options),
        }

        impl Command {
            fn run(&self) -> Result<()> {
                match self {
                    $(Self::$name(options) => options.run(),)*
                    Self::Completions(options) => options.run(Arguments::command()),
                }
            }
        }
    };
}

commands! {
    Train: train,
    Evaluate: evaluate,
    Inspect: inspect,
    Predict: predict,
    Report: report,
    Pack: pack,
    Unpack: unpack,
    Trials: trials,
    Import: import,
    Verify: verify,
}

/// The simplest neural network: one layer of ten dot products, relu, argmax, trained on MNIST by
/// the perceptron's online rule. Exact integers: the same seed gives the same network, bit for
/// bit, on every kernel, thread count and processor.
///
/// Without a subcommand: train on the data, evaluate on its test set, print the results.
#[derive(Debug, Parser)]
#[command(name = "mnist-cli", version, args_conflicts_with_subcommands = true)]
#[command(mut_args(with_negative_numbers))]
#[command(after_help = examples(&[
    ("", "train on MNIST, evaluate, print"),
    ("--seed 8", "from another random start"),
    ("--best", "the most accurate rule"),
    ("--data fashion --json", "another data set, for a program"),
]))]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    train: commands::train::Options,
}

fn main() -> ExitCode {
    let arguments = Arguments::try_parse().unwrap_or_else(|error| with_tip(error).exit());
    let result = match &arguments.command {
        Some(command) => command.run(),
        None => arguments.train.run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => terminal::report(&error),
    }
}

/// A negative number is a value that its option refuses, and not an unknown option.
fn with_negative_numbers(argument: Arg) -> Arg {
    let takes_values = argument.get_action().takes_values();
    argument.allow_negative_numbers(takes_values)
}

/// Adds what is missing where a file or a folder is named alone.
fn with_tip(mut error: clap::Error) -> clap::Error {
    let unexpected = [ContextKind::InvalidSubcommand, ContextKind::InvalidArg];
    let unexpected = unexpected.into_iter().find_map(|kind| error.get(kind));
    if let Some(ContextValue::String(name)) = unexpected
        && let path = Path::new(name)
        && path.exists()
    {
        let tip = if has_picture_name(path) {
            format!("a picture is read by a command: mnist-cli predict {name}")
        } else if is_safetensors(path) {
            format!("a model is evaluated by a command: mnist-cli evaluate {name}")
        } else {
            format!("a data set is named by an option: --data {name}")
        };
        let tips = ContextValue::StyledStrs(vec![tip.into()]);
        error.insert(ContextKind::Suggested, tips);
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_command_has_examples_that_are_right_and_fit_80_columns() {
        let program = Arguments::command();
        for command in program.get_subcommands().chain([&program]) {
            let name = command.get_name();
            let help = command.get_after_help().expect(name).to_string();
            let examples = help.strip_prefix("Examples:\n").expect(name);
            for line in examples.lines() {
                assert!(line.chars().count() <= 80, "too long: {line}");
                let (typed, _) = line.split_once("  # ").expect(line);
                let words: Vec<&str> = typed.split_whitespace().collect();
                assert!(words.contains(&name), "{typed} is no example of {name}");
                let words = words.into_iter().take_while(|&word| word != ">");
                let parsed = program.clone().try_get_matches_from(words);
                parsed.unwrap_or_else(|error| panic!("{typed}: {error}"));
            }
        }
    }
}
