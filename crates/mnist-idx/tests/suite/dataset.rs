//! Data sets of images and labels, and every way they can be invalid.

use std::path::Path;

use mnist_idx::{Dataset, Element, Error, FormatError, IdxFile, SplitFiles, write, write_to};

/// The raw file of an array.
fn raw<T: Element>((dimensions, elements): (&[usize], &[T])) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_to(&mut bytes, dimensions, elements).unwrap();
    bytes
}

/// A data set of these images and labels, from bytes in memory.
fn dataset<T: Element>(
    images: (&[usize], &[u8]),
    labels: (&[usize], &[T]),
) -> Result<Dataset, Error> {
    Dataset::new(
        IdxFile::from_bytes("the images", raw(images)).unwrap(),
        IdxFile::from_bytes("the labels", raw(labels)).unwrap(),
    )
}

#[test]
fn a_split_is_read_and_mapped() {
    let folder = tempfile::tempdir().unwrap();
    let files = SplitFiles {
        images: folder.path().join("some images"),
        labels: folder.path().join("some labels"),
    };
    write(&files.images, &[2, 1, 3], &[1u8, 2, 3, 4, 5, 6]).unwrap();
    write(&files.labels, &[2], &[7u8, 8]).unwrap();
    let data = files.read().unwrap();
    assert_eq!((data.len(), data.height(), data.width()), (2, 1, 3));
    assert_eq!(data.images(), [1, 2, 3, 4, 5, 6]);
    assert_eq!(data.labels(), [7, 8]);
    assert_eq!(data.images_path(), files.images);
    assert_eq!(data.labels_path(), files.labels);
    #[cfg(feature = "mmap")]
    {
        // SAFETY: the files are this test's own, and deleting them does not hurt the map.
        let mapped = unsafe { files.map() }.unwrap();
        assert!(data.iter().eq(&mapped));
    }
}

#[test]
fn pixels_and_labels_are_a_data_set() {
    let data = Dataset::from_parts("table.csv", 1, 3, vec![1, 2, 3, 4, 5, 6], vec![7, 0]).unwrap();
    assert_eq!((data.len(), data.height(), data.width()), (2, 1, 3));
    assert_eq!(data.images(), [1, 2, 3, 4, 5, 6]);
    assert_eq!(data.labels(), [7, 0]);
    assert_eq!(data.classes(), 8);
    assert_eq!(data.images_path(), Path::new("table.csv"));
    assert_eq!(data.labels_path(), Path::new("table.csv"));
}

#[test]
fn pixels_that_are_not_as_many_as_the_shape_says_are_an_error() {
    for found in [0, 5, 7, 9] {
        let error = Dataset::from_parts("table.csv", 1, 3, vec![0; found], vec![0; 2]).unwrap_err();
        assert_eq!(error.to_string(), "table.csv: cannot read");
        assert!(
            matches!(error, Error::File { source: FormatError::ElementCount { dimensions, expected: 6, found: n }, .. }
                if n == found && dimensions == [2, 1, 3])
        );
    }
    for (height, width, count) in [(0, 3, 2), (3, 0, 2), (1, 3, 0)] {
        let error = Dataset::from_parts("table.csv", height, width, vec![], vec![0; count]);
        assert!(matches!(error, Err(Error::NoPixels { .. })));
    }
    // 2^64 pixels would wrap to none.
    let error = Dataset::from_parts("table.csv", 1 << 31, 1 << 31, vec![], vec![0; 4]);
    assert!(matches!(
        error,
        Err(Error::File {
            source: FormatError::TooLarge { .. },
            ..
        })
    ));
}

#[test]
fn iterating_gives_each_image_with_its_label() {
    let data = Dataset::from_parts("memory", 1, 2, (0..6).collect(), vec![7, 8, 9]).unwrap();
    let expected: [(&[u8], u8); 3] = [(&[0, 1], 7), (&[2, 3], 8), (&[4, 5], 9)];
    assert!(data.iter().eq(expected));
    assert!(data.iter().rev().eq(expected.into_iter().rev()));
    assert_eq!(data.iter().len(), 3);
    let mut count = 0;
    for (image, label) in &data {
        assert_eq!((image, label), expected[count]);
        count += 1;
    }
    assert_eq!(count, 3);
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
fn a_label_that_is_not_a_class_is_an_error() {
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
        message.contains("label 1 is out of range")
            && message.ends_with("expected 0 to 255, found 300"),
        "{message}"
    );
}

#[test]
fn what_is_not_images_is_an_error() {
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
    let file = |bytes| IdxFile::from_bytes("memory", bytes).unwrap();
    let images = file(raw::<i16>((&[1, 1, 1], &[1])));
    let labels = || file(raw::<u8>((&[1], &[1])));
    let error = Dataset::new(images, labels()).unwrap_err();
    assert!(error.to_string().contains("found i16 [1, 1, 1]"), "{error}");
    // The two swapped.
    let error = Dataset::new(labels(), file(raw::<u8>((&[1, 1, 1], &[1])))).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("are images and labels swapped?"),
        "{error}"
    );
}

#[test]
fn what_is_not_labels_is_an_error() {
    let images: (&[usize], &[u8]) = (&[2, 1, 1], &[0, 0]);
    let is_not_labels = |result: Result<Dataset, Error>| {
        assert!(matches!(result.unwrap_err(), Error::NotLabels { .. }));
    };
    is_not_labels(dataset(images, (&[2], &[1f32, 2.0])));
    is_not_labels(dataset(images, (&[2], &[1f64, 2.0])));
    // One-hot labels: their first column is not a class.
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
            message.contains("the images") && message.contains("the labels"),
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
    let transposed = data.transpose();
    assert_eq!(
        (transposed.len(), transposed.height(), transposed.width()),
        (2, 3, 2)
    );
    assert_eq!(transposed.images(), [0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11]);
    assert_eq!(transposed.labels(), [4, 1]);
    assert_eq!(transposed.classes(), 5);
    assert_eq!(
        (transposed.images_path(), transposed.labels_path()),
        (&*paths.0, &*paths.1)
    );
    assert_eq!(transposed.transpose().images(), pixels);
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
