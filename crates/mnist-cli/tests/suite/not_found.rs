//! What is named as a data set: where its splits are found, and what is said where there are none.

use std::fs;

use mnist_idx::write;

use crate::fixtures::{data_set, plain};
use crate::program::{error, file_in, json, text};

/// Rows of CSV: each image has one pixel of ink, which tells its class.
fn rows(classes: &[u8]) -> String {
    let row = |&class: &u8| {
        let pixels = [0, 1, 2, 3].map(|pixel| if pixel == class { ",255" } else { ",0" });
        format!("{class}{}\n", pixels.concat())
    };
    classes.iter().map(row).collect()
}

/// How many training images there are, and how many test images.
fn counts(arguments: &[&str]) -> [usize; 2] {
    let report = json(&[&["inspect"], arguments].concat());
    [0, 1].map(|split| report["splits"][split]["count"].as_u64().unwrap() as usize)
}

#[test]
fn a_picture_and_a_folder_of_pictures_are_no_data_sets_and_pack_makes_one() {
    let folder = tempfile::tempdir().unwrap();
    let picture = file_in(&folder, "pictures/train/7/seven.pgm");
    fs::create_dir_all(file_in(&folder, "pictures/train/7")).unwrap();
    fs::write(&picture, b"P5 2 2 255\n\x00\xff\x00\xff").unwrap();
    for command in ["train", "report"] {
        let found = error(1, &[command, "--data", &picture]);
        let expected = format!("{picture}: a picture, which is not read here: `pack`");
        assert!(found.starts_with(&expected), "{found}");
        for named in ["pictures", "pictures/train", "pictures/train/7"] {
            let named = file_in(&folder, named);
            let found = error(1, &[command, "--data", &named]);
            let expected = format!(
                "{named}: a folder of pictures, not a data set: `pack {named} -o DIR` makes one of it"
            );
            assert_eq!(found, expected);
        }
    }
    // Beside the files of a data set, a picture is no reason to say so.
    let set = data_set([1, 2], &[255, 0, 0, 255], &[0, 1]);
    fs::copy(&picture, file_in(&set, "seven.pgm")).unwrap();
    fs::remove_file(file_in(&set, "t10k-images-idx3-ubyte")).unwrap();
    let found = error(1, &["train", "--data", set.path().to_str().unwrap()]);
    assert!(found.contains("no images of the test set"), "{found}");
}

#[test]
fn one_idx_file_is_no_data_set_to_train_on() {
    let set = data_set([1, 2], &[255, 0, 0, 255], &[0, 1]);
    let file = file_in(&set, "train-images-idx3-ubyte");
    let found = error(1, &["train", "--data", &file]);
    assert!(
        found.starts_with(&file) && found.ends_with("expected the folder of all its files"),
        "{found}"
    );
}

#[test]
fn the_csv_file_of_the_other_split_is_that_with_the_other_word() {
    let folder = tempfile::tempdir().unwrap();
    for (name, classes) in [
        // "latest" is no word for the test set.
        ("latest_train.csv", &[0, 1, 2][..]),
        ("latest_test.csv", &[3, 0]),
        ("other_test.csv", &[1]),
    ] {
        fs::write(file_in(&folder, name), rows(classes)).unwrap();
    }
    let [train, test] = ["latest_train.csv", "latest_test.csv"].map(|name| file_in(&folder, name));
    assert_eq!(counts(&[&train]), [3, 2]);
    assert_eq!(counts(&[&test]), [3, 2]);
    let data = folder.path().to_str().unwrap();
    assert_eq!(counts(&[data, "--prefix", "latest"]), [3, 2]);
    let found = error(1, &["inspect", data]);
    assert!(found.contains("several data sets"), "{found}");
    let alone = file_in(&folder, "other_test.csv");
    let found = error(1, &["train", "--data", &alone]);
    assert!(found.contains("no file of the training set"), "{found}");
}

#[test]
fn a_prefix_chooses_one_of_several_data_sets() {
    let folder = plain("some-", &[0, 1, 2]).folder();
    for (split, count) in [("train", 2), ("test", 1)] {
        let path = |what: &str| file_in(&folder, &format!("other-{split}-{what}-ubyte"));
        let classes: Vec<u8> = (0..count).collect();
        write(path("images-idx3"), &[count.into(), 1, 1], &classes).unwrap();
        write(path("labels-idx1"), &[count.into()], &classes).unwrap();
    }
    let data = folder.path().to_str().unwrap();
    assert_eq!(counts(&[data, "--prefix", "some"]), [30, 3]);
    assert_eq!(counts(&[data, "--prefix", "other"]), [2, 1]);
    let found = error(1, &["train", "--data", data]);
    assert!(found.ends_with("choose one by --prefix"), "{found}");
}

#[test]
fn the_last_images_are_those_that_are_held_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = file_in(&folder, "train.csv");
    fs::write(&path, rows(&[0, 1, 0, 1, 2])).unwrap();
    let trained = |holdout| json(&["train", "--data", &path, "--holdout", holdout]);
    let one = trained("1");
    assert_eq!(one["total"], 1);
    // The last image is the only one of class 2.
    let answers: Vec<u64> = serde_json::from_value(one["confusion"][2].clone()).unwrap();
    assert_eq!(answers.iter().sum::<u64>(), 1);
    assert_eq!(trained("4")["total"], 4);
    for holdout in ["5", "6", "18446744073709551615"] {
        let found = error(2, &["train", "--data", &path, "--holdout", holdout]);
        assert!(found.contains("there are 5 training images"), "{found}");
    }
}

#[test]
fn what_a_terminal_would_obey_in_a_name_is_escaped() {
    let folder = tempfile::tempdir().unwrap();
    let file = file_in(&folder, "\u{1b}[2Jlabels");
    let missing = error(1, &["train", "--data", &file]);
    write(&file, &[3], &[0_u8, 1, 2]).unwrap();
    for printed in [missing, text(&["inspect", &file])] {
        assert!(
            printed.contains(r"\u{1b}[2Jlabels") && !printed.contains('\u{1b}'),
            "{printed}"
        );
    }
}
