//! `trials`.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::fixtures::{data_set, first_of_mnist};
use crate::program::{error, json, mnist_cli, text};

/// A data set of few images, which makes a trial short: the first of MNIST.
static FEW: LazyLock<TempDir> = LazyLock::new(|| first_of_mnist(2_000, 500));

/// The option that chooses it.
fn short() -> [&'static str; 2] {
    ["--data", FEW.path().to_str().unwrap()]
}

/// The lines of `trials --json` over short trials.
fn lines(seeds: &str, more: &[&str]) -> String {
    text(&[&["trials", "--json", "--seeds", seeds], &short()[..], more].concat())
}

fn parsed(lines: &str) -> Vec<Value> {
    let lines = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    lines.collect()
}

/// What a short run writes to stdout and to stderr.
fn both(arguments: &[&str]) -> [String; 2] {
    let assert = mnist_cli(&[arguments, &short()].concat())
        .assert()
        .success();
    let output = assert.get_output();
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8(bytes.clone()).unwrap())
}

#[test]
fn a_line_says_what_train_says_of_the_seed() {
    let how = ["--epochs", "2", "--margin", "20", "--holdout", "50000"];
    let arguments = [&["trials", "--json", "--seeds", "7..9"], &how[..]].concat();
    let trials = parsed(&text(&arguments));
    assert_eq!(trials.len(), 2);
    for (seed, trial) in (7..).zip(trials) {
        let seed_text = format!("{seed}");
        let train = json(&[&["train", "--average", "--seed", &seed_text], &how[..]].concat());
        let average = json!({
            "correct": train["correct"],
            "accuracy": train["accuracy"],
            "fingerprint": train["fingerprint"],
        });
        let expected = json!({
            "seed": seed,
            "mistakes": train["mistakes"],
            "last": train["last"],
            "average": average,
        });
        assert_eq!(trial, expected);
    }
}

#[test]
fn the_lines_of_two_ranges_are_those_of_the_whole_on_any_threads_and_kernel() {
    let whole = lines("0..30", &[]);
    let seeds = parsed(&whole)
        .into_iter()
        .map(|trial| trial["seed"].as_u64());
    assert!(seeds.eq((0..30).map(Some)));
    assert_eq!(lines("0..11", &[]) + &lines("11..30", &[]), whole);
    for threads in ["1", "2", "7"] {
        assert_eq!(lines("0..30", &["--threads", threads]), whole);
    }
    let scalar = lines("0..2", &["--kernel", "scalar", "--no-mmap"]);
    assert!(whole.starts_with(&scalar));
}

#[test]
fn the_average_is_calm_on_the_test_set() {
    for trial in parsed(&text(&["trials", "--json", "--seeds", "0..20"])) {
        let [last, average] = ["last", "average"].map(|network| &trial[network]["accuracy"]);
        assert!(average.as_f64() >= Some(0.918), "{trial}");
        assert!(average.as_f64() > last.as_f64(), "{trial}");
    }
}

#[test]
fn the_summary_is_of_all_seeds_and_with_json_on_stderr() {
    let arguments = ["trials", "--seeds", "3..8", "--epochs", "2"];
    let [summary, nothing] = both(&arguments);
    assert_eq!(nothing, "");
    let title = "5 seeds, 2 epochs: accuracy on 500 test images\n";
    assert!(summary.starts_with(title), "{summary}");
    assert!(summary.lines().all(|line| line.chars().count() <= 80));

    let [lines, on_stderr] = both(&[&arguments[..], &["--json"]].concat());
    assert_eq!(on_stderr, summary);
    let mut trials = parsed(&lines);
    trials.sort_by_key(|trial| trial["average"]["correct"].as_u64());
    let average = |trial: &Value| trial["average"]["accuracy"].as_f64().unwrap();
    let accuracies: Vec<f64> = trials.iter().map(average).collect();
    for (name, value) in [
        ("minimum", accuracies[0]),
        ("median", accuracies[2]),
        ("upper quartile", accuracies[3]),
        ("mean", accuracies.iter().sum::<f64>() / 5.0),
    ] {
        let end = format!(" {value:.4}");
        let line = summary.lines().find(|line| line.trim().starts_with(name));
        assert!(line.unwrap().ends_with(&end), "{name}{end}\n{summary}");
    }
    // Of equal ones the first seed is named first, and `max_by_key` takes the last.
    let correct = |trial: &&Value| trial["average"]["correct"].as_u64();
    let best = trials.iter().rev().max_by_key(correct).unwrap();
    // Few seeds are all listed, from the lowest to the highest.
    let (_, listed) = summary.split_once("\naverage\n").unwrap();
    let lines = listed.lines().map(str::trim);
    let expected = trials.iter().map(|trial| {
        let seed = format!("seed {}", trial["seed"]);
        format!("{seed}   {:.4}", average(trial))
    });
    assert!(lines.eq(expected), "{summary}");
    assert!(
        listed
            .trim_end()
            .ends_with(&format!("{:.4}", average(best)))
    );
}

