//! What `train`, `evaluate` and `inspect` notice in images and labels that makes answers worthless.

use std::fs;

use mnist_idx::{Dataset, Split};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::fixtures::{emnist, write_split};
use crate::program::{DATA, file_in, json, mnist_cli, text};

/// The first images and labels of MNIST, the images changed by a function.
fn digits(split: Split, change: impl Fn(u8) -> u8) -> (Vec<u8>, Vec<u8>) {
    let data = Dataset::read(DATA, split).unwrap();
    let images = &data.images()[..784 * 300];
    (
        images.iter().map(|&pixel| change(pixel)).collect(),
        data.labels()[..300].to_vec(),
    )
}

/// A data set of two splits.
fn folder(splits: [(Vec<u8>, Vec<u8>); 2]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (stem, (images, labels)) in ["train", "t10k"].into_iter().zip(splits) {
        write_split(folder.path(), (stem, ""), [28, 28], &images, &labels);
    }
    folder
}

/// A data set of MNIST's digits, each split changed by a function.
fn changed(train: fn(u8) -> u8, test: fn(u8) -> u8) -> TempDir {
    folder([digits(Split::Train, train), digits(Split::Test, test)])
}

fn same(pixel: u8) -> u8 {
    pixel
}

/// The warnings of a run on this folder as `--json` lists them, which are also those on stderr.
fn warnings(arguments: &[&str], folder: &TempDir) -> Vec<String> {
    let data = folder.path().to_str().unwrap();
    let data = if arguments[0] == "inspect" {
        vec![data]
    } else {
        vec!["--data", data]
    };
    let run = [arguments, &data[..], &["--json"]].concat();
    let output = mnist_cli(&run).assert().success().get_output().clone();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let listed: Vec<String> = serde_json::from_value(report["warnings"].clone()).unwrap();
    if arguments[0] != "inspect" {
        let stderr = String::from_utf8(output.stderr).unwrap();
        let printed = stderr
            .lines()
            .filter_map(|line| line.strip_prefix("warning: "));
        assert!(printed.eq(&listed), "{stderr}");
    }
    // Names of files are left out.
    let start = format!("{}/", folder.path().display());
    listed
        .iter()
        .map(|warning| warning.replace(&start, ""))
        .collect()
}

#[test]
fn nothing_is_said_of_mnist() {
    for arguments in [&["train"][..], &["inspect", DATA]] {
        assert_eq!(json(arguments)["warnings"], json!([]), "{arguments:?}");
    }
    assert!(!text(&["inspect", DATA]).contains("warning"));
}

#[test]
fn pixels_of_another_range_are_told_with_the_factor_that_mends_it() {
    let images = "train-images-idx3-ubyte: no pixel is above";
    for (folder, largest, factor) in [
        (changed(|pixel| pixel / 128, |pixel| pixel / 128), 1, 255),
        (changed(|pixel| pixel / 16, |pixel| pixel / 16), 16, 15),
    ] {
        let expected =
            format!("{images} {largest}, and full ink is 255: multiply the pixels by {factor}");
        for command in ["train", "inspect"] {
            assert_eq!(warnings(&[command], &folder), [&*expected]);
        }
        let data = folder.path().to_str().unwrap();
        assert!(text(&["inspect", data]).contains(&format!("{largest}, and full ink")));
        let file = file_in(&folder, "train-images-idx3-ubyte");
        let file = json(&["inspect", &file])["warnings"].to_string();
        assert!(file.contains(&expected), "{file}");
    }
    // A single pixel is enough, even if it is in none of the images that are looked at first.
    let (mut train, labels) = digits(Split::Train, |pixel| pixel / 16);
    train[784 * 299] = 17;
    let folder = folder([(train.clone(), labels.clone()), (train, labels)]);
    assert_eq!(warnings(&["train"], &folder), [""; 0]);
}

#[test]
fn a_test_set_that_is_unlike_the_training_set_is_told() {
    for (test, expected) in [
        (
            (|pixel| pixel / 128) as fn(u8) -> u8,
            "t10k-images-idx3-ubyte: the pixels are from 0 to 1, but from 0 to 255 in \
             train-images-idx3-ubyte: bring both to 0 to 255",
        ),
        (
            |pixel| 255 - pixel,
            "t10k-images-idx3-ubyte: the images are dark on light, but light on dark in \
             train-images-idx3-ubyte: invert the pixels (255 − pixel)",
        ),
    ] {
        let folder = changed(same, test);
        for arguments in [&["train"][..], &["train", "--normalize"], &["inspect"]] {
            assert_eq!(warnings(arguments, &folder), [expected]);
        }
    }
    let mut test = digits(Split::Test, same);
    test.1[7] = 12;
    test.1[8] = 200;
    let unseen = "t10k-labels-idx1-ubyte: labels that train-labels-idx1-ubyte does not have, and \
                  that can't be learned: 12, 200";
    let folder = folder([digits(Split::Train, same), test]);
    assert_eq!(warnings(&["train"], &folder), [unseen]);
    assert_eq!(warnings(&["inspect"], &folder), [unseen]);
    // The labels of the images that are held out are among those of the others.
    assert_eq!(warnings(&["train", "--holdout", "100"], &folder), [""; 0]);
}

