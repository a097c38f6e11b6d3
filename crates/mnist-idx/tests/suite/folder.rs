//! Finding the files of a data set: the published names, and every way they can be missing.

use std::fs;
use std::path::Path;

use mnist_idx::{Dataset, Error, Split, SplitFiles, write_to};
use tempfile::TempDir;

use crate::checks::compress;

/// A folder with these files: two images of 3 × 4 pixels, two labels. All elements of a file are
/// the index of its name; QMNIST's labels are 3.
fn folder(names: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (index, name) in names.iter().enumerate() {
        let mut bytes = Vec::new();
        let written = if name.contains("idx3") {
            write_to(&mut bytes, &[2, 3, 4], &[index as u8; 24])
        } else if name.contains("idx2-int") {
            // The class, then seven columns about the writer.
            let row = [3, 4, 2_000, 70_000, 6, 3, 0, 1];
            write_to(&mut bytes, &[2, 8], &[row, row].concat())
        } else {
            write_to(&mut bytes, &[2], &[index as u8; 2])
        };
        written.unwrap();
        if name.ends_with(".gz") {
            bytes = compress(&bytes);
        }
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

/// The names of the two files found.
fn found(folder: &TempDir, split: Split, prefix: Option<&str>) -> Result<[String; 2], Error> {
    let files = SplitFiles::find(folder, split, prefix)?;
    Ok([files.images, files.labels].map(|path| {
        assert_eq!(path.parent().unwrap(), folder.path());
        path.file_name().unwrap().to_str().unwrap().to_owned()
    }))
}

#[test]
fn files_are_found_under_all_published_names() {
    for [images, labels, split] in [
        [
            "train-images-idx3-ubyte",
            "train-labels-idx1-ubyte",
            "train",
        ],
        [
            "train-images.idx3-ubyte",
            "train-labels.idx1-ubyte",
            "train",
        ],
        [
            "train-images-idx3-ubyte.gz",
            "train-labels-idx1-ubyte.gz",
            "train",
        ],
        [
            "train-images.idx3-ubyte.gz",
            "train-labels.idx1-ubyte.gz",
            "train",
        ],
        ["t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", "test"],
        ["t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte", "test"],
        ["test-images-idx3-ubyte", "test-labels-idx1-ubyte", "test"],
        [
            "emnist-letters-test-images-idx3-ubyte.gz",
            "emnist-letters-test-labels-idx1-ubyte.gz",
            "test",
        ],
        [
            "emnist-balanced-train-images-idx3-ubyte",
            "emnist-balanced-train-labels-idx1-ubyte",
            "train",
        ],
        [
            "qmnist-train-images-idx3-ubyte.gz",
            "qmnist-train-labels-idx2-int.gz",
            "train",
        ],
        [
            "qmnist-test-images-idx3-ubyte",
            "qmnist-test-labels-idx2-int",
            "test",
        ],
        // Each as it comes.
        [
            "train-images-idx3-ubyte.gz",
            "train-labels.idx1-ubyte",
            "train",
        ],
    ] {
        let (split, other) = match split {
            "train" => (Split::Train, Split::Test),
            _ => (Split::Test, Split::Train),
        };
        let folder = folder(&[images, labels, "notes.txt"]);
        assert_eq!(found(&folder, split, None).unwrap(), [images, labels]);
        if cfg!(feature = "gzip") || !(images.ends_with(".gz") || labels.ends_with(".gz")) {
            let data = Dataset::read(&folder, split).unwrap();
            assert_eq!((data.len(), data.height(), data.width()), (2, 3, 4));
            let label = if labels.contains("idx2") { 3 } else { 1 };
            assert_eq!(data.labels(), [label, label]);
            assert_eq!(data.images_path(), folder.path().join(images));
            assert_eq!(data.labels_path(), folder.path().join(labels));
        }
        // The other split is missing, which does not matter until it is asked for.
        assert!(matches!(
            found(&folder, other, None),
            Err(Error::MissingFile { .. })
        ));
    }
}

#[test]
fn the_order_of_preference_is_as_documented() {
    let names = [
        "test-images-idx3-ubyte",
        "test-labels-idx1-ubyte",
        "t10k-images-idx3-ubyte.gz",
        "t10k-labels-idx1-ubyte.gz",
        "t10k-labels-idx2-int",
        "t10k-images.idx3-ubyte",
        "t10k-labels.idx1-ubyte",
        "t10k-images-idx3-ubyte",
        "t10k-labels-idx1-ubyte",
    ];
    let expected = [
        [0, 1],
        [0, 1],
        [0, 1],
        [2, 3],
        // Raw before gzip, even if it is the table.
        [2, 4],
        [5, 4],
        [5, 6],
        [7, 6],
        [7, 8],
    ];
    for (last, [images, labels]) in expected.into_iter().enumerate().skip(1) {
        let folder = folder(&names[..=last]);
        let found = found(&folder, Split::Test, None).unwrap();
        assert_eq!(found, [names[images], names[labels]]);
    }
}

#[test]
fn images_of_one_name_are_never_paired_with_labels_of_another() {
    let folder = folder(&[
        "t10k-images-idx3-ubyte",
        "test-labels-idx1-ubyte",
        "x-t10k-labels-idx1-ubyte",
    ]);
    let error = found(&folder, Split::Test, None).unwrap_err();
    assert!(matches!(error, Error::MissingFile { what: "labels", .. }));
}

#[test]
fn a_folder_that_is_called_like_a_file_is_passed_over() {
    let folder = folder(&["train-images.idx3-ubyte", "train-labels.idx1-ubyte"]);
    for name in ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"] {
        fs::create_dir(folder.path().join(name)).unwrap();
    }
    let found = found(&folder, Split::Train, None).unwrap();
    assert_eq!(
        found,
        ["train-images.idx3-ubyte", "train-labels.idx1-ubyte"]
    );
}

#[test]
fn a_prefix_chooses_one_of_several() {
    let names = [
        "emnist-letters-train-images-idx3-ubyte.gz",
        "emnist-letters-train-labels-idx1-ubyte.gz",
        "emnist-digits-train-images-idx3-ubyte.gz",
        "emnist-digits-train-labels-idx1-ubyte.gz",
        "own.train-images-idx3-ubyte",
        "own.train-labels-idx1-ubyte",
    ];
    let several = folder(&names);
    let error = found(&several, Split::Train, None).unwrap_err();
    let message = error.to_string();
    assert!(
        message.contains("found the prefixes emnist-digits-, emnist-letters-, own."),
        "{message}"
    );
    assert!(matches!(error, Error::SeveralDataSets { .. }));

    for (prefix, first) in [
        ("emnist-letters-", 0),
        ("emnist-letters", 0),
        ("emnist-digits", 2),
        ("own", 4),
        ("own.", 4),
    ] {
        let found = found(&several, Split::Train, Some(prefix)).unwrap();
        assert_eq!(found, [names[first], names[first + 1]]);
    }
    let error = found(&several, Split::Train, Some("emnist")).unwrap_err();
    let message = error.to_string();
    assert!(
        message.contains("emnist-train-images-idx3-ubyte"),
        "{message}"
    );
    for name in names {
        assert!(message.contains(name), "{message}");
    }
}

#[test]
fn files_without_prefix_come_first() {
    let names = [
        "a-train-images-idx3-ubyte",
        "a-train-labels-idx1-ubyte",
        "train-images-idx3-ubyte",
        "train-labels-idx1-ubyte",
    ];
    let folder = folder(&names);
    for prefix in [None, Some("")] {
        assert_eq!(
            found(&folder, Split::Train, prefix).unwrap(),
            [names[2], names[3]]
        );
    }
    // The choice is the folder's: the test set is not taken from another data set.
    fs::rename(
        folder.path().join(names[0]),
        folder.path().join("a-t10k-images-idx3-ubyte"),
    )
    .unwrap();
    fs::rename(
        folder.path().join(names[1]),
        folder.path().join("a-t10k-labels-idx1-ubyte"),
    )
    .unwrap();
    assert!(matches!(
        found(&folder, Split::Test, None),
        Err(Error::MissingFile { .. })
    ));
}

#[test]
fn training_and_test_set_of_different_prefixes_are_several_data_sets() {
    let folder = folder(&[
        "a-train-images-idx3-ubyte",
        "a-train-labels-idx1-ubyte",
        "b-test-images-idx3-ubyte",
        "b-test-labels-idx1-ubyte",
    ]);
    for split in [Split::Train, Split::Test] {
        assert!(matches!(
            found(&folder, split, None),
            Err(Error::SeveralDataSets { .. })
        ));
    }
}

#[test]
fn a_name_that_only_ends_like_one_is_no_file_of_a_data_set() {
    let folder = folder(&["mytrain-images-idx3-ubyte", "mytrain-labels-idx1-ubyte"]);
    assert!(matches!(
        found(&folder, Split::Train, None),
        Err(Error::MissingFile { .. })
    ));
}

#[test]
fn a_missing_folder_is_an_error_that_says_where_mnist_is() {
    let error = Dataset::read("no/such/folder", Split::Train).unwrap_err();
    assert!(
        matches!(&error, Error::MissingFolder { folder } if folder == Path::new("no/such/folder"))
    );
    let message = error.to_string();
    assert!(message.starts_with("no/such/folder: "), "{message}");
    assert!(message.contains("https://"), "{message}");
}

#[test]
fn a_file_in_place_of_the_folder_is_an_error() {
    let folder = folder(&["train-images-idx3-ubyte"]);
    let path = folder.path().join("train-images-idx3-ubyte");
    let error = Dataset::read(&path, Split::Train).unwrap_err();
    assert!(matches!(&error, Error::File { path: found, .. } if *found == path));
}

#[test]
fn a_missing_file_is_an_error_that_lists_what_is_there() {
    let folder = folder(&["train-images-idx3-ubyte", "old.txt"]);
    let message = found(&folder, Split::Train, None).unwrap_err().to_string();
    assert!(
        message.contains("no labels of the training set"),
        "{message}"
    );
    assert!(
        message.contains("expected train-labels-idx1-ubyte, train-labels.idx1-ubyte"),
        "{message}"
    );
    assert!(
        message.ends_with("found old.txt, train-images-idx3-ubyte"),
        "{message}"
    );
    let message = found(&folder, Split::Test, None).unwrap_err().to_string();
    assert!(message.contains("no images of the test set"), "{message}");
    assert!(message.contains("t10k-images-idx3-ubyte"), "{message}");
    assert!(message.contains("test-images.idx3-ubyte"), "{message}");

    let empty = tempfile::tempdir().unwrap();
    let message = found(&empty, Split::Train, None).unwrap_err().to_string();
    assert!(message.ends_with("found no files"), "{message}");
}

#[test]
fn a_long_list_of_files_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    for index in 0..30 {
        fs::write(folder.path().join(format!("{index:02}.png")), "").unwrap();
    }
    let message = found(&folder, Split::Train, None).unwrap_err().to_string();
    assert!(message.ends_with("10.png, 11.png and 18 more"), "{message}");
}