#[test]
fn more_than_ten_seeds_have_a_histogram() {
    for (seeds, bars) in [("0..10", false), ("0..11", true)] {
        let [summary, _] = both(&["trials", "--seeds", seeds]);
        assert_eq!(summary.contains('#'), bars, "{summary}");
        assert_eq!(summary.contains("nearest to the mean"), bars, "{summary}");
    }
}

#[test]
fn a_single_seed_has_a_summary_too() {
    let [summary, _] = both(&["trials", "--seeds", "0..1", "--epochs", "0"]);
    assert!(summary.starts_with("1 seed, 0 epochs"), "{summary}");
    let mut lines = summary.lines();
    let deviation = lines.find(|line| line.trim().starts_with("standard deviation"));
    assert!(deviation.unwrap().ends_with(" –"), "{summary}");
}

#[test]
fn csv_has_the_numbers_of_the_lines_and_svg_both_distributions() {
    let folder = tempfile::tempdir().unwrap();
    let [csv, svg] = ["spread.csv", "spread.svg"].map(|name| folder.path().join(name));
    fs::write(&csv, "old").unwrap();
    let [csv_text, svg_text] = [&csv, &svg].map(|path| path.to_str().unwrap());
    let files = ["--epochs", "2", "--csv", csv_text, "--svg", svg_text];
    let trials = parsed(&lines("5..10", &files));

    let csv = fs::read_to_string(&csv).unwrap();
    let mut rows = csv.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = rows.next().unwrap();
    assert_eq!(header[..3], ["seed", "mistakes", "last_correct"]);
    assert_eq!(rows.clone().count(), 5);
    for (row, trial) in rows.zip(&trials) {
        let mistakes = trial["mistakes"].as_array().unwrap();
        let mistakes: u64 = mistakes.iter().filter_map(Value::as_u64).sum();
        let mut expected = vec![trial["seed"].to_string(), mistakes.to_string()];
        for network in ["last", "average"] {
            for number in ["correct", "accuracy"] {
                expected.push(trial[network][number].to_string());
            }
            expected.push(trial[network]["fingerprint"].as_str().unwrap().to_owned());
        }
        assert_eq!(row, expected);
        assert_eq!(row.len(), header.len());
    }

    let svg = fs::read_to_string(&svg).unwrap();
    assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"));
    for label in [
        "5 seeds, 2 epochs",
        "last network: mean 0.",
        "average: mean 0.",
    ] {
        assert!(svg.contains(label), "{label}");
    }
    let (_, view_box) = svg.rsplit_once("viewBox=\"").unwrap();
    let (view_box, _) = view_box.split_once('"').unwrap();
    let view_box: Vec<u32> = view_box
        .split(' ')
        .map(|side| side.parse().unwrap())
        .collect();
    let view_box = <[u32; 4]>::try_from(view_box).unwrap();
    for colour in ["#0072b2", "#e69f00"] {
        let (_, series) = svg.split_once(&format!("<g fill=\"{colour}\"")).unwrap();
        let (bars, _) = series.split_once("</g>").unwrap();
        let heights = bars.split(" height=\"").skip(1);
        let heights = heights.map(|rest| rest.split_once('"').unwrap().0.parse::<u32>().unwrap());
        assert_eq!(heights.sum::<u32>(), 5, "each seed is in a bar of {colour}");
        let [left, _, width, _] = view_box;
        for bar in bars.split("<rect x=\"").skip(1) {
            let numbers = bar.split('"').filter_map(|part| part.parse::<u32>().ok());
            let numbers: Vec<u32> = numbers.collect();
            assert!(
                numbers[0] > left && numbers[0] + numbers[2] < left + width,
                "there is room beside each bar: {bar}"
            );
        }
    }
    assert_eq!(files_in(folder.path()), ["spread.csv", "spread.svg"]);
}

#[test]
#[cfg(target_os = "linux")]
fn a_file_that_cannot_be_written_costs_the_file_and_not_the_summary() {
    let path = "/dev/full";
    let arguments = [&["trials", "--seeds", "0..2", "--csv", path], &short()[..]].concat();
    let assert = mnist_cli(&arguments).assert().code(1);
    let [summary, error] = [&assert.get_output().stdout, &assert.get_output().stderr]
        .map(|bytes| str::from_utf8(bytes).unwrap());
    assert!(summary.contains("standard deviation"), "{summary}");
    assert!(
        error.contains(path) && error.contains("can't be written"),
        "{error}"
    );
}

#[test]
fn wrong_options_end_with_2() {
    for (option, value, message) in [
        ("--seeds", "5", "write A..B"),
        ("--seeds", "0..-1", "write A..B"),
        ("--seeds", "0..=9", "write A..B"),
        ("--seeds", "5..5", "holds no seed"),
        ("--seeds", "7..2", "holds no seed"),
        ("--margin", "1001", "from 0 to 1000"),
        ("--holdout", "0", "--holdout"),
        ("--holdout", "60000", "60000 training images"),
        ("--seed", "1", "--seed"),
    ] {
        let error = error(2, &["trials", option, value]);
        assert!(error.contains(message), "{option} {value}: {error}");
    }
}

