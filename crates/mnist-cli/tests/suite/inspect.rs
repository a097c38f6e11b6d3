//! `inspect`.

use std::fs;
use std::path::Path;

use mnist_idx::{Element, write};
use safetensors::Dtype;

use crate::fixtures::{safetensors, write_split, zeros};
use crate::program::{DATA, error, file_in, json, mnist_cli, text};

/// An array in a file of its own.
fn file<T: Element>(name: &str, dimensions: &[usize], elements: &[T]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path().join(name), dimensions, elements).unwrap();
    folder
}

/// Two images of 2 × 3 pixels, the second of class 4, in a training set.
fn small() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let images = [0, 0, 0, 0, 0, 0, 255, 0, 255, 255, 0, 0];
    write_split(folder.path(), ("train", ""), [2, 3], &images, &[1, 4]);
    folder
}

#[test]
fn mnist_is_known_by_the_sha_256_of_its_files() {
    let sums = fs::read_to_string(Path::new(DATA).join("SHA256SUMS")).unwrap();
    let inspected = json(&["inspect", DATA]);
    let splits = inspected["splits"].as_array().unwrap();
    assert_eq!(splits.len(), 2);
    for (split, name, count) in [
        (&splits[0], "training", 60_000),
        (&splits[1], "test", 10_000),
    ] {
        assert_eq!(split["count"], count);
        assert_eq!(
            (&split["height"], &split["width"]),
            (&28.into(), &28.into())
        );
        assert_eq!(split["classes"], 10);
        assert_eq!(split["sorted_by_class"], false);
        for what in ["images", "labels"] {
            let file = &split[what];
            assert_eq!(file["known"], format!("MNIST {name} {what}"));
            let path = Path::new(file["path"].as_str().unwrap());
            let line = format!(
                "{}  {}\n",
                file["raw_sha256"].as_str().unwrap(),
                path.file_name().unwrap().to_str().unwrap()
            );
            assert!(sums.contains(&line), "{line}");
            assert_eq!(file["raw_size"], fs::metadata(path).unwrap().len());
        }
    }
}

