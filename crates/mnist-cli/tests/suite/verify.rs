//! `verify`, `completions` and the examples of the help.

use std::collections::BTreeSet;
use std::fs;

use mnist_kernel::Kernel;
use serde_json::Value;
use tempfile::TempDir;

use crate::fixtures::{safetensors, write_split};
use crate::program::{DATA, FINGERPRINT, error, file_in, json, mnist_cli, text};

/// A folder of a few images of two classes, with names that end so.
fn two_classes(end: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let images = [0u8, 255, 9, 255, 0, 8];
    for stem in ["train", "test"] {
        write_split(folder.path(), (stem, end), [1, 2], &images, &[0, 1, 0]);
    }
    folder
}

/// The different values of a key of the runs.
fn values<'a>(verified: &'a Value, key: &str) -> BTreeSet<&'a str> {
    let runs = verified["runs"].as_array().unwrap().iter();
    runs.map(|run| run[key].as_str().unwrap()).collect()
}

#[test]
fn on_mnist_every_kernel_thread_count_and_way_of_reading_makes_the_recorded_network() {
    let verified = json(&["verify"]);
    assert_eq!(verified["verified"], true);
    assert_eq!(verified["recorded"], FINGERPRINT);
    assert_eq!(
        values(&verified, "fingerprint"),
        BTreeSet::from([FINGERPRINT])
    );
    let mut ways = BTreeSet::new();
    for run in verified["runs"].as_array().unwrap() {
        assert_eq!(run["correct"], 8831);
        ways.insert(["kernel", "threads", "files"].map(|key| run[key].to_string()));
    }
    for kernel in Kernel::available() {
        for threads in ["1", "2"] {
            for files in [r#""mapped""#, r#""read""#] {
                let kernel = format!("\"{kernel}\"");
                let way = [kernel, threads.to_owned(), files.to_owned()];
                assert!(ways.contains(&way), "{way:?}");
            }
        }
    }
}

#[test]
fn on_other_data_the_runs_are_compared_with_each_other_only() {
    let folder = two_classes("");
    let data = folder.path().to_str().unwrap();
    let text = text(&["verify", "--data", data, "--average", "--seed", "3"]);
    let lines: Vec<&str> = text.lines().collect();
    let runs = lines.len() - 4;
    let header: Vec<&str> = lines[0].split_whitespace().collect();
    assert_eq!(
        header,
        ["kernel", "threads", "files", "accuracy", "fingerprint"]
    );
    let fingerprint = lines[runs + 2].strip_prefix("fingerprint ").unwrap();
    for line in &lines[1..=runs] {
        assert!(line.ends_with(&fingerprint[..16]), "{text}");
    }
    assert_eq!(
        lines[runs + 3],
        format!("verdict     {runs} runs, one network")
    );

    let trained = json(&["train", "--data", data, "--average", "--seed", "3"]);
    assert_eq!(trained["fingerprint"], fingerprint);
}

#[test]
fn gzip_files_are_read_and_with_no_mmap_others_too() {
    for (end, options) in [(".gz", &[][..]), ("", &["--no-mmap"])] {
        let folder = two_classes(end);
        let data = ["verify", "--data", folder.path().to_str().unwrap()];
        let verified = json(&[&data, options].concat());
        assert_eq!(values(&verified, "files"), BTreeSet::from(["read"]));
        assert_eq!(verified["recorded"], Value::Null);
    }
}

#[test]
fn a_folder_that_is_not_there_is_an_error() {
    let message = error(1, &["verify", "--data", "nowhere"]);
    assert!(message.starts_with("nowhere: "), "{message}");
}

#[test]
fn completions_know_the_commands_of_each_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = text(&["completions", shell]);
        for word in ["completions", "verify", "no-mmap"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    mnist_cli(&["completions", "csh"]).assert().code(2);
}

#[test]
fn a_data_set_without_its_option_gets_a_tip() {
    for command in [&[DATA][..], &["train", DATA], &["verify", DATA]] {
        let output = mnist_cli(command).assert().code(2).get_output().clone();
        let message = String::from_utf8(output.stderr).unwrap();
        let tip = format!("tip: a data set is named by an option: --data {DATA}");
        assert!(message.contains(&tip), "{message}");
    }
    let folder = tempfile::tempdir().unwrap();
    let [picture, model] = ["a.png", "m"].map(|name| file_in(&folder, name));
    fs::write(&picture, "any").unwrap();
    fs::write(&model, safetensors(&[], None)).unwrap();
    for (file, tip) in [(&picture, "predict"), (&model, "evaluate")] {
        let output = mnist_cli(&[file]).assert().code(2).get_output().clone();
        let message = String::from_utf8(output.stderr).unwrap();
        let tip = format!("by a command: mnist-cli {tip} {file}\n");
        assert!(message.contains(&tip), "{message}");
    }
}

#[test]
fn the_help_of_predict_begins_with_what_a_beginner_needs() {
    let help = text(&["predict", "-h"]);
    let (_, options) = help.split_once("\nOptions:\n").unwrap();
    let (first, rest) = options.split_once("\nData sets:\n").unwrap();
    let (sets, advanced) = rest.split_once("\nAdvanced:\n").unwrap();
    let names = |text: &str| -> Vec<String> {
        let options = text
            .lines()
            .filter_map(|line| line.strip_prefix("      --"));
        let names = options.filter_map(|option| option.split([' ', '[']).next());
        names.map(String::from).collect()
    };
    assert_eq!(
        names(first)[..5],
        ["model", "show", "single", "save-prepared", "json"]
    );
    assert_eq!(names(sets), ["data", "split", "image", "csv"]);
    assert!(
        advanced.contains("--seed") && advanced.contains("--raw"),
        "{advanced}"
    );
}

#[test]
fn help_ends_with_examples() {
    for (arguments, example) in [
        (&["--help"][..], "\n  mnist-cli --seed 8 "),
        (&["train", "-h"], "\n  mnist-cli train --save "),
        (&["help", "verify"], "\n  mnist-cli verify "),
    ] {
        let help = text(arguments);
        let (_, examples) = help.split_once("\nExamples:\n").unwrap();
        assert!(format!("\n{examples}").contains(example), "{help}");
    }
}
