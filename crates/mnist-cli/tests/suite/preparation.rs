//! How pictures are prepared for a network, by what it was trained on.

use std::collections::HashMap;
use std::path::Path;

use image::imageops::{FilterType, crop_imm, overlay, resize};
use image::{GrayImage, Luma};
use mnist_idx::{Dataset, Split};
use rayon::prelude::*;
use serde_json::json;
use tempfile::TempDir;

use crate::fixtures::{
    Model, f32s, first_of_mnist, metadata, read_model, safetensors, write_split,
};
use crate::program::{DATA, error, file_in, json, read_folder, text};

const TRAIN: usize = 5_000;
const TEST: usize = 200;

/// How many times test images are enlarged.
const TIMES: u32 = 8;

/// Makes an image of a data set of a digit of MNIST.
type Make = fn(&GrayImage) -> GrayImage;

/// A data set made of MNIST, with the level of paper and of ink in its images.
struct Kind {
    name: &'static str,
    make: Make,
    paper: u8,
    ink: u8,
    /// What is measured: the beginning of what `train` prints.
    form: &'static str,
}

const KINDS: [Kind; 7] = [
    Kind {
        name: "boxed",
        make: |digit| fitted(digit, 28),
        paper: 0,
        ink: 255,
        form: "cut out, 28 pixels, centred by bounding box; light on dark, 0…255",
    },
    Kind {
        name: "boxed with a margin",
        make: |digit| fitted(digit, 22),
        paper: 0,
        ink: 255,
        form: "cut out, 22 pixels, centred by bounding box; light on dark, 0…255",
    },
    Kind {
        name: "stretched",
        make: |digit| resize(&cut_out(digit), 28, 28, FilterType::Triangle),
        paper: 0,
        ink: 255,
        form: "cut out and stretched to 28 × 28 pixels; light on dark, 0…255",
    },
    Kind {
        name: "dark on light",
        make: |digit| each(digit, |grey| 255 - grey),
        paper: 255,
        ink: 0,
        form: "as MNIST's: 20 pixels, centred by mass; dark on light, 0…255",
    },
    Kind {
        name: "32 x 32",
        make: |digit| resize(digit, 32, 32, FilterType::Triangle),
        paper: 0,
        ink: 255,
        form: "cut out, 24 pixels, centred by mass; light on dark, 0…255",
    },
    Kind {
        name: "0 to 16",
        make: |digit| each(digit, |grey| ((u32::from(grey) * 16 + 127) / 255) as u8),
        paper: 0,
        ink: 16,
        form: "as MNIST's: 20 pixels, centred by mass; light on dark, 0…16",
    },
    Kind {
        name: "0 and 1",
        make: |digit| each(digit, |grey| u8::from(grey > 127)),
        paper: 0,
        ink: 1,
        form: "as MNIST's: 20 pixels, centred by mass; light on dark, 0…1",
    },
];

fn each(image: &GrayImage, change: fn(u8) -> u8) -> GrayImage {
    let mut image = image.clone();
    image.iter_mut().for_each(|grey| *grey = change(*grey));
    image
}

/// All of the ink.
fn cut_out(digit: &GrayImage) -> GrayImage {
    let ink = || digit.enumerate_pixels().filter(|(.., grey)| grey.0[0] > 0);
    let (left, right) = (
        ink().map(|p| p.0).min().unwrap(),
        ink().map(|p| p.0).max().unwrap(),
    );
    let (top, bottom) = (
        ink().map(|p| p.1).min().unwrap(),
        ink().map(|p| p.1).max().unwrap(),
    );
    crop_imm(digit, left, top, right - left + 1, bottom - top + 1).to_image()
}

/// The digit so large and in the middle of 28 × 28 pixels.
fn fitted(digit: &GrayImage, side: u32) -> GrayImage {
    let digit = cut_out(digit);
    let larger = digit.width().max(digit.height());
    let [width, height] =
        [digit.width(), digit.height()].map(|length| (length * side / larger).max(1));
    let digit = resize(&digit, width, height, FilterType::Triangle);
    let mut image = GrayImage::new(28, 28);
    overlay(
        &mut image,
        &digit,
        i64::from((28 - width) / 2),
        i64::from((28 - height) / 2),
    );
    image
}

