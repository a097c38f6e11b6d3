//! The sample of MNIST inside the program: what happens in a folder without anything.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use mnist_idx::{Dataset, Split, write};

use crate::program::{DATA, mnist_cli};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/sample");

/// The images and labels of the sample: every 12th for training, every 10th for the test.
fn sampled(split: Split) -> (Vec<u8>, Vec<u8>) {
    let every = if split == Split::Train { 12 } else { 10 };
    let data = Dataset::read(DATA, split).unwrap();
    let images = data.images().chunks(784).step_by(every);
    let labels = data.labels().iter().step_by(every);
    (
        images.flatten().copied().collect(),
        labels.copied().collect(),
    )
}

#[test]
fn the_sample_is_every_12th_training_and_every_10th_test_image() {
    for split in [Split::Train, Split::Test] {
        let sample = Dataset::read(FOLDER, split).unwrap();
        let (images, labels) = sampled(split);
        assert!(sample.images() == images && sample.labels() == labels);
    }
}

#[test]
#[ignore = "writes the files of the sample"]
fn the_sample_is_written() {
    for (split, stem) in [(Split::Train, "train"), (Split::Test, "t10k")] {
        let (images, labels) = sampled(split);
        let path = |what: &str| Path::new(FOLDER).join(format!("{stem}-{what}-ubyte.gz"));
        write(path("images-idx3"), &[labels.len(), 28, 28], &images).unwrap();
        write(path("labels-idx1"), &[labels.len()], &labels).unwrap();
    }
}

/// The program in a folder where no data set is named.
fn without_data(folder: &Path, arguments: &[&str]) -> Command {
    let mut program = mnist_cli(arguments);
    program.env_remove("MNIST_DATA").current_dir(folder);
    program
}

/// What it prints, and its messages, of which one is that it takes the sample.
fn run(folder: &Path, arguments: &[&str]) -> (String, String) {
    let output = without_data(folder, arguments).output().unwrap();
    let [text, messages] =
        [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    assert!(output.status.success(), "{arguments:?}: {messages}");
    let said = messages.matches("no data/ folder here: this is the embedded sample, 5,000");
    assert_eq!(said.count(), 1, "{arguments:?}: {messages}");
    (text, messages)
}

#[test]
fn in_an_empty_folder_every_figure_is_said_to_be_the_sample_s() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (trained, _) = run(folder, &["train", "--average", "--save", "m.safetensors"]);
    for line in trained.lines().filter(|line| line.starts_with("accuracy ")) {
        assert!(line.contains(" of 1000, embedded sample)"), "{line}");
    }
    assert!(trained.contains("5,000 training and 1,000 test images, embedded sample,"));
    let (json, _) = run(folder, &["--json"]);
    assert!(json.starts_with("{\"sample\":true,"), "{json}");
    let (evaluated, _) = run(folder, &["evaluate", "m.safetensors"]);
    assert!(
        evaluated.contains(" of 1000, embedded sample)"),
        "{evaluated}"
    );
    let (json, _) = run(folder, &["evaluate", "m.safetensors", "--json"]);
    assert!(json.starts_with("{\"sample\":true,"), "{json}");
    let (trials, _) = run(folder, &["trials", "--seeds", "0..2"]);
    assert!(trials.contains("accuracy on 1,000 test images, embedded sample"));
    let (verified, _) = run(folder, &["verify"]);
    assert!(verified.contains("one network") && !verified.contains("recorded"));

    let (reported, _) = run(folder, &["report"]);
    assert!(
        reported.contains(" of 1000, embedded sample)"),
        "{reported}"
    );
    let page = fs::read_to_string(folder.join("report.html")).unwrap();
    assert!(page.contains("1,000 test images of a small sample correctly"));
    assert!(page.contains("embedded in the program: every figure of this page is of it"));
    run(folder, &["report", "--model", "m.safetensors"]);

    let seven = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/seven.png");
    let (answer, messages) = run(folder, &["predict", seven]);
    assert!(answer.contains("\nanswer      7, by "), "{answer}");
    assert!(messages.contains("training one on the embedded sample/training images by --best"));
}

#[test]
fn the_sample_takes_the_place_of_no_data_set_that_is_named_or_there() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let refused = |program: &mut Command, message: &str| {
        let output = program.assert().code(1).get_output().clone();
        let messages = String::from_utf8(output.stderr).unwrap();
        assert!(messages.contains(message), "{messages}");
        assert!(!messages.contains("sample"), "{messages}");
    };
    let missing = "missing: no such folder";
    refused(&mut without_data(folder, &["--data", "missing"]), missing);
    refused(
        without_data(folder, &[]).env("MNIST_DATA", "missing"),
        missing,
    );
    let missing = "data: no such folder";
    refused(&mut without_data(folder, &["--prefix", "emnist"]), missing);
    fs::create_dir(folder.join("data")).unwrap();
    refused(&mut without_data(folder, &[]), "data");
}
