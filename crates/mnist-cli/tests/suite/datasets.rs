//! Data sets as they are published, trained on and evaluated.

use std::fs;

use mnist_idx::{Dataset, Split, write};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::fixtures::{data_set, emnist, plain, read_model, upright_emnist, write_split};
use crate::program::{DATA, error, file_in, json, mnist_cli, text};

/// Trains on the folder; returns what the run says.
fn train(folder: &TempDir, options: &[&str]) -> Value {
    let folder = folder.path().to_str().unwrap();
    json(&[&["train", "--epochs", "10", "--data", folder], options].concat())
}

#[test]
fn emnist_s_letters_train_and_evaluate() {
    let folder = emnist().folder();
    let trained = train(&folder, &["--transpose"]);
    // 26 classes from 1, so there is a class 0, which is never seen.
    assert_eq!(trained["confusion"].as_array().unwrap().len(), 27);
    assert_eq!(trained["confusion"][0], json!(vec![0; 27]));
    assert_eq!(
        (&trained["correct"], &trained["total"]),
        (&26.into(), &26.into())
    );

    let upright = upright_emnist().folder();
    let fingerprint = &train(&upright, &[])["fingerprint"];
    assert_eq!(
        &trained["fingerprint"], fingerprint,
        "it learned from upright images"
    );
    assert_ne!(&train(&folder, &[])["fingerprint"], fingerprint);
}

#[test]
fn a_model_remembers_that_it_was_trained_on_transposed_images() {
    let folder = emnist().folder();
    let (model, data) = (file_in(&folder, "model"), folder.path().to_str().unwrap());
    train(&folder, &["--transpose", "--save", &model]);
    let correct = |options: &[&str]| {
        let evaluated = json(&[&["evaluate", &model, "--data", data], options].concat());
        evaluated["correct"].as_u64().unwrap()
    };
    assert_eq!(correct(&[]), 26);
    assert_eq!(correct(&["--transpose"]), 26);
    assert!(
        correct(&["--transpose=false"]) < 13,
        "the option overrules the model"
    );

    let upright = upright_emnist().folder();
    let upright = upright.path().to_str().unwrap();
    let evaluated = json(&["evaluate", &model, "--data", upright, "--transpose=false"]);
    assert_eq!(evaluated["correct"], 26);
}

