//! Running the program.

use std::collections::HashMap;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

/// The MNIST files of the repository.
pub const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data");

/// The network of seed 1 after one pass over MNIST.
pub const FINGERPRINT: &str = "5c46a0a875f107eede7cd1b28218f1a025ffee6dc2d6ca1bb19d9a7150bf6751";

/// The path of a file in a temporary folder.
pub fn file_in(folder: &TempDir, name: &str) -> String {
    folder.path().join(name).to_str().unwrap().to_owned()
}

/// The program with these arguments, in an environment of no wishes, on MNIST.
pub fn mnist_cli(arguments: &[&str]) -> Command {
    let mut command = assert_cmd::cargo::cargo_bin_cmd!("mnist-cli");
    for variable in ["LC_ALL", "LC_CTYPE", "LANG", "TERM", "NO_COLOR"] {
        command.env_remove(variable);
    }
    command.env("MNIST_DATA", DATA).args(arguments);
    command
}

/// What a run that succeeds prints.
pub fn text(arguments: &[&str]) -> String {
    let output = mnist_cli(arguments).assert().success().get_output().clone();
    String::from_utf8(output.stdout).unwrap()
}

/// What a run that succeeds prints with `--json`: one object on one line.
pub fn json(arguments: &[&str]) -> Value {
    let text = text(&[arguments, &["--json"]].concat());
    assert_eq!(text.lines().count(), 1, "{text}");
    serde_json::from_str(&text).unwrap()
}

/// What `predict` reads in the pictures of a folder, by their names, which are numbers. Those that
/// it refuses say why.
pub fn read_folder(model: &str, folder: &Path) -> HashMap<usize, String> {
    let folder = folder.to_str().unwrap();
    let command = ["predict", "--json", "--model", model, folder];
    let output = mnist_cli(&command).output().unwrap();
    let messages = String::from_utf8(output.stderr).unwrap();
    for message in messages
        .lines()
        .filter(|line| line.starts_with("warning: "))
    {
        assert!(message.contains(": nothing to read: "), "{message}");
    }
    let read = |line| {
        let report: Value = serde_json::from_str(line).unwrap();
        let [file, text] = ["file", "text"].map(|key| report[key].as_str().unwrap());
        let name = Path::new(file).file_stem().unwrap().to_str().unwrap();
        (name.parse().unwrap(), text.to_owned())
    };
    let reports = String::from_utf8(output.stdout).unwrap();
    reports.lines().map(read).collect()
}

/// The one message of a run that fails with this exit code and prints nothing.
pub fn error(code: i32, arguments: &[&str]) -> String {
    let output = mnist_cli(arguments)
        .assert()
        .code(code)
        .get_output()
        .clone();
    assert_eq!(output.stdout, b"", "nothing on stdout");
    let text = String::from_utf8(output.stderr).unwrap();
    let mut errors = text.lines().filter_map(|line| line.strip_prefix("error: "));
    let error = errors.next().expect("an error").to_owned();
    assert_eq!(errors.next(), None);
    error
}
