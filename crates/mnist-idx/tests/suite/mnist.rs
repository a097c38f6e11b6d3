//! The real MNIST files, mapped and read.

use mnist_idx::{Dataset, Split};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data");

#[test]
fn mnist_is_what_its_authors_say() {
    for (split, count) in [(Split::Train, 60_000), (Split::Test, 10_000)] {
        let data = Dataset::read(FOLDER, split).unwrap();
        assert_eq!((data.len(), data.height(), data.width()), (count, 28, 28));
        assert_eq!(data.classes(), 10);
        assert_eq!(data.images().len(), count * data.pixels());
        assert_eq!(data.image(count), None);
        #[cfg(feature = "mmap")]
        {
            // SAFETY: no test changes data/.
            let mapped = unsafe { Dataset::map(FOLDER, split) }.unwrap();
            assert!(data.iter().eq(&mapped));
        }
    }
}

#[test]
fn the_first_labels_are_the_published_ones() {
    // The first rows of the samples in LeCun et al. 1998 and in every tutorial.
    let train = Dataset::read(FOLDER, Split::Train).unwrap();
    assert_eq!(train.labels()[..10], [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    let test = Dataset::read(FOLDER, Split::Test).unwrap();
    assert_eq!(test.labels()[..10], [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
}