#[test]
fn a_file_is_told_with_type_shape_size_and_sha_256() {
    let folder = file("points", &[2, 3], &[1.0f32, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let path = file_in(&folder, "points");
    let expected = format!(
        "\
file        {path}
type        f32
shape       [2, 3]
size        36 bytes, raw
raw SHA-256 ee5ecabfdb1491290bd243a86876b32e713ae7833e5d5843d241e1bc710cabe5
known       not a file of MNIST or Fashion-MNIST
"
    );
    assert_eq!(text(&["inspect", &path]), expected);
}

#[test]
fn the_sha_256_of_a_gzip_file_is_that_of_the_raw_bytes() {
    let labels = fs::read(Path::new(DATA).join("t10k-labels-idx1-ubyte")).unwrap();
    // Gzip by its bytes, whatever its name is.
    let folder = file("labels.gz", &[10_000], &labels[8..]);
    fs::rename(
        folder.path().join("labels.gz"),
        folder.path().join("labels"),
    )
    .unwrap();
    let path = file_in(&folder, "labels");
    let file = json(&["inspect", &path]);
    assert_eq!(file["gzip"], true);
    assert_eq!(file["known"], "MNIST test labels");
    assert_eq!(file["raw_size"], 10_008);
    let size = fs::metadata(&path).unwrap().len();
    assert!(size < 10_008);
    assert_eq!(file["file_size"], size);
    let line = format!(
        "{},{:03} bytes, gzip of 10,008 bytes raw",
        size / 1000,
        size % 1000
    );
    assert!(text(&["inspect", &path]).contains(&line), "{line}");
}

#[test]
fn all_six_types_are_told() {
    fn check<T: Element>(name: &str, one: T) {
        let folder = file("array", &[1, 1, 1, 1], &[one]);
        let inspected = json(&["inspect", &file_in(&folder, "array")]);
        assert_eq!(inspected["type"], name);
        assert_eq!(inspected["shape"], serde_json::json!([1, 1, 1, 1]));
        assert!(inspected["label_counts"].is_null());
    }
    check("u8", 1u8);
    check("i8", 1i8);
    check("i16", 1i16);
    check("i32", 1i32);
    check("f32", 1f32);
    check("f64", 1f64);
}

#[test]
fn labels_are_counted_in_a_bar_chart() {
    let labels = [&[3u8; 100][..], &[0; 50], &[200; 1]].concat();
    let folder = file("labels", &[151], &labels);
    let text = text(&["inspect", &file_in(&folder, "labels")]);
    let chart: Vec<_> = text.lines().skip(7).collect();
    let bar = |label: &str, count: &str, length| {
        format!("{label:>11} {count:>11}  {}", "#".repeat(length))
    };
    assert_eq!(
        chart,
        [
            bar("0", "50", 25),
            bar("3", "100", 50),
            // Short, but to be seen.
            bar("200", "1", 1),
        ]
    );
}

#[test]
fn labels_of_every_integer_type_are_counted_and_qmnist_s_by_their_first_column() {
    let counts = |folder: tempfile::TempDir| {
        json(&["inspect", &file_in(&folder, "labels")])["label_counts"].clone()
    };
    let expected = serde_json::json!({"-1": 1, "7": 2});
    assert_eq!(counts(file("labels", &[3], &[7i8, -1, 7])), expected);
    assert_eq!(counts(file("labels", &[3], &[7i16, -1, 7])), expected);
    assert_eq!(counts(file("labels", &[3], &[7i32, -1, 7])), expected);
    let table = [[7, 0, 1, 2, 3, 4, 5, 6], [-1; 8], [7, 9, 9, 9, 9, 9, 9, 9]];
    assert_eq!(counts(file("labels", &[3, 8], &table.concat())), expected);
    // More than 256 different numbers are no labels.
    let numbers: Vec<i32> = (0..257).collect();
    assert!(counts(file("labels", &[257], &numbers)).is_null());
    assert!(counts(file("labels", &[3], &[1f32, 2.0, 3.0])).is_null());
    assert_eq!(
        counts(file::<u8>("labels", &[0], &[])),
        serde_json::json!({})
    );
}

#[test]
fn an_image_is_drawn_with_half_blocks_where_the_locale_is_utf_8() {
    let folder = small();
    let drawn = |locale: &str, terminal: &str| {
        let arguments = ["inspect", folder.path().to_str().unwrap(), "--show", "1"];
        let mut command = mnist_cli(&arguments);
        let output = command.env("LANG", locale).env("TERM", terminal).unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let (_, drawn) = text.split_once("train image 1, label 4\n").unwrap();
        drawn.to_owned()
    };
    assert_eq!(drawn("en_GB.UTF-8", "xterm-256color"), "█ ▀\n");
    // Both pixels, none, the upper one.
    assert_eq!(drawn("C", "xterm-256color"), "@ =\n");
    assert_eq!(drawn("en_GB.UTF-8", "dumb"), "@ =\n");
}

#[test]
fn show_counts_from_0_in_the_split_and_says_the_label() {
    for (arguments, label) in [
        (&["--show", "0"][..], 5),
        (&["--show", "59999"], 8),
        (&["--show", "0", "--split", "train"], 5),
        (&["--show", "0", "--split", "test"], 7),
        (&["--show", "9999", "--split", "test", "--no-mmap"], 6),
    ] {
        let inspected = json(&[&["inspect", DATA], arguments].concat());
        let image = &inspected["shown"];
        assert_eq!(image["label"], label, "{arguments:?}");
        assert_eq!(image["pixels"].as_array().unwrap().len(), 784);
    }
    let path = format!("{DATA}/t10k-images-idx3-ubyte");
    let image = &json(&["inspect", &path, "--show", "0"])["shown"];
    assert!(image["label"].is_null(), "a file of images has no labels");
    let with_label = &json(&["inspect", DATA, "--show", "0", "--split", "test"])["shown"];
    assert_eq!(image["pixels"], with_label["pixels"]);
    assert!(json(&["inspect", &path]).get("shown").is_none());
}

#[test]
fn transpose_turns_the_image_that_is_shown() {
    let folder = small();
    let folder_path = folder.path().to_str().unwrap();
    for inspected in [folder_path, &file_in(&folder, "train-images-idx3-ubyte")] {
        let inspected = json(&["inspect", inspected, "--show", "1", "--transpose"]);
        let image = &inspected["shown"];
        assert_eq!(image["pixels"], serde_json::json!([255, 255, 0, 0, 255, 0]));
        assert_eq!((&image["height"], &image["width"]), (&3.into(), &2.into()));
    }
    let split = &json(&["inspect", folder_path, "--transpose"])["splits"][0];
    assert_eq!((&split["height"], &split["width"]), (&3.into(), &2.into()));
    assert_eq!(split["images"]["shape"], serde_json::json!([2, 2, 3]));
}

#[test]
fn what_cannot_be_shown_is_a_usage_error() {
    let message = error(2, &["inspect", DATA, "--show", "60000"]);
    assert!(
        message.contains("has 60,000 images, counted from 0"),
        "{message}"
    );
    let images = format!("{DATA}/t10k-images-idx3-ubyte");
    let message = error(2, &["inspect", &images, "--show", "10000"]);
    assert!(
        message.contains("has 10,000 images, counted from 0"),
        "{message}"
    );
    let labels = format!("{DATA}/t10k-labels-idx1-ubyte");
    let message = error(2, &["inspect", &labels, "--show", "0"]);
    assert!(message.contains("is u8 [10000]"), "{message}");
    let message = error(2, &["inspect", &labels, "--prefix", "emnist"]);
    assert!(
        message.starts_with("--prefix chooses in a folder"),
        "{message}"
    );
    let message = error(2, &["inspect", &labels, "--split", "test"]);
    assert!(
        message.starts_with("--split chooses in a folder"),
        "{message}"
    );
}

#[test]
fn one_split_of_a_data_set_is_inspected_with_a_warning() {
    let folder = small();
    let folder = folder.path().to_str().unwrap();
    let assert = mnist_cli(&["inspect", folder]).assert().success();
    let warning = str::from_utf8(&assert.get_output().stderr).unwrap();
    assert!(warning.contains("no images of the test set: expected t10k-images-idx3-ubyte"));
    let text = str::from_utf8(&assert.get_output().stdout).unwrap();
    let first = "train       2 images, 2 × 3 pixels, 5 classes, 3 without an image\n";
    assert!(text.starts_with(first), "{text}");
    let message = error(1, &["inspect", folder, "--split", "test"]);
    assert!(message.contains("no images of the test set"), "{message}");
}

#[test]
fn several_data_sets_are_an_error_that_lists_them_and_a_prefix_chooses() {
    let folder = tempfile::tempdir().unwrap();
    for (prefix, count) in [("emnist-digits-", 2), ("emnist-letters-", 3)] {
        let (images, labels) = (vec![9; count], vec![1; count]);
        let stem = format!("{prefix}train");
        write_split(folder.path(), (&stem, ".gz"), [1, 1], &images, &labels);
    }
    let folder = folder.path().to_str().unwrap();
    let message = error(1, &["inspect", folder]);
    for part in ["emnist-digits-, emnist-letters-", "choose one by --prefix"] {
        assert!(message.contains(part), "{message}");
    }
    let inspected = json(&["inspect", folder, "--prefix", "emnist-letters"]);
    assert_eq!(inspected["splits"][0]["count"], 3);
}

#[test]
fn labels_that_come_sorted_are_told() {
    let folder = file("train-images-idx3-ubyte", &[4, 1, 1], &[1u8, 2, 3, 4]);
    let labels = folder.path().join("train-labels-idx1-ubyte");
    let folder = folder.path().to_str().unwrap();
    for (these, sorted) in [([0u8, 0, 1, 1], true), ([0, 1, 0, 1], false)] {
        write(&labels, &[4], &these).unwrap();
        let split = &json(&["inspect", folder])["splits"][0];
        assert_eq!(split["sorted_by_class"], sorted);
        assert_eq!(
            text(&["inspect", folder]).contains("sorted by class"),
            sorted
        );
    }
}

#[test]
fn what_is_no_idx_file_is_an_error_that_names_it() {
    let readme = format!("{DATA}/README.md");
    let message = error(1, &["inspect", &readme]);
    assert!(
        message.starts_with(&format!("{readme}: cannot read: not an IDX file")),
        "{message}"
    );
    let message = error(1, &["inspect", "no such file"]);
    assert!(message.starts_with("no such file: "), "{message}");
    error(2, &["inspect"]);
}

#[test]
#[cfg(unix)]
fn a_pipe_is_inspected_and_is_an_error_if_it_ends_early() {
    let bytes = fs::read(Path::new(DATA).join("t10k-labels-idx1-ubyte")).unwrap();
    let inspect = |bytes: &[u8]| {
        let mut command = mnist_cli(&["inspect", "/dev/stdin", "--json"]);
        command.write_stdin(bytes).assert()
    };
    let assert = inspect(&bytes).success();
    let file: serde_json::Value = serde_json::from_slice(&assert.get_output().stdout).unwrap();
    assert_eq!(file["known"], "MNIST test labels");
    assert!(file["file_size"].is_null());
    let assert = inspect(&bytes[..5_000]).code(1);
    let message = str::from_utf8(&assert.get_output().stderr).unwrap();
    assert!(
        message.contains("/dev/stdin: cannot read: shorter than its header says"),
        "{message}"
    );
}

#[test]
fn a_model_is_told_by_how_it_was_trained_and_for_what() {
    let folder = tempfile::tempdir().unwrap();
    let model = file_in(&folder, "model");
    let rule = [
        "--normalize",
        "--average",
        "--margin",
        "20",
        "--seed",
        "9",
        "--epochs",
        "2",
    ];
    let trained = json(&[&["train", "--save", &model], &rule[..]].concat());
    let fingerprint = trained["fingerprint"].as_str().unwrap();
    let expected = format!(
        "\
model       {model}
network     28 × 28 pixels in, 10 classes out: 7,840 weights and 10 biases
rule        perceptron, the average over all images, margin 20 pixels
pictures    cut out and normalized; light on dark, 0…255
seed        9
epochs      2
fingerprint {fingerprint}
"
    );
    assert_eq!(text(&["inspect", &model]), expected);
    let told = json(&["inspect", &model]);
    for key in ["seed", "epochs", "margin", "rule"] {
        assert_eq!(told["training"][key], trained[key], "{key}");
    }
    assert_eq!(told["fingerprint"], fingerprint);
    assert_eq!(
        (&told["height"], &told["classes"]),
        (&28.into(), &10.into())
    );
    let message = error(2, &["inspect", &model, "--split", "test"]);
    assert!(
        message.starts_with("--split chooses in a folder"),
        "{message}"
    );

    let bytes = safetensors(&[zeros("weight", Dtype::F32, &[2, 4])], None);
    fs::write(&model, bytes).unwrap();
    let message = error(1, &["inspect", &model]);
    assert!(message.contains("`import` reads layers"), "{message}");
}