#[test]
fn a_model_remembers_height_and_width() {
    let images = [0, 9, 9, 0, 9, 9, 9, 0, 0, 9, 9, 9];
    let folder = data_set([2, 3], &images, &[0, 1]);
    let data = folder.path().to_str().unwrap();
    let model = file_in(&folder, "model");
    for (option, height, width) in [("--transpose=false", 2, 3), ("--transpose", 3, 2)] {
        text(&["train", "--data", data, option, "--save", &model]);
        let metadata = read_model(&model).metadata;
        assert_eq!(metadata["height"], height);
        assert_eq!(metadata["width"], width);
        assert_eq!(metadata["transposed"], option == "--transpose");
        text(&["evaluate", &model, "--data", data]);
    }
    // As many pixels, but another image.
    write_split(folder.path(), ("t10k", ""), [3, 2], &images, &[0, 1]);
    let message = error(1, &["evaluate", &model, "--data", data]);
    for part in ["the images are 2 × 3 pixels", "was trained on 3 × 2"] {
        assert!(message.contains(part), "{message}");
    }
    let message = error(1, &["train", "--data", data]);
    for part in [
        "the images are 3 × 2 pixels",
        "are 2 × 3: both must be of one data set",
    ] {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn qmnist_s_labels_are_the_first_of_eight_columns() {
    let qmnist = plain("qmnist-", &[3, 1, 4, 5, 9, 2, 6, 8, 7, 0]);
    let folder = qmnist.folder();
    let plain = train(&folder, &[]);
    assert_eq!(
        (&plain["correct"], &plain["total"]),
        (&10.into(), &10.into())
    );
    for (split, times) in [("train", 10), ("test", 1)] {
        let labels = qmnist.labels(times);
        let row = |&label: &u8| [i32::from(label), 4, 2_000, 70_000, 6, 300, 0, -1];
        let table: Vec<i32> = labels.iter().flat_map(row).collect();
        let path = |end| folder.path().join(format!("qmnist-{split}-labels-{end}"));
        write(path("idx2-int.gz"), &[labels.len(), 8], &table).unwrap();
        fs::remove_file(path("idx1-ubyte")).unwrap();
    }
    let model = file_in(&folder, "model");
    let trained = train(&folder, &["--save", &model]);
    assert_eq!(trained["fingerprint"], plain["fingerprint"]);
    let data = folder.path().to_str().unwrap();
    let evaluated = json(&["evaluate", &model, "--data", data, "--split", "train"]);
    assert_eq!(
        (&evaluated["correct"], &evaluated["total"]),
        (&100.into(), &100.into())
    );
}

#[test]
fn a_prefix_chooses_from_a_folder_of_several_data_sets() {
    let folder = emnist().folder();
    let digits = plain("emnist-digits-", &[2, 0, 1]).folder();
    for file in digits.path().read_dir().unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
    }
    let data = folder.path().to_str().unwrap();
    let message = error(1, &["train", "--data", data]);
    for part in [
        "found the prefixes emnist-digits-, emnist-letters-",
        "choose one by --prefix",
    ] {
        assert!(message.contains(part), "{message}");
    }
    for (prefix, classes) in [("emnist-letters", 27), ("emnist-digits-", 3)] {
        let model = file_in(&folder, "model");
        let trained = train(&folder, &["--prefix", prefix, "--save", &model]);
        assert_eq!(trained["confusion"].as_array().unwrap().len(), classes);
        let evaluate = ["evaluate", &model, "--data", data, "--prefix", prefix];
        let evaluated = json(&evaluate);
        assert_eq!(evaluated["confusion"].as_array().unwrap().len(), classes);
        assert_eq!(evaluated["fingerprint"], trained["fingerprint"]);
    }
    let message = error(1, &["train", "--data", data, "--prefix", "emnist-mnist"]);
    for part in [
        "expected emnist-mnist-train-images-idx3-ubyte",
        "found emnist-digits-t",
    ] {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn labels_may_have_gaps() {
    let folder = plain("", &[200, 5, 30]).folder();
    let trained = train(&folder, &[]);
    assert_eq!(trained["confusion"].as_array().unwrap().len(), 201);
    assert_eq!(trained["correct"], 3);
}

#[test]
fn where_the_confusion_matrix_is_too_wide_there_are_tables_of_the_classes_that_occur() {
    let folder = plain("", &[200, 5, 30]).folder();
    let data = folder.path().to_str().unwrap();
    let table = |options: &[&str]| {
        let text = text(&[&["train", "--data", data], options].concat());
        assert!(
            text.lines().all(|line| line.chars().count() <= 80),
            "{text}"
        );
        let (_, rest) = text.split_once("\n\n").unwrap();
        let (_, tables) = rest.split_once("\n\n").unwrap();
        tables.split_once("\nfingerprint").unwrap().0.to_owned()
    };
    let learned = " class  images  precision  recall
     5       1     1.0000  1.0000
    30       1     1.0000  1.0000
   200       1     1.0000  1.0000
";
    assert_eq!(table(&["--epochs", "10"]), learned);
    let random = table(&["--epochs", "0"]);
    assert!(
        random.contains("\n\n true  predicted  images\n"),
        "{random}"
    );
}

#[test]
fn train_warns_of_labels_that_come_sorted_by_class() {
    let folder = plain("", &[0, 1, 2]).folder();
    let path = folder.path().join("train-labels-idx1-ubyte");
    let data = folder.path().to_str().unwrap();
    let warned = || {
        let assert = mnist_cli(&["train", "--data", data]).assert().success();
        let warnings = String::from_utf8(assert.get_output().stderr.clone()).unwrap();
        let expected = format!(
            "warning: {}: the labels come sorted by class",
            path.display()
        );
        warnings.contains(&expected)
    };
    assert!(!warned());
    for order in [[0u8, 1, 2], [2, 0, 1]] {
        write(&path, &[30], &order.map(|class| [class; 10]).concat()).unwrap();
        assert!(warned(), "{order:?}");
    }
}

#[test]
fn weights_that_saturate_are_reported_where_they_are_many_with_what_to_do() {
    let images = [255, 0, 0, 255].repeat(200);
    let folder = data_set([1, 2], &images, &[0, 1].repeat(200));
    let data = folder.path().to_str().unwrap();
    let run = ["train", "--data", data, "--margin", "1000", "--json"];
    let assert = mnist_cli(&run).assert().success();
    let trained: Value = serde_json::from_slice(&assert.get_output().stdout).unwrap();
    assert_eq!(trained["saturated"], 4);
    let warnings = str::from_utf8(&assert.get_output().stderr).unwrap();
    let warning = "4 of 6 weights and biases have reached their limit and learn no more: take fewer \
                   --epochs or a smaller --margin";
    assert_eq!(warnings.matches(warning).count(), 1);
    assert_eq!(train(&folder, &[])["saturated"], 0);
}

#[test]
fn the_test_set_is_not_needed_with_holdout() {
    let folder = emnist().folder();
    for what in ["images-idx3-ubyte.gz", "labels-idx1-ubyte.gz"] {
        fs::remove_file(folder.path().join(format!("emnist-letters-test-{what}"))).unwrap();
    }
    let trained = train(&folder, &["--holdout", "26"]);
    assert_eq!(trained["evaluated_on"], "holdout");
    assert_eq!(
        (&trained["correct"], &trained["total"]),
        (&26.into(), &26.into())
    );
    let message = error(1, &["train", "--data", folder.path().to_str().unwrap()]);
    assert!(message.contains("no images of the test set"), "{message}");
}

#[test]
fn mnist_in_gzip_files_gives_the_same_network() {
    let folder = tempfile::tempdir().unwrap();
    for (split, name) in [(Split::Train, "train"), (Split::Test, "t10k")] {
        let data = Dataset::read(DATA, split).unwrap();
        let (images, labels) = (data.images(), data.labels());
        write_split(folder.path(), (name, ".gz"), [28, 28], images, labels);
    }
    let data = folder.path().to_str().unwrap();
    let trained = json(&["--data", data]);
    assert_eq!(trained["correct"], 8831);
    assert_eq!(trained["fingerprint"], json(&[])["fingerprint"]);
}

/// The folder of Debian's package `dataset-fashion-mnist`, or another by the environment.
#[test]
#[ignore = "needs Debian's package dataset-fashion-mnist"]
fn fashion_mnist_trains_and_evaluates_with_data_and_nothing_else() {
    let installed = "/usr/share/datasets/fashion-mnist".to_owned();
    let data = &std::env::var("FASHION_MNIST").unwrap_or(installed);
    let folder = tempfile::tempdir().unwrap();
    let model = file_in(&folder, "model");
    let trained = json(&["train", "--data", data, "--save", &model]);
    let evaluated = json(&["evaluate", &model, "--data", data]);
    assert_eq!(evaluated["fingerprint"], trained["fingerprint"]);
    assert_eq!(
        (&evaluated["correct"], &evaluated["total"]),
        (&8146.into(), &10_000.into())
    );
    let splits = &json(&["inspect", data])["splits"];
    for (split, name) in [(0, "training"), (1, "test")] {
        for what in ["images", "labels"] {
            assert_eq!(
                splits[split][what]["known"],
                format!("Fashion-MNIST {name} {what}")
            );
            assert_eq!(splits[split][what]["gzip"], true);
        }
    }
}
