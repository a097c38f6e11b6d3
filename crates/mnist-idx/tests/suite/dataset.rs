//! Data sets of images and labels, and every way they can be wrong.

use mnist_idx::{Dataset, Element, Error, SplitFiles, write};

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
        text.contains("[1, 100, 100]") && !text.contains("77, 77"),
        "{text}"
    );
}
