//! The simplest neural network, on MNIST: one layer, trained in one pass.
#![deny(unsafe_code)]

mod arguments;
mod class_folders;
mod class_names;
mod commands;
mod data;
mod examples;
mod failure;
mod fingerprint;
mod inspection;
mod instructions;
mod layer;
mod model;
mod ordering;
mod output_file;
mod picture;
mod preparation;
mod present;
mod progress;
mod recipe;
mod report;
mod size;
mod spread;
mod stdio;
mod terminal_image;
mod training;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::{Arguments, Command};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match &arguments.command {
        None => commands::train::run(&arguments.train),
        Some(Command::Train(options)) => commands::train::run(options),
        Some(Command::Evaluate(options)) => commands::evaluate::run(options),
        Some(Command::Inspect(options)) => commands::inspect::run(options),
        Some(Command::Predict(options)) => commands::predict::run(options),
        Some(Command::Report(options)) => commands::report::run(options),
        Some(Command::Pack(options)) => commands::pack::run(options),
        Some(Command::Unpack(options)) => commands::unpack::run(options),
        Some(Command::Trials(options)) => commands::trials::run(options),
        Some(Command::Import(options)) => commands::import::run(options),
        Some(Command::Verify(options)) => commands::verify::run(options),
        Some(Command::Completions(options)) => commands::completions::run(options),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failure::report(&error),
    }
}
