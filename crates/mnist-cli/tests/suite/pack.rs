//! `pack` and `unpack`, on pictures made here.

use std::fs;
use std::path::Path;

use image::imageops::FilterType;
use image::{GrayImage, Luma};
use mnist_idx::{Dataset, Split};
use tempfile::TempDir;

use crate::fixtures::first_of_mnist;
use crate::program::{DATA, error, file_in, json, mnist_cli, text};

/// A picture of one grey but for a pixel.
fn picture(side: u32, grey: u8) -> GrayImage {
    let mut picture = GrayImage::from_pixel(side, side, Luma([grey]));
    picture.put_pixel(0, 0, Luma([255 - grey]));
    picture
}

/// Saves pictures of 3 × 3 pixels under these names, the first of grey 0, the second of grey 1, …
pub fn folder(names: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (grey, name) in names.iter().enumerate() {
        save(&folder.path().join("in").join(name), grey as u8);
    }
    folder
}

pub fn save(path: &Path, grey: u8) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    picture(3, grey).save(path).unwrap();
}

/// Packs `in` as `out`.
pub fn pack(folder: &TempDir, options: &[&str]) -> String {
    let (from, out) = (file_in(folder, "in"), file_in(folder, "out"));
    let size = if options.contains(&"--size") || options.contains(&"--with") {
        &[][..]
    } else {
        &["--size", "3x3"]
    };
    text(&[&["pack", &from, "-o", &out], size, options].concat())
}

/// Packs `in` as `out`, which fails and leaves nothing.
pub fn refused(code: i32, folder: &TempDir, options: &[&str]) -> String {
    let (from, out) = (file_in(folder, "in"), file_in(folder, "out"));
    let message = error(code, &[&["pack", &from, "-o", &out], options].concat());
    assert_eq!(entries(folder.path()), ["in"], "{message}");
    message
}

