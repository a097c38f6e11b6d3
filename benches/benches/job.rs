//! The whole job as a process, from its start to its exit: load, train a pass, evaluate, print.
//! Beside it the program when it only says its version: what a process costs that does nothing. The
//! bench builds the program first, with the flags that it was built with itself.
//!
//!     cargo bench -p mnist-benches --bench job

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use criterion::Throughput;
use mnist_benches::Wanted::AtMost;
use mnist_benches::{data, is_measuring, measure, ratio};
use serde_json::Value;

/// Images of the training and the test set.
const IMAGES: u64 = 60_000 + 10_000;

fn main() {
    let program = build();
    let mut criterion = mnist_benches::criterion();
    let mut group = criterion.benchmark_group("job");
    group.throughput(Throughput::Elements(IMAGES));
    measure(&mut group, "mnist-cli", 1, || run(&program));
    measure(&mut group, "mnist-cli --version", 1, || {
        Command::new(&program).arg("--version").output()
    });
    group.finish();

    if is_measuring() {
        let runs = (0..200).map(|_| run(&program));
        let (whole, own) = runs.min().expect("200 runs");
        ratio(
            "the process takes, in its own train and evaluate",
            Some(whole),
            Some(own),
            AtMost(1.5),
        );
    }
}

/// Builds the program and returns its path.
fn build() -> PathBuf {
    // Cargo's folder for temporary files of benches lies in the target folder.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("");
    let built = Command::new(env!("CARGO"))
        .args([
            "build",
            "--release",
            "--package",
            "mnist-cli",
            "--target-dir",
        ])
        .arg(&target)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status();
    assert!(
        built.is_ok_and(|status| status.success()),
        "mnist-cli does not build"
    );
    target
        .join("release/mnist-cli")
        .with_extension(env::consts::EXE_EXTENSION)
}

/// Runs the program; returns the time of the process, and what it says of train and evaluate.
fn run(program: &Path) -> (Duration, Duration) {
    let start = Instant::now();
    let output = Command::new(program)
        .arg("--json")
        .arg("--data")
        .arg(data())
        .output()
        .expect("the program runs");
    let whole = start.elapsed();
    assert!(output.status.success(), "the program failed");
    let report: Value = serde_json::from_slice(&output.stdout).expect("--json prints JSON");
    let phase = |name| report["milliseconds"][name].as_f64().expect("milliseconds");
    let own = Duration::from_secs_f64((phase("train") + phase("evaluate")) / 1e3);
    (whole, own)
}
