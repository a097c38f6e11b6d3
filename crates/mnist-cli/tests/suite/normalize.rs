//! `--normalize` and `--best`.

use mnist_idx::{Dataset, Split};
use serde_json::{Value, json};

use crate::fixtures::{first_of_mnist, read_model, write_split};
use crate::program::{DATA, FINGERPRINT, file_in, json, mnist_cli, text};

/// The accuracies of the last network and of the average for each seed.
fn accuracies(arguments: &[&str]) -> [Vec<f64>; 2] {
    let lines = text(&[&["trials", "--json"], arguments].concat());
    let trials = lines.lines();
    let trials: Vec<Value> = trials
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    ["last", "average"].map(|network| {
        let accuracy = |trial: &Value| trial[network]["accuracy"].as_f64().unwrap();
        trials.iter().map(accuracy).collect()
    })
}

fn assert_at_least(accuracies: &[f64], each: f64, mean: f64) {
    let found = accuracies.iter().sum::<f64>() / accuracies.len() as f64;
    assert!(found >= mean, "{found}: {accuracies:?}");
    assert!(
        accuracies.iter().all(|&accuracy| accuracy >= each),
        "{accuracies:?}"
    );
}

#[test]
fn one_epoch_on_normalized_images_is_as_accurate_as_the_readme_says() {
    let [last, average] = accuracies(&["--normalize", "--seeds", "0..10"]);
    assert_at_least(&last, 0.94, 0.953);
    assert_at_least(&average, 0.969, 0.971);
}

#[test]
fn the_best_rule_is_as_accurate_as_the_readme_says() {
    let [_, average] = accuracies(&["--best", "--seeds", "0..4"]);
    assert_at_least(&average, 0.975, 0.9755);
}

#[test]
fn the_best_rule_is_short_for_four_options_which_overrule_it() {
    let folder = first_of_mnist(1_000, 200);
    let data = folder.path().to_str().unwrap();
    let train = |options: &[&str]| json(&[&["train", "--data", data], options].concat());
    let best = train(&["--best"]);
    let margin = best["margin"].to_string();
    let long = [
        "--normalize",
        "--average",
        "--epochs",
        "20",
        "--margin",
        &margin,
    ];
    assert_eq!(best["fingerprint"], train(&long)["fingerprint"]);
    let short = train(&["--best", "--epochs", "3"]);
    assert_eq!(
        (&short["epochs"], &short["rule"]),
        (&json!(3), &json!("averaged"))
    );
}

#[test]
fn a_saved_network_normalizes_what_it_evaluates_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let model = file_in(&folder, "model");
    let trained = json(&["train", "--normalize", "--save", &model]);
    assert_eq!(trained["normalized"], true);
    assert_ne!(trained["fingerprint"], FINGERPRINT);
    let evaluated = json(&["evaluate", &model]);
    for key in ["correct", "confusion", "fingerprint", "normalized"] {
        assert_eq!(evaluated[key], trained[key], "{key}");
    }
    let metadata = read_model(&model).metadata;
    let normalized = json!({ "paper": 0, "ink": 255, "form": "normalized", "fills": false });
    assert_eq!(metadata["preparation"], normalized);
    let text = text(&["evaluate", &model]);
    assert!(text.contains(", for normalized images\n"), "{text}");
    assert_eq!(json(&[])["normalized"], false);
}

#[test]
fn dark_digits_on_light_make_the_same_network_as_light_ones_on_dark() {
    let light = first_of_mnist(2_000, 500);
    let dark = tempfile::tempdir().unwrap();
    for (split, stem, count) in [(Split::Train, "train", 2_000), (Split::Test, "t10k", 500)] {
        let data = Dataset::read(DATA, split).unwrap();
        let images: Vec<u8> = data.images()[..count * 784]
            .iter()
            .map(|p| 255 - p)
            .collect();
        let labels = &data.labels()[..count];
        write_split(dark.path(), (stem, ""), [28, 28], &images, labels);
    }
    let model = file_in(&dark, "model");
    let train = |data: &str| json(&["train", "--normalize", "--data", data, "--save", &model]);
    let of_light = train(light.path().to_str().unwrap());
    let data = dark.path().to_str().unwrap();
    let of_dark = train(data);
    for key in ["fingerprint", "correct"] {
        assert_eq!(of_light[key], of_dark[key], "{key}");
    }
    let metadata = read_model(&model).metadata;
    let normalized = json!({ "paper": 255, "ink": 0, "form": "normalized", "fills": false });
    assert_eq!(metadata["preparation"], normalized);
    let evaluated = json(&["evaluate", &model, "--data", data]);
    assert_eq!(evaluated["correct"], of_dark["correct"]);
}

#[test]
fn verify_proves_the_network_of_normalized_images_too() {
    let folder = first_of_mnist(1_000, 200);
    let data = folder.path().to_str().unwrap();
    let verified = json(&["verify", "--normalize", "--data", data]);
    assert_eq!(verified["verified"], true);
    let trained = json(&["train", "--normalize", "--data", data]);
    let runs = verified["runs"].as_array().unwrap();
    assert!(
        runs.iter()
            .all(|run| run["fingerprint"] == trained["fingerprint"])
    );
}

#[test]
fn the_network_that_predict_trains_is_that_of_the_best_rule() {
    let folder = first_of_mnist(1_000, 200);
    let (data, picture) = (folder.path().to_str().unwrap(), file_in(&folder, "x.pgm"));
    let digits = Dataset::read(DATA, Split::Test).unwrap();
    let header = b"P5 28 28 255\n".as_slice();
    std::fs::write(&picture, [header, digits.image(0).unwrap()].concat()).unwrap();
    let model = file_in(&folder, "model");
    text(&["train", "--best", "--data", data, "--save", &model]);
    let predicted = |options: &[&str]| {
        let command = [&["predict", "--json", &picture], options].concat();
        let output = mnist_cli(&command).assert().success();
        String::from_utf8(output.get_output().stdout.clone()).unwrap()
    };
    assert_eq!(
        predicted(&["--data", data]),
        predicted(&["--model", &model])
    );
}
