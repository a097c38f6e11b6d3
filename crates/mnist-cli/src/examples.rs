//! The examples at the end of each command's help.

use clap::builder::{StyledStr, Styles};
use clap::{CommandFactory, FromArgMatches};

use crate::arguments::Arguments;

/// What to type after the program's name, and what it does.
type Example = (&'static str, &'static str);

/// The examples of the program without a command, and of each command.
const EXAMPLES: &[(&str, &[Example])] = &[
    (
        "",
        &[
            ("", "train on MNIST, evaluate, print"),
            ("--seed 8", "from another random start"),
            ("--average --epochs 10", "the average of ten passes"),
            ("--data fashion --json", "another data set, for a program"),
        ],
    ),
    (
        "train",
        &[
            ("train --save digits.safetensors", "keep the network"),
            (
                "train --average --epochs 20 --margin 175",
                "learn from more",
            ),
            ("train --holdout 10000", "without the test set"),
        ],
    ),
    (
        "evaluate",
        &[
            ("evaluate digits.safetensors", "on the test set"),
            (
                "evaluate digits.safetensors --split train",
                "on the training set",
            ),
        ],
    ),
    (
        "predict",
        &[
            ("predict photo.jpg", "the digit of a picture"),
            ("predict --model digits.safetensors *.png", "of many"),
        ],
    ),
    (
        "inspect",
        &[
            ("inspect data", "both halves of a data set"),
            ("inspect data --show 0", "draw the first training image"),
            ("inspect labels.idx1-ubyte.gz", "one file"),
        ],
    ),
    (
        "report",
        &[
            ("report", "train, and write report.html"),
            ("report --model digits.safetensors", "a saved network"),
            (
                "report --weights weights.png",
                "only the weights, as a picture",
            ),
        ],
    ),
    (
        "pack",
        &[
            ("pack photos -o set --size 32x32", "a folder for each class"),
            (
                "pack digits -o more --prepare --with data",
                "added to MNIST",
            ),
        ],
    ),
    (
        "unpack",
        &[("unpack data -o pictures --limit 1000", "the first of MNIST")],
    ),
    (
        "trials",
        &[
            ("trials", "a thousand seeds"),
            ("trials --seeds 0..100 --svg trials.svg", "a hundred, drawn"),
        ],
    ),
    (
        "import",
        &[(
            "import layer.safetensors -o m.safetensors",
            "of a torch.nn.Linear",
        )],
    ),
    (
        "verify",
        &[
            ("verify", "the default network, on MNIST"),
            ("verify --seed 8 --average", "another one"),
        ],
    ),
    (
        "completions",
        &[
            (
                "completions bash > mnist-cli.bash",
                "then: source mnist-cli.bash",
            ),
            ("completions zsh > _mnist-cli", "in a folder of $fpath"),
        ],
    ),
];

/// The command line as `arguments.rs` says it, with the examples.
pub fn command() -> clap::Command {
    let command = Arguments::command().after_help(help(""));
    command.mut_subcommands(|subcommand| {
        let help = help(subcommand.get_name());
        subcommand.after_help(help)
    })
}

/// What the user has typed. Ends the program where that is help or wrong.
pub fn parse() -> Arguments {
    let mut command = command();
    let matches = command.get_matches_mut();
    Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.format(&mut command).exit())
}

/// The examples of a command, a line each.
fn help(command: &str) -> StyledStr {
    let examples = EXAMPLES.iter().find(|(name, _)| *name == command);
    let examples = examples.map_or(&[][..], |(_, examples)| examples);
    let width = examples.iter().map(|(typed, _)| typed.len()).max();
    let width = width.unwrap_or(0);
    let header = *Styles::default().get_header();
    let mut text = format!("{header}Examples:{header:#}");
    for (typed, does) in examples {
        text += &format!("\n  mnist-cli {typed:<width$}  # {does}");
    }
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_command_has_examples_that_are_right_and_fit_80_columns() {
        let command = command();
        let names = command.get_subcommands().map(clap::Command::get_name);
        for name in names.chain([""]) {
            let (_, examples) = EXAMPLES
                .iter()
                .find(|(command, _)| *command == name)
                .unwrap_or_else(|| panic!("{name} has no examples"));
            for (typed, _) in *examples {
                let words = typed.split_whitespace().take_while(|&word| word != ">");
                command
                    .clone()
                    .try_get_matches_from(["mnist-cli"].into_iter().chain(words))
                    .unwrap_or_else(|error| panic!("{typed}: {error}"));
                assert!(typed.starts_with(name), "{typed} is no example of {name}");
            }
            for line in help(name).to_string().lines() {
                assert!(line.chars().count() <= 80, "too long: {line}");
            }
        }
    }
}
