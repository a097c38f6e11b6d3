//! `report`. What the page does in a browser is in `report_browser.rs`.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use image::{Rgb, RgbImage};
use indicatif::HumanCount;
use mnist_idx::{Dataset, Split};
use mnist_kernel::{Perceptron, Shape, evaluate};

use crate::fixtures::{data_set, forget_metadata};
use crate::program::{self, DATA, FINGERPRINT};

/// The program, in a folder, with MNIST.
fn mnist_cli(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = program::mnist_cli(arguments);
    command.current_dir(folder);
    command
}

fn stderr(output: &std::process::Output) -> &str {
    str::from_utf8(&output.stderr).unwrap()
}

#[test]
fn the_page_is_one_small_file_that_names_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let trained = mnist_cli(folder.path(), &["train", "--json", "--save", "model"]).unwrap();
    let trained: serde_json::Value = serde_json::from_slice(&trained.stdout).unwrap();
    let mistakes = HumanCount(trained["mistakes"][0].as_u64().unwrap());
    let mistakes = format!("{mistakes} on 60,000 images in the first epoch");
    let output = mnist_cli(folder.path(), &["report", "--model", "model"]).unwrap();
    assert!(stderr(&output).is_empty(), "{}", stderr(&output));
    let text = str::from_utf8(&output.stdout).unwrap();
    assert!(text.contains("accuracy 0.8831 (8831 of 10000)"), "{text}");
    assert!(text.contains("report.html"), "{text}");

    let page = fs::read_to_string(folder.path().join("report.html")).unwrap();
    assert!(page.len() < 1_500_000, "{} bytes", page.len());
    for reference in ["http:", "https:", "src=", "@import", "url("] {
        assert!(!page.contains(reference), "{reference}");
    }
    for address in page.split("href=\"").skip(1) {
        assert!(
            address.starts_with('#') || address.starts_with("data:"),
            "{}",
            &address[..60]
        );
    }
    for fact in ["<strong>88.31 %</strong>", FINGERPRINT, &mistakes] {
        assert!(page.contains(fact), "{fact}");
    }
}

#[test]
fn the_learning_curve_goes_from_the_start_to_the_end_of_the_first_epoch() {
    let folder = tempfile::tempdir().unwrap();
    mnist_cli(folder.path(), &["train", "--save", "model"])
        .assert()
        .success();
    mnist_cli(folder.path(), &["report", "--model", "model"])
        .assert()
        .success();
    let page = fs::read_to_string(folder.path().join("report.html")).unwrap();
    let figures = page.split("<th scope=\"row\">60,000</th>").nth(1).unwrap();
    assert!(
        figures.starts_with("<td>88.31 %</td>"),
        "{}",
        &figures[..60]
    );
    let test = Dataset::read(DATA, Split::Test).unwrap();
    let start = Perceptron::random(Shape::new(10, 784).unwrap(), 1);
    let answers = evaluate(
        &start,
        test.images(),
        test.labels(),
        "scalar".parse().unwrap(),
    )
    .unwrap();
    let start = format!(
        "<th scope=\"row\">0</th><td>{:.2} %</td>",
        100.0 * answers.accuracy().unwrap()
    );
    assert!(page.contains(&start), "{start}");
}

#[test]
fn without_a_model_one_is_trained_by_the_recipe() {
    let folder = tempfile::tempdir().unwrap();
    let trained = mnist_cli(folder.path(), &["train", "--best", "--json"]).unwrap();
    let trained: serde_json::Value = serde_json::from_slice(&trained.stdout).unwrap();

    let output = mnist_cli(folder.path(), &["report", "-o", "page.html"]).unwrap();
    assert!(
        stderr(&output).contains("no --model: training one"),
        "{}",
        stderr(&output)
    );
    let page = fs::read_to_string(folder.path().join("page.html")).unwrap();
    assert!(page.contains(trained["fingerprint"].as_str().unwrap()));
}

#[test]
fn one_option_of_the_rule_trains_by_that_rule() {
    let folder = tempfile::tempdir().unwrap();
    // Also one that says what is the default.
    for option in [["--seed", "1"], ["--epochs", "1"]] {
        let run = mnist_cli(folder.path(), &[&["report"], &option[..]].concat());
        { run }.assert().success();
        let page = fs::read_to_string(folder.path().join("report.html")).unwrap();
        assert!(page.contains(FINGERPRINT), "{option:?}");
    }
    let run = mnist_cli(folder.path(), &["report", "--normalize", "--average"]);
    { run }.assert().success();
    let page = fs::read_to_string(folder.path().join("report.html")).unwrap();
    assert!(page.contains("cut out and normalized; light on dark, 0…255"));
    assert!(page.contains("perceptron, the average over all images<"));

    let arguments = ["report", "--model", "model", "--average"];
    mnist_cli(folder.path(), &arguments).assert().code(2);
}