#[test]
fn images_unlike_those_that_a_model_was_trained_on_are_told() {
    let (light, dark) = (changed(same, same), changed(same, |pixel| 255 - pixel));
    let model = file_in(&light, "model");
    let data = light.path().to_str().unwrap();
    text(&["train", "--data", data, "--save", &model]);
    assert_eq!(warnings(&["evaluate", &model], &light), [""; 0]);
    let expected = format!(
        "t10k-images-idx3-ubyte: the images are dark on light, but light on dark in those that \
         {model} was trained on: invert the pixels (255 − pixel)"
    );
    assert_eq!(warnings(&["evaluate", &model], &dark), [&*expected]);
    // Images without labels too, as `predict` takes them.
    let images = file_in(&dark, "t10k-images-idx3-ubyte");
    fs::remove_file(file_in(&dark, "t10k-labels-idx1-ubyte")).unwrap();
    let predicted = mnist_cli(&["predict", "--model", &model, &images]).unwrap();
    let stderr = String::from_utf8(predicted.stderr).unwrap();
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(stderr.contains(&expected), "{stderr}");
    let dim = warnings(&["evaluate", &model], &changed(same, |pixel| pixel / 128));
    let expected = format!(
        "t10k-images-idx3-ubyte: the pixels are from 0 to 1, but from 0 to 255 in those that {model} \
         was trained on: bring both to 0 to 255"
    );
    assert_eq!(dim, [expected]);
}

#[test]
fn emnist_that_is_taken_as_it_is_stored_is_told_unless_something_says_how_it_is() {
    let folder = emnist().folder();
    let data = folder.path().to_str().unwrap();
    let [turned, stored] = ["turned", "stored"].map(|model| file_in(&folder, model));
    text(&["train", "--data", data, "--transpose", "--save", &turned]);
    text(&["train", "--data", data, "--save", &stored]);
    let images = file_in(&folder, "emnist-letters-test-images-idx3-ubyte.gz");
    for (arguments, file) in [
        (&["train", "--data", data][..], "train"),
        (&["inspect", data], "test"),
        (&["inspect", &images], "test"),
        (&["evaluate", &stored, "--data", data], "test"),
        (&["predict", "--model", &stored, &images], "test"),
    ] {
        let expected = format!(
            "warning: {data}/emnist-letters-{file}-images-idx3-ubyte.gz: EMNIST's images are stored \
             column by column: --transpose turns them upright"
        );
        for (option, is_told) in [("--no-mmap", true), ("--transpose=false", false)] {
            let output = mnist_cli(&[arguments, &[option]].concat())
                .output()
                .unwrap();
            let printed = [output.stdout, output.stderr].concat();
            let printed = String::from_utf8(printed).unwrap();
            assert_eq!(
                printed.contains(&expected),
                is_told,
                "{arguments:?}: {printed}"
            );
        }
    }
    assert_eq!(warnings(&["evaluate", &turned], &folder), [""; 0]);
    assert_eq!(warnings(&["train", "--transpose"], &folder), [""; 0]);
}

#[test]
fn one_class_and_images_all_alike_are_told_and_no_more_than_three_lines() {
    let (images, _) = digits(Split::Train, same);
    let one = (images.clone(), vec![3; 300]);
    let folder_of_one = folder([one.clone(), digits(Split::Test, same)]);
    let expected = "train-labels-idx1-ubyte: all labels are 3";
    assert_eq!(warnings(&["train"], &folder_of_one)[0], expected);
    let alike = (images[..784].repeat(300), one.1);
    let folder = folder([alike.clone(), alike]);
    for command in ["train", "inspect"] {
        assert_eq!(
            warnings(&[command], &folder),
            [
                "train-images-idx3-ubyte: all images are the same",
                expected,
                "t10k-images-idx3-ubyte: all images are the same",
            ]
        );
    }
}

#[test]
fn inspect_counts_the_test_images_that_are_training_images_too() {
    let train = digits(Split::Train, same);
    let mut test = digits(Split::Test, same);
    test.0[..784 * 2].copy_from_slice(&train.0[784 * 100..784 * 102]);
    let folder = folder([train.clone(), test.clone()]);
    assert_eq!(warnings(&["inspect"], &folder), [""; 0], "less than 1 %");
    test.0[784 * 2..784 * 40].copy_from_slice(&train.0[..784 * 38]);
    fs::remove_file(file_in(&folder, "t10k-images-idx3-ubyte")).unwrap();
    write_split(folder.path(), ("t10k", ""), [28, 28], &test.0, &test.1);
    assert_eq!(
        warnings(&["inspect"], &folder),
        [
            "t10k-images-idx3-ubyte: 40 images of 300 are in the training set, too, and say little of \
          new images"
        ]
    );
}