/// The first digits of a split as images of a kind.
fn images(kind: &Kind, split: Split, count: usize) -> (Vec<GrayImage>, Vec<u8>) {
    let data = Dataset::read(DATA, split).unwrap();
    let image = |index| {
        let digit = GrayImage::from_raw(28, 28, data.image(index).unwrap().to_vec()).unwrap();
        (kind.make)(&digit)
    };
    let images = (0..count).into_par_iter().map(image).collect();
    (images, data.labels()[..count].to_vec())
}

/// A folder with the data set of a kind.
fn data_set(kind: &Kind) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (split, stem, count) in [(Split::Train, "train", TRAIN), (Split::Test, "t10k", TEST)] {
        let (images, labels) = images(kind, split, count);
        let size = [images[0].height() as usize, images[0].width() as usize];
        let pixels: Vec<u8> = images.into_iter().flat_map(GrayImage::into_raw).collect();
        write_split(folder.path(), (stem, ""), size, &pixels, &labels);
    }
    folder
}

/// A test image enlarged, black on white paper with a margin.
fn on_paper(image: &GrayImage, kind: &Kind) -> GrayImage {
    let contrast = u32::from(kind.paper.abs_diff(kind.ink));
    let (width, height) = image.dimensions();
    let margin = width * TIMES / 4;
    GrayImage::from_fn(
        width * TIMES + 2 * margin,
        height * TIMES + 2 * margin,
        |x, y| {
            let inside = |at: u32, length: u32| {
                let at = at.checked_sub(margin)? / TIMES;
                (at < length).then_some(at)
            };
            let ink = match (inside(x, width), inside(y, height)) {
                (Some(x), Some(y)) => image.get_pixel(x, y).0[0].abs_diff(kind.paper),
                _ => 0,
            };
            Luma([255 - (255 * u32::from(ink) / contrast) as u8])
        },
    )
}

fn right(texts: &HashMap<usize, String>, labels: &[u8]) -> usize {
    let is_right = |(number, label): &(usize, &u8)| texts.get(number) == Some(&label.to_string());
    labels.iter().enumerate().filter(is_right).count()
}

/// How many of the test images are read by `evaluate`, by `predict` as they are unpacked, and by
/// `predict` enlarged on white paper.
fn read(kind: &Kind, rule: &[&str]) -> [usize; 3] {
    let folder = data_set(kind);
    let (data, model) = (folder.path().to_str().unwrap(), file_in(&folder, "model"));
    text(&[&["train", "--data", data, "--save", &model], rule].concat());
    let evaluated = json(&["evaluate", &model, "--data", data])["correct"].as_u64();

    let unpacked = file_in(&folder, "unpacked");
    text(&["unpack", data, "-o", &unpacked, "--split", "test"]);
    let (images, labels) = images(kind, Split::Test, TEST);
    // In folders by their labels; a folder of all is read in one process.
    let own = folder.path().join("own");
    let enlarged = folder.path().join("enlarged");
    for folder in [&own, &enlarged] {
        std::fs::create_dir(folder).unwrap();
    }
    images
        .par_iter()
        .zip(&labels)
        .enumerate()
        .for_each(|(index, (image, label))| {
            let name = format!("{index:03}.png");
            std::fs::rename(
                Path::new(&unpacked).join(format!("test/{label}/{name}")),
                own.join(&name),
            )
            .unwrap();
            on_paper(image, kind).save(enlarged.join(&name)).unwrap();
        });
    let [own, enlarged] =
        [own, enlarged].map(|folder| right(&read_folder(&model, &folder), &labels));
    [evaluated.unwrap() as usize, own, enlarged]
}

/// Fails if a set's own images are not read as `evaluate` reads them, and those on paper nearly so.
fn check(kinds: &[Kind], rule: &[&str]) {
    for kind in kinds {
        let [evaluated, own, enlarged] = read(kind, rule);
        println!(
            "{} {rule:?}: {evaluated} of {TEST}, own {own}, enlarged {enlarged}",
            kind.name
        );
        assert!(2 * evaluated > TEST, "{}: {evaluated} is chance", kind.name);
        assert!(
            100 * own.abs_diff(evaluated) <= TEST,
            "{}: {own} of {evaluated}",
            kind.name
        );
        assert!(
            100 * evaluated.saturating_sub(enlarged) <= 3 * TEST,
            "{}: enlarged {enlarged} of {evaluated}",
            kind.name
        );
    }
}