pub fn entries(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

pub fn open(folder: &TempDir, split: Split) -> Dataset {
    Dataset::read(folder.path().join("out"), split).unwrap()
}

/// Which pictures are there, by their greys, and their labels.
pub fn content(data: &Dataset) -> Vec<(u8, u8)> {
    let images = data.images().chunks_exact(data.pixels());
    images
        .map(|image| image[4])
        .zip(data.labels().iter().copied())
        .collect()
}

#[test]
fn folders_that_are_numbers_are_the_labels() {
    let folder = folder(&["7/a.png", "7/b.png", "3/c.png", "3/d.png"]);
    pack(&folder, &[]);
    let mut all = [Split::Train, Split::Test]
        .map(|split| content(&open(&folder, split)))
        .concat();
    all.sort_unstable();
    assert_eq!(all, [(0, 7), (1, 7), (2, 3), (3, 3)]);
    assert_eq!(
        entries(&folder.path().join("out")),
        [
            "t10k-images-idx3-ubyte",
            "t10k-labels-idx1-ubyte",
            "train-images-idx3-ubyte",
            "train-labels-idx1-ubyte"
        ]
    );
}

#[test]
fn other_folders_are_classes_in_the_order_of_their_names() {
    let folder = folder(&[
        "dog/1.png",
        "dog/2.png",
        "cat/3.png",
        "cat/4.png",
        "7/5.png",
        "7/6.png",
    ]);
    fs::write(folder.path().join("in/dog/notes.txt"), "no picture").unwrap();
    fs::write(folder.path().join("in/dog/.hidden.png"), "no picture").unwrap();
    let output = mnist_cli(&[
        "pack",
        &file_in(&folder, "in"),
        "-o",
        &file_in(&folder, "out"),
        "--size",
        "3x3",
        "-z",
    ]);
    let output = { output }.output().unwrap();
    assert!(output.status.success());
    let warning = String::from_utf8(output.stderr).unwrap();
    assert!(
        warning.contains("skipped 1 item") && warning.contains("notes.txt"),
        "{warning}"
    );
    let names = fs::read_to_string(folder.path().join("out/labels.txt")).unwrap();
    assert_eq!(names, "7\ncat\ndog\n");
    for split in [Split::Train, Split::Test].map(|split| open(&folder, split)) {
        assert!(split.images_path().extension().unwrap() == "gz");
        for (grey, label) in content(&split) {
            assert_eq!(label, [2, 1, 0][usize::from(grey) / 2]);
        }
    }
}

#[test]
fn train_and_test_are_kept_as_they_are_and_numbers_are_the_order() {
    let names = [
        "train/b/10.png",
        "train/a/9.png",
        "test/b/2.png",
        "train/a/011.png",
        "test/a/3.png",
    ];
    let folder = folder(&names);
    pack(&folder, &[]);
    assert_eq!(
        content(&open(&folder, Split::Train)),
        [(1, 0), (0, 1), (3, 0)]
    );
    assert_eq!(content(&open(&folder, Split::Test)), [(2, 1), (4, 0)]);
}

#[test]
fn the_same_seed_makes_the_same_files_and_another_seed_others() {
    let names: Vec<String> = (0..40)
        .map(|index| format!("{}/x{index}.png", index / 20))
        .collect();
    let folder = folder(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let made = |seed: &str| {
        pack(&folder, &["--seed", seed, "--test-fraction", "0.25"]);
        let splits = [Split::Train, Split::Test].map(|split| content(&open(&folder, split)));
        fs::remove_dir_all(folder.path().join("out")).unwrap();
        splits
    };
    let [train, test] = made("1");
    assert_eq!([train.len(), test.len()], [30, 10]);
    assert!(!train.iter().map(|(_, label)| label).is_sorted());
    assert_eq!(made("1"), [train.clone(), test.clone()]);
    let [other_train, other_test] = made("2");
    assert!(other_train != train && other_test != test);
}

#[test]
fn pictures_are_added_to_a_data_set_that_stays_as_it_is() {
    let folder = folder(&[
        "train/a/1.png",
        "train/b/2.png",
        "test/a/3.png",
        "test/b/4.png",
    ]);
    pack(&folder, &[]);
    let base = file_in(&folder, "base");
    fs::rename(folder.path().join("out"), &base).unwrap();
    let before: Vec<_> = entries(Path::new(&base))
        .iter()
        .map(|name| fs::read(Path::new(&base).join(name)).unwrap())
        .collect();

    fs::remove_dir_all(folder.path().join("in")).unwrap();
    save(&folder.path().join("in/train/c/5.png"), 9);
    save(&folder.path().join("in/train/a/6.png"), 8);
    pack(&folder, &["--with", &base]);
    assert_eq!(
        content(&open(&folder, Split::Train)),
        [(0, 0), (9, 2), (1, 1), (8, 0)]
    );
    assert_eq!(content(&open(&folder, Split::Test)), [(2, 0), (3, 1)]);
    let names = fs::read_to_string(folder.path().join("out/labels.txt")).unwrap();
    assert_eq!(names, "a\nb\nc\n");
    let after: Vec<_> = entries(Path::new(&base))
        .iter()
        .map(|name| fs::read(Path::new(&base).join(name)).unwrap())
        .collect();
    assert!(before == after);

    let (from, out) = (file_in(&folder, "in"), file_in(&folder, "other"));
    let message = error(
        2,
        &["pack", &from, "-o", &out, "--with", &base, "--size", "4x3"],
    );
    assert!(message.contains("are 3 × 3 pixels"), "{message}");
}

#[test]
fn unpack_and_pack_give_the_same_files() {
    let data = first_of_mnist(300, 120);
    let folder = tempfile::tempdir().unwrap();
    let (data, pictures) = (data.path().to_str().unwrap(), file_in(&folder, "in"));
    let names: String = (0..10).map(|class| format!("the {class}\n")).collect();
    fs::write(format!("{data}/labels.txt"), names).unwrap();
    text(&["unpack", data, "-o", &pictures]);
    let first = image::open(format!("{pictures}/train/5/000.png")).unwrap();
    let mnist = Dataset::read(DATA, Split::Train).unwrap();
    assert_eq!(first.into_luma8().as_raw(), mnist.image(0).unwrap());

    pack(&folder, &["--size", "28x28"]);
    for name in entries(Path::new(data)) {
        let [before, after] =
            [data, &file_in(&folder, "out")].map(|at| fs::read(format!("{at}/{name}")).unwrap());
        assert!(before == after, "{name}");
    }

    let few = file_in(&folder, "few");
    text(&[
        "unpack", data, "-o", &few, "--limit", "3", "--split", "test",
    ]);
    assert_eq!(entries(Path::new(&few)), ["labels.txt", "test"]);
    let files =
        ["1/2.png", "2/1.png", "7/0.png"].map(|name| Path::new(&few).join("test").join(name));
    assert!(files.iter().all(|file| file.is_file()));
}

#[test]
fn what_a_killed_run_has_left_hinders_no_other() {
    let folder = folder(&["a/1.png", "a/2.png", "b/3.png", "b/4.png"]);
    // A run that is killed leaves its temporary folder, incomplete.
    let left = folder.path().join(".mnist-cli-killed");
    fs::create_dir(&left).unwrap();
    fs::write(left.join("train-images-idx3-ubyte"), "incomplete").unwrap();
    pack(&folder, &[]);
    assert_eq!(open(&folder, Split::Train).len(), 2);
    let trained = json(&["train", "--data", &file_in(&folder, "out")]);
    assert_eq!(trained["class_names"], serde_json::json!(["a", "b"]));
}

#[test]
fn pictures_of_8_by_8_pixels_go_from_folders_to_a_prediction_with_no_option_but_the_size() {
    let folder = tempfile::tempdir().unwrap();
    // Stripes in other places for each class, and a speck.
    let stripes = |class: u32, number: u32| {
        GrayImage::from_fn(8, 8, |x, y| {
            let ink = y % 4 == class || (x, y) == (number % 8, number / 8);
            Luma([if ink { 250 } else { 5 }])
        })
    };
    for class in 0..4 {
        let class_folder = folder.path().join(format!("in/{class}"));
        fs::create_dir_all(&class_folder).unwrap();
        for number in 0..10 {
            let file = class_folder.join(format!("{number}.png"));
            stripes(class, number).save(file).unwrap();
        }
    }
    pack(&folder, &["--size", "8x8"]);
    let (out, model) = (file_in(&folder, "out"), file_in(&folder, "model"));
    let trained = json(&["train", "--data", &out, "--save", &model]);
    assert_eq!(
        (&trained["correct"], &trained["total"]),
        (&8.into(), &8.into())
    );
    let new = file_in(&folder, "new.png");
    for class in 0..4 {
        stripes(class, 60).save(&new).unwrap();
        assert_eq!(
            json(&["predict", "--model", &model, &new])["digits"][0]["class"],
            class
        );
    }
}

#[test]
fn prepared_pictures_have_mnists_shares_of_any_size() {
    let folder = tempfile::tempdir().unwrap();
    let test = Dataset::read(DATA, Split::Test).unwrap();
    for (class, index) in [(7, 0), (7, 17), (2, 1), (2, 35)] {
        let digit = GrayImage::from_raw(28, 28, test.image(index).unwrap().to_vec()).unwrap();
        let larger = image::imageops::resize(&digit, 280, 280, FilterType::Triangle);
        let path = folder.path().join(format!("in/{class}/x{index}.png"));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        larger.save(path).unwrap();
    }
    pack(&folder, &["--prepare", "--size", "14x42"]);
    let packed = open(&folder, Split::Train);
    for (image, _) in packed.iter() {
        let ink = |at: &usize| image[*at] > 0;
        let rows: Vec<usize> = (0..14 * 42).filter(ink).map(|at| at / 42).collect();
        let columns: Vec<usize> = (0..14 * 42).filter(ink).map(|at| at % 42).collect();
        let [height, width] = [rows, columns].map(|places| {
            let (first, last) = (places.iter().min().unwrap(), places.iter().max().unwrap());
            assert!(*first > 0, "{first} to {last}");
            last - first + 1
        });
        // 20 of 28 pixels of the smaller side.
        assert_eq!(height.max(width), 10);
    }
}
