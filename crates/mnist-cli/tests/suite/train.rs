//! `train` and `evaluate`.

use std::collections::BTreeSet;
use std::fs;

use mnist_kernel::Kernel;
use safetensors::tensor::{Dtype, SafeTensors};
use serde_json::{Value, json};

use crate::fixtures::data_set;
use crate::program::{DATA, FINGERPRINT, error, file_in, json, mnist_cli, text};

/// The right answers of the network of seed 1 to the 10,000 test images.
const CORRECT: u64 = 8831;

#[test]
fn without_arguments_it_trains_and_evaluates_on_mnist() {
    let assert = mnist_cli(&[]).assert().success();
    let text = str::from_utf8(&assert.get_output().stdout).unwrap();
    for line in [
        "data        60,000 training and 10,000 test images, 28 × 28 pixels, 10 classes\n",
        "pictures    as MNIST's: 20 pixels, centred by mass; light on dark, 0…255\n",
        "mistakes    while learning: 8,487 (14.1 %)\n",
        "\naccuracy 0.8831 (8831 of 10000)\n",
        " true    0     1    2    3    4    5    6    7    8    9  precision  recall\n",
        "    1    ·  1108    2    2    1    5    3    2   12    ·     0.9104  0.9762\n",
        &format!("fingerprint {}\n", &FINGERPRINT[..16]),
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    assert!(
        text.lines().all(|line| line.chars().count() <= 80),
        "{text}"
    );
    assert!(
        !text.contains('\x1b'),
        "no colour where there is no terminal"
    );
    let stderr = str::from_utf8(&assert.get_output().stderr).unwrap();
    assert_eq!(stderr, "", "no progress where there is no terminal");
    // The rest of both has times in it.
    assert_eq!(json(&[])["fingerprint"], json(&["train"])["fingerprint"]);
}

#[test]
fn kernel_threads_and_way_of_reading_can_be_chosen() {
    let trained = json(&["--kernel", "scalar", "--threads", "7", "--no-mmap"]);
    assert_eq!(trained["kernel"], "scalar");
    assert_eq!(trained["threads"], 7);
    assert_eq!(trained["fingerprint"], FINGERPRINT);
    assert_eq!(trained["correct"], CORRECT);
}

#[test]
fn the_seed_makes_the_network() {
    let fingerprint = |seed: &str| json(&["--seed", seed])["fingerprint"].clone();
    assert_eq!(fingerprint("1"), FINGERPRINT);
    let other = fingerprint("18446744073709551615");
    assert_ne!(other, FINGERPRINT);
    assert_eq!(fingerprint("18446744073709551615"), other);
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

#[test]
fn json_of_train_has_all_that_the_text_has() {
    let trained = json(&["train", "--epochs", "2", "--average"]);
    let expected = "seed epochs rule margin holdout mistakes margin_updates saturated kernel \
                    threads evaluated_on normalized correct total accuracy confusion fingerprint \
                    last warnings preparation milliseconds";
    assert_eq!(keys(&trained), expected.split(' ').collect());
    assert_eq!(
        keys(&trained["last"]),
        BTreeSet::from(["correct", "accuracy", "fingerprint"])
    );
    let times = &trained["milliseconds"];
    assert_eq!(keys(times), BTreeSet::from(["load", "train", "evaluate"]));
    assert!(times["train"].as_f64().unwrap() > 0.0);

    for (key, value) in [
        ("seed", json!(1)),
        ("epochs", json!(2)),
        ("rule", json!("averaged")),
        ("margin", json!(0)),
        ("holdout", Value::Null),
        ("margin_updates", json!([0, 0])),
        ("saturated", json!(0)),
        ("kernel", json!(Kernel::best().name())),
        ("evaluated_on", json!("test")),
        ("total", json!(10_000)),
    ] {
        assert_eq!(trained[key], value, "{key}");
    }
    let mistakes = trained["mistakes"].as_array().unwrap();
    assert_eq!((mistakes.len(), &mistakes[0]), (2, &json!(8487)));
    let correct = trained["correct"].as_u64().unwrap();
    assert_eq!(trained["accuracy"], correct as f64 / 10_000.0);
    let confusion: Vec<Vec<u64>> = serde_json::from_value(trained["confusion"].clone()).unwrap();
    assert_eq!(confusion.iter().flatten().sum::<u64>(), 10_000);
    assert_eq!(
        (0..10).map(|class| confusion[class][class]).sum::<u64>(),
        correct
    );
    // Rows are true classes: there are 1,135 ones in the test set.
    assert_eq!(confusion[1].iter().sum::<u64>(), 1_135);
    assert_ne!(trained["last"]["fingerprint"], trained["fingerprint"]);
    let plain = json(&["train", "--epochs", "2"]);
    assert_eq!(plain["rule"], "perceptron");
    assert_eq!(plain["last"]["fingerprint"], plain["fingerprint"]);
    assert_eq!(plain["last"], trained["last"]);
}

#[test]
fn json_of_evaluate_has_what_does_not_depend_on_training() {
    let folder = tempfile::tempdir().unwrap();
    let model = file_in(&folder, "model");
    text(&["--save", &model]);
    let evaluated = json(&["evaluate", &model]);
    let expected = "kernel threads evaluated_on normalized correct total accuracy confusion \
                    fingerprint warnings milliseconds";
    assert_eq!(keys(&evaluated), expected.split(' ').collect());
    assert_eq!(
        keys(&evaluated["milliseconds"]),
        BTreeSet::from(["load", "evaluate"])
    );
    assert_eq!(evaluated["evaluated_on"], "test");
    let on_training = json(&["evaluate", &model, "--split", "train"]);
    assert_eq!(on_training["evaluated_on"], "train");
    assert_eq!(on_training["total"], 60_000);
}

#[test]
fn a_saved_network_evaluates_to_the_same_accuracy_and_fingerprint() {
    let folder = tempfile::tempdir().unwrap();
    for options in [&[][..], &["--average"], &["--epochs", "0"]] {
        let model = file_in(&folder, "model");
        let trained = json(&[options, &["--save", &model]].concat());
        for kernel in Kernel::available() {
            let evaluated = json(&["evaluate", &model, "--kernel", kernel.name(), "--no-mmap"]);
            for key in ["correct", "accuracy", "confusion", "fingerprint"] {
                assert_eq!(evaluated[key], trained[key], "{options:?}: {key}");
            }
        }
        let text = text(&["evaluate", &model]);
        let correct = &trained["correct"];
        assert!(text.contains(&format!("({correct} of 10000)")), "{text}");
    }
}

#[test]
fn the_saved_file_is_the_same_in_two_runs_and_holds_integers_as_f32() {
    let folder = tempfile::tempdir().unwrap();
    let [first, second] = ["first", "second"].map(|name| {
        let model = file_in(&folder, name);
        let text = text(&[
            "--threads",
            if name == "first" { "1" } else { "2" },
            "--save",
            &model,
        ]);
        assert!(text.contains(&format!("saved       {model}\n")), "{text}");
        fs::read(model).unwrap()
    });
    assert_eq!(first, second);
    let tensors = SafeTensors::deserialize(&first).unwrap();
    for (name, shape) in [("weight", &[10, 784][..]), ("bias", &[10])] {
        let tensor = tensors.tensor(name).unwrap();
        assert_eq!((tensor.dtype(), tensor.shape()), (Dtype::F32, shape));
        let (numbers, _) = tensor.data().as_chunks();
        assert!(
            numbers
                .iter()
                .all(|&bytes| f32::from_le_bytes(bytes).fract() == 0.0)
        );
    }
    assert_eq!(tensors.len(), 2);
}

#[test]
fn without_an_epoch_the_network_is_the_random_start() {
    let folder = tempfile::tempdir().unwrap();
    let model = file_in(&folder, "model");
    let text = text(&["--epochs", "0", "--save", &model]);
    assert!(
        text.contains("none: the network is the random start"),
        "{text}"
    );
    let bytes = fs::read(model).unwrap();
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    let (numbers, _) = tensors.tensor("weight").unwrap().data().as_chunks();
    let numbers = numbers.iter().map(|&bytes| f32::from_le_bytes(bytes));
    assert!(
        numbers
            .clone()
            .all(|number| (-25.0..=25.0).contains(&number))
    );
    assert_eq!(
        numbers
            .map(|number| number as i32)
            .collect::<BTreeSet<_>>()
            .len(),
        51
    );
}

#[test]
fn holdout_evaluates_on_the_last_training_images() {
    let trained = json(&["--holdout", "59999"]);
    assert_eq!(
        (&trained["holdout"], &trained["total"]),
        (&json!(59_999), &json!(59_999))
    );
    assert_eq!(trained["evaluated_on"], "holdout");
    assert!(
        trained["mistakes"][0].as_u64().unwrap() <= 1,
        "it learned from one image"
    );
    for count in ["60000", "60001", "18446744073709551615"] {
        let message = error(2, &["--holdout", count]);
        assert!(
            message.contains("there are 60000 training images"),
            "{message}"
        );
    }
    error(2, &["--holdout", "0"]);
}

#[test]
fn options_that_are_not_there_are_usage_errors() {
    for (arguments, part) in [
        (&["--bananas"][..], "--bananas"),
        (&["frobnicate"], "frobnicate"),
        (&["--kernel", "gpu"], "gpu"),
        (
            &["--seed", "-1"],
            "'-1' for '--seed <N>': write a whole number",
        ),
        (
            &["--seed", "x"],
            "'x' for '--seed <N>': write a whole number",
        ),
        (&["--holdout", "0"], "write a whole number from 1"),
        (
            &["inspect", "x", "--show", "-1"],
            "write a whole number from 0",
        ),
        (
            &["import", "x", "-o", "y", "--width", "-1"],
            "write a whole number from 1",
        ),
        (
            &["import", "x", "-o", "y", "--std", "0"],
            "write a number above 0",
        ),
        (&["--margin", "1001"], "write a whole number from 0 to 1000"),
        (&["--margin", "0.5"], "write a whole number from 0 to 1000"),
        (&["--epochs", "-1"], "--epochs <N>"),
        (
            &["--epochs", "1.5"],
            "write a whole number from 0 to 4294967295",
        ),
        (&["--threads", "-1"], "--threads <N>"),
        (&["--threads", "x"], "write a whole number from 0 to 1024"),
        (
            &["pack", "x", "-o", "y", "--test-fraction", "-0.1"],
            "SHARE",
        ),
        (&["evaluate"], "the following required arguments"),
        (&["evaluate", "model", "--epochs", "2"], "--epochs"),
        (&["evaluate", "model", "--save", "x"], "--save"),
        (&["evaluate", "model", "--split", "both"], "both"),
        (&["--json", "train"], "train"),
    ] {
        let message = error(2, arguments);
        assert!(message.contains(part), "{arguments:?}: {message}");
    }
}

#[test]
fn two_classes_are_the_least_even_where_all_labels_are_0() {
    let folder = data_set([1, 1], &[1, 2, 3], &[0; 3]);
    let trained = json(&["--data", folder.path().to_str().unwrap()]);
    assert_eq!(trained["confusion"].as_array().unwrap().len(), 2);
}

/// On a terminal, as `script` makes one, and for as long as it takes until progress is shown.
#[test]
#[cfg(target_os = "linux")]
fn progress_shows_the_speed_in_images_and_the_accuracy_so_far() {
    use std::io::Read;
    use std::process::{Command, Stdio};

    for arguments in ["train --epochs 4294967295", "trials --seeds 0..4294967295"] {
        let program = assert_cmd::cargo::cargo_bin!("mnist-cli");
        let mut terminal = Command::new("script")
            .args([
                "-qc",
                &format!("{} {arguments}", program.display()),
                "/dev/null",
            ])
            .env("MNIST_DATA", DATA)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("`script` is there");
        let mut shown = Vec::new();
        let mut stdout = terminal.stdout.take().unwrap();
        let mut piece = [0; 4096];
        let accuracy = loop {
            let read = stdout.read(&mut piece).unwrap();
            assert!(read > 0, "{}", String::from_utf8_lossy(&shown));
            shown.extend(&piece[..read]);
            let text = String::from_utf8_lossy(&shown);
            if let Some((before, after)) = text.split_once(" images/s, accuracy ")
                && after.contains(" so far, ")
            {
                let speed = before.rsplit(' ').next().unwrap().replace(',', "");
                assert!(speed.parse::<u64>().unwrap() > 1_000, "{text}");
                break after[..6].parse::<f64>().unwrap();
            }
        };
        terminal.kill().unwrap();
        terminal.wait().unwrap();
        assert!((0.8..1.0).contains(&accuracy), "{accuracy}");
    }
}