#[test]
fn sorted_labels_are_warned_of() {
    let folder = data_set([1, 2], &[0, 9, 0, 8, 7, 0], &[0, 0, 1]);
    let data = folder.path().to_str().unwrap();
    let assert = mnist_cli(&["trials", "--seeds", "0..9", "--data", data])
        .assert()
        .success();
    let [summary, warning] = [&assert.get_output().stdout, &assert.get_output().stderr]
        .map(|bytes| str::from_utf8(bytes).unwrap());
    assert!(warning.contains("sorted by class"), "{warning}");
    assert!(summary.contains("accuracy on 3 test images"), "{summary}");
}

fn files_in(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().file_name());
    let mut names: Vec<_> = names.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    names
}

#[cfg(unix)]
mod while_it_runs {
    use std::io::{BufRead, BufReader, Read};
    use std::process::{Child, Command, Stdio};

    use super::*;
    use crate::program::DATA;

    /// A run that would take hours, with what has been read of its output.
    fn started(more: &[&str]) -> (Child, BufReader<impl Read + use<>>, String) {
        let arguments = ["trials", "--json", "--seeds", "0..1000000"];
        let mut child = Command::new(assert_cmd::cargo::cargo_bin!("mnist-cli"))
            .env("MNIST_DATA", DATA)
            .args([&arguments[..], &short(), more].concat())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut lines = String::new();
        for _ in 0..3 {
            stdout.read_line(&mut lines).unwrap();
        }
        (child, stdout, lines)
    }

    fn interrupt(child: &Child) {
        let id = child.id().to_string();
        let kill = Command::new("kill").args(["-INT", &id]).status();
        assert!(kill.unwrap().success());
    }

    #[test]
    fn ctrl_c_ends_with_the_summary_of_what_has_finished() {
        let folder = tempfile::tempdir().unwrap();
        let csv = folder.path().join("spread.csv");
        let (child, mut stdout, mut lines) = started(&["--csv", csv.to_str().unwrap()]);
        interrupt(&child);
        stdout.read_to_string(&mut lines).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130));
        let seeds = parsed(&lines)
            .into_iter()
            .map(|trial| trial["seed"].as_u64());
        let finished = seeds.len();
        assert!(seeds.eq((0..finished as u64).map(Some)), "{lines}");
        let summary = str::from_utf8(&output.stderr).unwrap();
        let title = format!("{finished} seeds (of 1,000,000, interrupted)");
        assert!(summary.starts_with(&title), "{summary}");
        assert!(summary.contains("standard deviation"), "{summary}");
        let rows = fs::read_to_string(csv).unwrap().lines().count();
        assert_eq!(rows, 1 + finished);
    }

    /// Where the system tells whether the program is ready for Ctrl-C, and whether it computes.
    #[cfg(target_os = "linux")]
    #[test]
    fn the_first_ctrl_c_lets_a_trial_go_on_and_the_second_ends_it_at_once() {
        let mut child = Command::new(assert_cmd::cargo::cargo_bin!("mnist-cli"))
            .env("MNIST_DATA", DATA)
            .args(["trials", "--seeds", "0..1", "--epochs", "4294967295"])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        while !catches_interrupt(&child) {}
        // A Ctrl-C before the trial has begun would rightly end the program.
        computes_on(&mut child, "it has ended by itself");
        interrupt(&child);
        computes_on(&mut child, "the first Ctrl-C has ended it");
        interrupt(&child);
        assert_eq!(child.wait().unwrap().code(), Some(130));
    }

    /// Waits until the program has used a fifth of a second of processor time.
    #[cfg(target_os = "linux")]
    fn computes_on(child: &mut Child, otherwise: &str) {
        let then = ticks(child);
        while ticks(child) < then + 20 {
            assert_eq!(child.try_wait().unwrap(), None, "{otherwise}");
        }
    }

    /// The processor time of the program so far, in clock ticks: fields 14 and 15 of proc(5).
    #[cfg(target_os = "linux")]
    fn ticks(child: &Child) -> u64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap();
        let (_, fields) = stat.rsplit_once(") ").unwrap();
        let fields: Vec<&str> = fields.split(' ').collect();
        [11, 12].map(|field| fields[field].parse::<u64>().unwrap())[..]
            .iter()
            .sum()
    }

    #[cfg(target_os = "linux")]
    fn catches_interrupt(child: &Child) -> bool {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
        let caught = u64::from_str_radix(caught.unwrap().trim(), 16).unwrap();
        // SIGINT is 2, and the lowest bit is 1.
        caught >> 1 & 1 == 1
    }

    #[test]
    fn a_closed_pipe_ends_it_quietly() {
        let (child, stdout, _) = started(&[]);
        drop(stdout);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        assert_eq!(output.stderr, b"");
    }
}
