//! Data sets in folders, as they are published, and every way they can be wrong.

use std::fs;
use std::path::Path;

use mnist_idx::{Dataset, Element, Error, Split, SplitFiles, write};
use tempfile::TempDir;

/// A folder with these files: two images of 3 × 4 pixels, two labels. All elements of a file are
/// the index of its name; QMNIST's labels are 3.
fn folder(names: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (index, name) in names.iter().enumerate() {
        let path = folder.path().join(name);
        if name.contains("idx3") {
            write(path, &[2, 3, 4], &[index as u8; 24]).unwrap();
        } else if name.contains("idx2-int") {
            // The class, then seven columns about the writer.
            let row = [3, 4, 2_000, 70_000, 6, 3, 0, 1];
            write(path, &[2, 8], &[row, row].concat()).unwrap();
        } else {
            write(path, &[2], &[index as u8; 2]).unwrap();
        }
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

/// A data set of images and labels of these shapes.
fn dataset<T: Element>(
    images: (&[usize], &[u8]),
    labels: (&[usize], &[T]),
) -> Result<Dataset, Error> {
    let folder = tempfile::tempdir().unwrap();
    let files = SplitFiles {
        images: folder.path().join("train-images-idx3-ubyte"),
        labels: folder.path().join("train-labels-idx1-ubyte"),
    };
    write(&files.images, images.0, images.1).unwrap();
    write(&files.labels, labels.0, labels.1).unwrap();
    let read = files.read();
    // SAFETY: the files are this test's own, and deleting them does not hurt the map.
    let mapped = unsafe { files.map() };
    assert_eq!(read.is_ok(), mapped.is_ok());
    if let (Ok(read), Ok(mapped)) = (&read, &mapped) {
        assert_eq!(read.images(), mapped.images());
        assert_eq!(read.labels(), mapped.labels());
    }
    mapped
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
        let read = Dataset::read(&folder, split).unwrap();
        // SAFETY: the files are this test's own.
        let mapped = unsafe { Dataset::map(&folder, split).unwrap() };
        for data in [read, mapped] {
            assert_eq!((data.len(), data.height(), data.width()), (2, 3, 4));
            assert_eq!(
                data.labels(),
                if labels.contains("idx2") {
                    [3, 3]
                } else {
                    [1, 1]
                }
            );
            assert_eq!(data.images_path(), folder.path().join(images));
            assert_eq!(data.labels_path(), folder.path().join(labels));
        }
        // The other half is not there, and that does not matter until it is asked for.
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
    assert!(matches!(&error, Error::Io { path: found, .. } if *found == path));
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

#[test]
fn labels_may_start_at_1_and_have_gaps() {
    let data = dataset((&[4, 1, 2], &[9; 8]), (&[4], &[26u8, 1, 7, 1])).unwrap();
    assert_eq!(data.classes(), 27);
    assert_eq!(data.labels(), [26, 1, 7, 1]);
    let data = dataset((&[1, 1, 1], &[9]), (&[1], &[255u8])).unwrap();
    assert_eq!(data.classes(), 256);
}

#[test]
fn labels_may_be_any_integers_that_are_classes() {
    let images: (&[usize], &[u8]) = (&[2, 1, 1], &[0, 0]);
    assert_eq!(
        dataset(images, (&[2], &[3i8, 127])).unwrap().labels(),
        [3, 127]
    );
    assert_eq!(
        dataset(images, (&[2], &[3i16, 255])).unwrap().labels(),
        [3, 255]
    );
    assert_eq!(
        dataset(images, (&[2], &[3i32, 255])).unwrap().labels(),
        [3, 255]
    );
    assert_eq!(
        dataset(images, (&[2, 2], &[3i32, -1, 255, 256]))
            .unwrap()
            .labels(),
        [3, 255]
    );
}

#[test]
fn a_label_that_is_no_class_is_an_error() {
    let images: (&[usize], &[u8]) = (&[2, 1, 1], &[0, 0]);
    let wrong = |result: Result<Dataset, Error>| match result.unwrap_err() {
        Error::LabelRange { index, found, .. } => (index, found),
        error => panic!("{error}"),
    };
    assert_eq!(wrong(dataset(images, (&[2], &[3i8, -1]))), (1, -1));
    assert_eq!(wrong(dataset(images, (&[2], &[256i16, 0]))), (0, 256));
    assert_eq!(
        wrong(dataset(images, (&[2, 2], &[1i32, 2, i32::MIN, 3]))),
        (1, -2_147_483_648)
    );
    let message = dataset(images, (&[2], &[0i32, 300]))
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("label 1") && message.ends_with("expected 0 to 255, found 300"),
        "{message}"
    );
}

#[test]
fn what_is_no_images_is_an_error() {
    for dimensions in [&[6][..], &[2, 3], &[1, 1, 2, 3]] {
        let error = dataset((dimensions, &[0; 6]), (&[1], &[0u8])).unwrap_err();
        assert!(
            matches!(&error, Error::NotImages { dimensions: found, .. } if found == dimensions)
        );
        assert!(
            error
                .to_string()
                .contains("expected u8 [count, height, width], found u8 [")
        );
    }
    let folder = tempfile::tempdir().unwrap();
    let (images, labels) = (folder.path().join("images"), folder.path().join("labels"));
    write(&images, &[1, 1, 1], &[1i16]).unwrap();
    write(&labels, &[1], &[1u8]).unwrap();
    let error = SplitFiles {
        images: images.clone(),
        labels: labels.clone(),
    }
    .read()
    .unwrap_err();
    assert!(error.to_string().contains("found i16 [1, 1, 1]"), "{error}");
    // The two swapped.
    let error = SplitFiles {
        images: labels,
        labels: images,
    }
    .read()
    .unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("are images and labels swapped?"),
        "{error}"
    );
}

#[test]
fn what_is_no_labels_is_an_error() {
    let images: (&[usize], &[u8]) = (&[2, 1, 1], &[0, 0]);
    let is_not_labels = |result: Result<Dataset, Error>| {
        assert!(matches!(result.unwrap_err(), Error::NotLabels { .. }));
    };
    is_not_labels(dataset(images, (&[2], &[1f32, 2.0])));
    is_not_labels(dataset(images, (&[2], &[1f64, 2.0])));
    // One-hot labels: their first column is no class.
    is_not_labels(dataset(images, (&[2, 2], &[0u8, 1, 1, 0])));
    is_not_labels(dataset(images, (&[2, 0], &[0i32; 0])));
    is_not_labels(dataset(images, (&[2, 1, 1], &[0i32; 2])));
}

#[test]
fn no_pixels_is_an_error() {
    for dimensions in [&[0, 28, 28], &[2, 0, 28], &[2, 28, 0]] {
        let labels = vec![0u8; dimensions[0]];
        let error = dataset((dimensions, &[]), (&[labels.len()], &labels)).unwrap_err();
        assert!(matches!(&error, Error::NoPixels { dimensions: found, .. } if found == dimensions));
    }
}

#[test]
fn more_images_than_labels_or_fewer_is_an_error() {
    for labels in [&[][..], &[0], &[0, 1, 2]] {
        let error = dataset((&[2, 1, 1], &[0, 0]), (&[labels.len()], labels)).unwrap_err();
        assert!(
            matches!(error, Error::LabelCount { expected: 2, found, .. } if found == labels.len())
        );
        let message = error.to_string();
        assert!(
            message.contains("train-images") && message.contains("train-labels"),
            "{message}"
        );
    }
}

#[test]
fn an_image_is_its_pixels() {
    let pixels: Vec<u8> = (0..12).collect();
    let data = dataset((&[2, 2, 3], &pixels), (&[2], &[0u8, 1])).unwrap();
    assert_eq!(data.pixels(), 6);
    assert_eq!(data.images(), pixels);
    assert_eq!(data.image(0), Some(&pixels[..6]));
    assert_eq!(data.image(1), Some(&pixels[6..]));
    assert_eq!(data.image(2), None);
    assert_eq!(data.image(usize::MAX), None);
}

#[test]
fn transposing_exchanges_rows_and_columns() {
    let pixels: Vec<u8> = (0..12).collect();
    let data = dataset((&[2, 2, 3], &pixels), (&[2], &[4u8, 1])).unwrap();
    let paths = (data.images_path().to_owned(), data.labels_path().to_owned());
    let turned = data.transpose();
    assert_eq!((turned.len(), turned.height(), turned.width()), (2, 3, 2));
    assert_eq!(turned.images(), [0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11]);
    assert_eq!(turned.labels(), [4, 1]);
    assert_eq!(turned.classes(), 5);
    assert_eq!(
        (turned.images_path(), turned.labels_path()),
        (&*paths.0, &*paths.1)
    );
    assert_eq!(turned.transpose().images(), pixels);
}

#[test]
fn a_data_set_is_printed_without_its_pixels() {
    let data = dataset((&[1, 100, 100], &[77; 10_000]), (&[1], &[0u8]))
        .unwrap()
        .transpose();
    let text = format!("{data:?}");
    assert!(
        text.contains("[1, 100, 100]") && !text.contains("77"),
        "{text}"
    );
}