#[test]
fn a_set_s_own_images_are_read_as_evaluate_reads_them_and_nearly_so_enlarged_on_paper() {
    check(&KINDS, &["--average", "--epochs", "20"]);
}

#[test]
fn the_same_is_true_of_normalized_images() {
    check(&KINDS[2..6], &["--average", "--normalize"]);
}

#[test]
fn train_and_inspect_print_and_the_model_keeps_how_the_images_look() {
    for kind in &KINDS {
        let folder = data_set(kind);
        let (data, model) = (folder.path().to_str().unwrap(), file_in(&folder, "model"));
        let train = ["train", "--data", data, "--save", &model];
        let expected = format!("\npictures    {}\n", kind.form);
        for text in [text(&train), text(&["inspect", data])] {
            assert!(text.contains(&expected), "{}: {text}", kind.name);
        }
        let trained = json(&["train", "--data", data]);
        let found = &read_model(&model).metadata["preparation"];
        assert_eq!(&trained["preparation"], found);
        assert_eq!(found["paper"], kind.paper, "{}", kind.name);
        assert_eq!(found["ink"], kind.ink, "{}", kind.name);
    }
    let folder = first_of_mnist(1_000, 10);
    let (data, model) = (folder.path().to_str().unwrap(), file_in(&folder, "model"));
    text(&["train", "--data", data, "--save", &model]);
    let expected = json!({
        "paper": 0, "ink": 255, "form": "fitted", "side": 20, "centre": "mass", "at": [56, 56],
    });
    assert_eq!(read_model(&model).metadata["preparation"], expected);
}

/// A digit of MNIST, black on white paper and off the centre, as a picture in a folder.
fn off_centre(folder: &TempDir) -> String {
    let test = Dataset::read(DATA, Split::Test).unwrap();
    let digit = GrayImage::from_raw(28, 28, test.image(0).unwrap().to_vec()).unwrap();
    let mut picture = GrayImage::from_pixel(400, 400, Luma([255]));
    let digit = resize(
        &each(&digit, |grey| 255 - grey),
        84,
        84,
        FilterType::Triangle,
    );
    overlay(&mut picture, &digit, 10, 280);
    let path = file_in(folder, "picture.png");
    picture.save(&path).unwrap();
    path
}

#[test]
fn a_model_without_the_record_is_prepared_for_as_before() {
    let folder = tempfile::tempdir().unwrap();
    let picture = off_centre(&folder);
    let [recorded, old] = ["recorded", "old"].map(|name| file_in(&folder, name));
    text(&["train", "--average", "--save", &recorded]);
    let Model {
        weights, biases, ..
    } = read_model(&recorded);
    let tensors = [
        f32s("weight", &[10, 784], &weights),
        f32s("bias", &[10], &biases),
    ];
    std::fs::write(&old, safetensors(&tensors, Some(metadata([28, 28])))).unwrap();
    let [of_recorded, of_old] =
        [&recorded, &old].map(|model| json(&["predict", "--model", model, &picture]));
    assert_eq!(
        of_old["digits"][0]["outputs"],
        of_recorded["digits"][0]["outputs"]
    );
    assert_eq!(of_old["text"], "7");
}

#[test]
fn an_option_overrules_the_model_but_not_its_normalization() {
    let folder = tempfile::tempdir().unwrap();
    let (picture, model) = (off_centre(&folder), file_in(&folder, "model"));
    text(&["train", "--average", "--save", &model]);
    let read = |options: &[&str]| {
        json(&[&["predict", "--model", &model, &picture], options].concat())["digits"][0].clone()
    };
    assert_eq!(read(&["--prepare", "mnist"]), read(&[]));
    // All of the picture is seen.
    let whole = read(&["--prepare", "resized"]);
    assert_eq!(whole.get("box"), None);
    assert_ne!(whole["outputs"], read(&[])["outputs"]);

    text(&["train", "--normalize", "--save", &model]);
    let message = error(
        2,
        &["predict", "--model", &model, "--prepare", "mnist", &picture],
    );
    assert!(
        message.contains("takes normalized images only"),
        "{message}"
    );
}
