//! Data sets that are wrong.

use std::fs;
use std::path::Path;

use mnist_idx::{Element, write};
use tempfile::TempDir;

use crate::program::{DATA, error, file_in, mnist_cli};

/// A copy of MNIST's test set as both splits, to be damaged.
fn copy() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for what in ["images-idx3-ubyte", "labels-idx1-ubyte"] {
        for split in ["train", "t10k"] {
            let from = Path::new(DATA).join(format!("t10k-{what}"));
            fs::copy(from, folder.path().join(format!("{split}-{what}"))).unwrap();
        }
    }
    folder
}

/// The message of a run on data that is wrong, mapped and read alike.
fn wrong(folder: &TempDir) -> String {
    let data = folder.path().to_str().unwrap();
    let message = error(1, &["train", "--data", data]);
    assert_eq!(error(1, &["train", "--data", data, "--no-mmap"]), message);
    message
}

#[test]
fn swapped_files_are_an_error_that_asks_whether_they_are() {
    let folder = copy();
    let [images, labels] =
        ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"].map(|name| folder.path().join(name));
    let other = folder.path().join("other");
    fs::rename(&images, &other).unwrap();
    fs::rename(&labels, &images).unwrap();
    fs::rename(&other, &labels).unwrap();
    let message = wrong(&folder);
    assert!(
        message.contains("train-images-idx3-ubyte: not images"),
        "{message}"
    );
    assert!(
        message.contains("are images and labels swapped?"),
        "{message}"
    );
}

#[test]
fn a_file_cut_or_grown_is_an_error_with_both_sizes() {
    let folder = copy();
    let path = folder.path().join("t10k-images-idx3-ubyte");
    let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
    for (size, how) in [(7_840_015, "shorter"), (7_840_017, "longer")] {
        file.set_len(size).unwrap();
        let message = wrong(&folder);
        let expected = format!("{how} than its header says: expected 7840016 bytes, found {size}");
        assert!(message.contains(&expected), "{message}");
    }
    file.set_len(0).unwrap();
    assert!(wrong(&folder).contains("t10k-images-idx3-ubyte: cannot read: empty"));
}

#[test]
fn a_gzip_file_cut_or_damaged_is_an_error() {
    let folder = copy();
    let raw = folder.path().join("train-labels-idx1-ubyte");
    let path = folder.path().join("train-labels-idx1-ubyte.gz");
    write(&path, &[10_000], &fs::read(&raw).unwrap()[8..]).unwrap();
    fs::remove_file(raw).unwrap();
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let message = wrong(&folder);
    assert!(
        message.contains("train-labels-idx1-ubyte.gz: cannot read: corrupt gzip data"),
        "{message}"
    );
    let mut damaged = whole.clone();
    *damaged.last_mut().unwrap() ^= 1;
    fs::write(&path, damaged).unwrap();
    let message = wrong(&folder);
    assert!(message.contains("corrupt gzip data"), "{message}");
}

#[test]
fn other_counts_and_labels_that_are_no_classes_are_errors() {
    fn labels<T: Element>(dimensions: &[usize], labels: &[T]) -> String {
        let folder = copy();
        write(
            folder.path().join("train-labels-idx1-ubyte"),
            dimensions,
            labels,
        )
        .unwrap();
        wrong(&folder)
    }
    let message = labels(&[9_999], &[1u8; 9_999]);
    assert!(
        message.contains("expected 10000, one for each image of"),
        "{message}"
    );
    assert!(message.contains("found 9999"), "{message}");
    let mut many = [0i32; 10_000];
    many[7] = 256;
    let message = labels(&[10_000], &many);
    assert!(
        message.contains("label 7 is out of range: expected 0 to 255, found 256"),
        "{message}"
    );
}

#[test]
fn a_folder_that_is_not_there_or_holds_nothing_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let message = wrong(&folder);
    let names = "expected train-images-idx3-ubyte, train-images.idx3-ubyte (or the same with .gz), \
                 found no files";
    assert!(message.contains(names), "{message}");
    let missing = file_in(&folder, "missing");
    let message = error(1, &["--data", &missing]);
    assert!(
        message.starts_with(&format!("{missing}: no such folder")),
        "{message}"
    );
    assert!(
        message.contains("the four files of MNIST are at https://"),
        "{message}"
    );
    let mut command = mnist_cli(&[]);
    let output = command
        .env("MNIST_DATA", &missing)
        .assert()
        .code(1)
        .get_output()
        .clone();
    assert!(str::from_utf8(&output.stderr).unwrap().contains(&missing));
}