#[test]
fn a_layer_trained_elsewhere_has_no_start_and_no_curve() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| mnist_cli(folder.path(), arguments).assert().success();
    run(&["train", "--save", "model"]);
    forget_metadata(folder.path().join("model"));
    run(&["import", "model", "-o", "imported"]);
    run(&["report", "--model", "imported"]);
    let page = fs::read_to_string(folder.path().join("report.html")).unwrap();
    assert!(page.contains("88.31 %"));
    assert!(page.contains("trained elsewhere"));
    for part in ["Watch it learn", "step by step</h2>", "The first epoch"] {
        assert!(!page.contains(part), "{part}");
    }
}

#[test]
fn the_picture_of_the_weights_shows_each_weight_as_a_square() {
    let folder = tempfile::tempdir().unwrap();
    // The random start: its largest weights are ±25, and more than one in a hundred is.
    mnist_cli(
        folder.path(),
        &["train", "--epochs", "0", "--save", "model"],
    )
    .assert()
    .success();
    let arguments = ["report", "--model", "model", "--weights", "weights.png"];
    mnist_cli(folder.path(), &arguments).assert().success();
    assert!(!folder.path().join("report.html").exists());

    let picture = image::open(folder.path().join("weights.png"))
        .unwrap()
        .into_rgb8();
    let (gap, scale) = (6, 5);
    let part = 28 * scale + gap;
    assert_eq!(picture.dimensions(), (5 * part + gap, 2 * part + gap));
    let network = Perceptron::random(Shape::new(10, 784).unwrap(), 1);
    for class in 0..10 {
        let (left, top) = (gap + class % 5 * part, gap + class / 5 * part);
        for (j, &weight) in network.weights(class as usize).iter().enumerate() {
            let (x, y) = (left + j as u32 % 28 * scale, top + j as u32 / 28 * scale);
            assert_square(&picture, [x, y], scale, weight);
        }
    }
}

/// Checks that a square has one colour, and that it is the weight's.
fn assert_square(picture: &RgbImage, [left, top]: [u32; 2], size: u32, weight: i16) {
    let colour = *picture.get_pixel(left, top);
    for (x, y) in (0..size).flat_map(|x| (0..size).map(move |y| (x, y))) {
        assert_eq!(*picture.get_pixel(left + x, top + y), colour);
    }
    let expected = match weight {
        0 => Rgb([255, 255, 255]),
        25 => Rgb([232, 89, 12]),
        -25 => Rgb([28, 126, 214]),
        1.. => return assert!(colour[0] > colour[2], "{weight}: {colour:?}"),
        _ => return assert!(colour[0] < colour[2], "{weight}: {colour:?}"),
    };
    assert_eq!(colour, expected, "{weight}");
}

#[test]
fn fails_with_a_page_and_a_picture_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["report", "-o", "page.html", "--weights", "weights.png"];
    mnist_cli(folder.path(), &arguments).assert().code(2);
}

#[test]
fn fails_with_a_model_of_other_images_than_the_data_s() {
    let folder = tempfile::tempdir().unwrap();
    let small = data_set([1, 3], &[0, 1, 2, 3, 4, 5], &[0, 1]);
    let mut train = mnist_cli(folder.path(), &["train", "--save", "model", "--data"]);
    train.arg(small.path()).assert().success();
    let output = mnist_cli(folder.path(), &["report", "--model", "model"]).unwrap_err();
    let output = output.as_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let message = stderr(output);
    assert!(
        message.contains("28 × 28 pixels, but model was trained on 1 × 3"),
        "{message}"
    );
    assert!(!folder.path().join("report.html").exists());
}

#[test]
fn fails_with_a_folder_that_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["report", "-o", "nowhere/page.html"];
    let output = mnist_cli(folder.path(), &arguments).unwrap_err();
    let message = stderr(output.as_output().unwrap());
    assert!(
        message.contains("nowhere/page.html: can't be written"),
        "{message}"
    );
}

#[test]
fn the_readme_s_picture_of_the_weights_is_what_its_command_writes() {
    let folder = tempfile::tempdir().unwrap();
    let rule = ["--normalize", "--average"];
    let arguments = [&["report", "--weights", "weights.png"], &rule[..]].concat();
    let run = mnist_cli(folder.path(), &arguments);
    { run }.assert().success();
    let [made, shown] = [
        folder.path().join("weights.png"),
        Path::new(DATA).join("../docs/weights.png"),
    ]
    .map(|path| image::open(path).unwrap());
    assert!(made == shown);
}
