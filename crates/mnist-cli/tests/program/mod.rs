//! The program, run as a process.

use assert_cmd::Command;
use serde_json::Value;

/// The MNIST files of the repository.
pub const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data");

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
