//! The examples at the end of each command's help.

use clap::builder::{StyledStr, Styles};

/// What to type after the program's name, and what it does.
pub type Example = (&'static str, &'static str);

/// The examples of a command, a line each.
pub fn help(examples: &[Example]) -> StyledStr {
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
    use clap::CommandFactory;

    use crate::arguments::Arguments;

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
