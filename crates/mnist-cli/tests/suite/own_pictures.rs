//! Pictures of digits as readers make them, read by the network that `predict` trains; and the
//! picture of normalized digits in `docs/`.

use std::collections::HashMap;

use image::imageops::{FilterType, blur, crop_imm, overlay, resize};
use image::{GrayImage, Luma};
use mnist_idx::{Dataset, Split};
use mnist_kernel::{Ink, Size, normalize};
use rayon::prelude::*;
use tempfile::TempDir;

use crate::fixtures::write_split;
use crate::photographs::glyph::Random;
use crate::program::{DATA, file_in, json, read_folder, text};

/// How many test digits each kind of picture shows.
const DIGITS: usize = 120;

/// A test digit, light on dark, so many times enlarged.
fn enlarged(digit: &[u8], times: u32) -> GrayImage {
    let digit = GrayImage::from_raw(28, 28, digit.to_vec()).unwrap();
    resize(&digit, 28 * times, 28 * times, FilterType::CatmullRom)
}

fn inverted(picture: &GrayImage) -> GrayImage {
    GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
        Luma([255 - picture.get_pixel(x, y).0[0]])
    })
}

/// A picture at a place on white paper.
fn on_paper(picture: &GrayImage, side: u32, [x, y]: [u32; 2]) -> GrayImage {
    let mut paper = GrayImage::from_pixel(side, side, Luma([255]));
    overlay(&mut paper, picture, x.into(), y.into());
    paper
}

/// A picture whose rows are moved sideways, by 0.364 of their height: the tangent of 20°.
fn slanted(picture: &GrayImage, to_the_right: bool) -> GrayImage {
    let (width, height) = picture.dimensions();
    GrayImage::from_fn(width, height, |x, y| {
        let shift = (f64::from(height) / 2.0 - f64::from(y)) * 0.364;
        let shift = if to_the_right { -shift } else { shift };
        let from = f64::from(x) + shift;
        match from >= 0.0 && from < f64::from(width) {
            true => *picture.get_pixel(from as u32, y),
            false => Luma([0]),
        }
    })
}

/// A picture of two greys, whose ink is what is lighter than `level` within `radius` pixels.
fn drawn(picture: &GrayImage, level: u8, radius: i64) -> GrayImage {
    let (width, height) = picture.dimensions();
    let is_ink = |x: i64, y: i64| {
        (0..i64::from(width)).contains(&x)
            && (0..i64::from(height)).contains(&y)
            && picture.get_pixel(x as u32, y as u32).0[0] > level
    };
    GrayImage::from_fn(width, height, |x, y| {
        let (x, y) = (i64::from(x), i64::from(y));
        let near = (-radius..=radius).any(|dy| {
            let reach = ((radius * radius - dy * dy) as f64).sqrt() as i64;
            (-reach..=reach).any(|dx| is_ink(x + dx, y + dy))
        });
        Luma([if near { 20 } else { 235 }])
    })
}

/// Makes a picture of a digit and its number.
type Make = fn(&[u8], u32) -> GrayImage;

/// The kinds of pictures.
const KINDS: [(&str, Make); 8] = [
    ("plain", |digit, _| enlarged(digit, 1)),
    ("big", |digit, _| inverted(&enlarged(digit, 20))),
    ("small", |digit, _| {
        on_paper(&inverted(&enlarged(digit, 2)), 400, [170, 120])
    }),
    ("off centre", |digit, number| {
        let place = [number * 131 % 300, number * 71 % 300];
        on_paper(&inverted(&enlarged(digit, 5)), 440, place)
    }),
    ("slanted", |digit, number| {
        let mut paper = GrayImage::new(400, 400);
        overlay(&mut paper, &enlarged(digit, 10), 60, 60);
        inverted(&slanted(&paper, number.is_multiple_of(2)))
    }),
    ("thin", |digit, _| drawn(&enlarged(digit, 10), 180, 0)),
    ("thick", |digit, _| drawn(&enlarged(digit, 10), 127, 5)),
    ("dark on light", |digit, _| inverted(&enlarged(digit, 1))),
];

/// What a model reads in pictures of a kind.
fn read(model: &str, (kind, make): (&str, Make), test: &Dataset) -> HashMap<usize, String> {
    let folder = tempfile::tempdir().unwrap();
    (0..DIGITS).into_par_iter().for_each(|index| {
        let picture = make(test.image(index).unwrap(), index as u32);
        let name = format!("{index:03}.pgm");
        picture.save(folder.path().join(name)).unwrap();
    });
    let classes = read_folder(model, folder.path());
    println!("{kind}: {} of {DIGITS}", right(&classes, test));
    classes
}

fn right(classes: &HashMap<usize, String>, test: &Dataset) -> usize {
    let is_right =
        |(index, class): &(&usize, &String)| **class == test.labels()[**index].to_string();
    classes.iter().filter(is_right).count()
}

/// The model that `predict` trains.
fn best(folder: &TempDir) -> String {
    let model = file_in(folder, "model");
    text(&["train", "--best", "--save", &model]);
    model
}

/// A picture cut off at the box of its dark pixels, and so many pixels around it.
fn cut_out(picture: &GrayImage, margin: u32) -> GrayImage {
    let dark = picture
        .enumerate_pixels()
        .filter(|(.., grey)| grey.0[0] < 128);
    let places: Vec<[u32; 2]> = dark.map(|(x, y, _)| [x, y]).collect();
    let sides = [picture.width(), picture.height()];
    let ends = |axis: usize| {
        let places = || places.iter().map(|place| place[axis]);
        let (first, last) = (places().min().unwrap(), places().max().unwrap());
        let end = (last + margin + 1).min(sides[axis]);
        (first.saturating_sub(margin), end)
    };
    let ((left, right), (top, bottom)) = (ends(0), ends(1));
    crop_imm(picture, left, top, right - left, bottom - top).to_image()
}

/// Grain, with a standard deviation of 6.
fn grainy(picture: &GrayImage, number: u32) -> GrayImage {
    let mut random = Random(number.into());
    GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
        let grain = 6.0 * (f64::from(random.next().count_ones()) - 32.0) / 4.0;
        Luma([(f64::from(picture.get_pixel(x, y).0[0]) + grain) as u8])
    })
}

/// Kinds with little paper around the digit, as programs cut them out.
const NARROW: [(&str, Make); 4] = [
    ("cut out", |digit, _| {
        cut_out(&drawn(&enlarged(digit, 10), 127, 0), 0)
    }),
    ("cut out, light on dark", |digit, _| {
        inverted(&cut_out(&drawn(&enlarged(digit, 10), 127, 0), 0))
    }),
    ("grain", |digit, number| {
        grainy(&cut_out(&faint(digit), 20), number)
    }),
    ("grain, light on dark", |digit, number| {
        grainy(&inverted(&cut_out(&faint(digit), 20)), number)
    }),
];

/// The same in pictures of grain.
const NARROW_AND_GRAINY: [(&str, Make); 2] = [
    ("cut out, grain", |digit, number| {
        grainy(&cut_out(&drawn(&enlarged(digit, 10), 127, 0), 4), number)
    }),
    ("cut out, thick, grain", |digit, number| {
        grainy(&cut_out(&drawn(&enlarged(digit, 10), 127, 5), 4), number)
    }),
];

/// A digit in dark grey on light grey.
fn faint(digit: &[u8]) -> GrayImage {
    let digit = enlarged(digit, 10);
    GrayImage::from_fn(280, 280, |x, y| {
        Luma([225 - (u16::from(digit.get_pixel(x, y).0[0]) * 3 / 5) as u8])
    })
}

#[test]
fn digits_that_are_cut_out_narrowly_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let model = best(&folder);
    let test = Dataset::read(DATA, Split::Test).unwrap();
    let kinds = NARROW.map(|kind| (kind, 90)).into_iter();
    for (kind, least) in kinds.chain(NARROW_AND_GRAINY.map(|kind| (kind, 80))) {
        let right = right(&read(&model, kind, &test), &test);
        assert!(
            right * 100 >= DIGITS * least,
            "{}: {right} of {DIGITS}",
            kind.0
        );
    }
}

#[test]
fn images_of_the_data_set_are_read_from_jpeg_files_nearly_as_well() {
    const IMAGES: usize = 300;
    let folder = tempfile::tempdir().unwrap();
    let model = best(&folder);
    let test = Dataset::read(DATA, Split::Test).unwrap();
    let [lossless, lossy] = ["png", "jpg"].map(|end| {
        let folder = tempfile::tempdir().unwrap();
        for index in 0..IMAGES {
            let name = format!("{index:03}.{end}");
            let picture = enlarged(test.image(index).unwrap(), 1);
            picture.save(folder.path().join(name)).unwrap();
        }
        right(&read_folder(&model, folder.path()), &test)
    });
    println!("{lossless} as PNG, {lossy} as JPEG");
    assert!(lossy * 100 >= lossless * 99, "{lossy} of {lossless}");
}

#[test]
fn soft_images_of_a_data_set_are_read_from_png_files_as_from_the_data_set() {
    let folder = tempfile::tempdir().unwrap();
    let [set, pictures, model] = ["set", "pictures", "model"].map(|name| file_in(&folder, name));
    std::fs::create_dir(&set).unwrap();
    for (split, stem, count) in [(Split::Train, "train", 2000), (Split::Test, "t10k", 100)] {
        let data = Dataset::read(DATA, split).unwrap();
        let soft = (0..count)
            .flat_map(|index| blur(&enlarged(data.image(index).unwrap(), 1), 1.0).into_raw());
        let labels = &data.labels()[..count];
        write_split(
            set.as_ref(),
            (stem, ""),
            [28, 28],
            &soft.collect::<Vec<_>>(),
            labels,
        );
    }
    text(&["train", "--best", "--data", &set, "--save", &model]);
    text(&["unpack", &set, "--split", "test", "-o", &pictures]);
    let answers = [
        "predict", "--model", &model, "--data", &set, "--split", "test", "--csv",
    ];
    let answers = text(&answers);
    let answers = answers
        .lines()
        .skip(1)
        .map(|line| line.split(',').collect::<Vec<_>>());
    let answers: HashMap<usize, &str> = answers
        .map(|line| (line[0].parse().unwrap(), line[1]))
        .collect();
    let mut files = Vec::new();
    for label in std::fs::read_dir(format!("{pictures}/test")).unwrap() {
        files.extend(read_folder(&model, &label.unwrap().path()));
    }
    assert_eq!(files.len(), 100);
    for (index, class) in files {
        assert_eq!(class, answers[&index], "image {index}");
    }
}

#[test]
fn digits_that_are_big_small_off_centre_slanted_thin_or_thick_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let model = best(&folder);
    let test = Dataset::read(DATA, Split::Test).unwrap();
    let (mut all_right, mut raw) = (0, HashMap::new());
    for kind in KINDS {
        let classes = read(&model, kind, &test);
        let (kind, right) = (kind.0, right(&classes, &test));
        assert!(right * 100 >= DIGITS * 93, "{kind}: {right} of {DIGITS}");
        all_right += right;
        if kind == "plain" {
            raw = classes;
        }
    }
    let all = KINDS.len() * DIGITS;
    assert!(all_right * 100 >= all * 96, "{all_right} of {all}");

    // The plain pictures are the images that `evaluate` reads.
    let images: Vec<u8> = test.images()[..DIGITS * 784].to_vec();
    let data = tempfile::tempdir().unwrap();
    // With one label for all, a row of the confusion matrix counts the answers.
    write_split(data.path(), ("t10k", ""), [28, 28], &images, &[9; DIGITS]);
    let data = data.path().to_str().unwrap();
    let evaluated = json(&["evaluate", &model, "--data", data]);
    let same: u64 = (0..10)
        .map(|class| {
            let answers = evaluated["confusion"][9][class].as_u64().unwrap();
            let read = raw
                .values()
                .filter(|&read| *read == class.to_string())
                .count();
            answers.min(read as u64)
        })
        .sum();
    assert!(
        same * 100 >= DIGITS as u64 * 98,
        "{same} of {DIGITS} as evaluate reads them"
    );
}

/// The first test digit of each class, as it is and below it normalized, three times enlarged.
fn normalized_digits() -> GrayImage {
    const SIZE: Size = Size {
        height: 28,
        width: 28,
    };
    let test = Dataset::read(DATA, Split::Test).unwrap();
    let mut picture = GrayImage::from_pixel(10 * 28, 2 * 28, Luma([0]));
    for class in 0..10 {
        let (image, _) = test.iter().find(|&(_, label)| label == class).unwrap();
        let normalized = normalize(image, SIZE, Ink::Light, SIZE).unwrap();
        for (pixels, y) in [(image, 0), (&normalized, 28)] {
            overlay(&mut picture, &enlarged(pixels, 1), 28 * i64::from(class), y);
        }
    }
    resize(&picture, 840, 168, FilterType::Nearest)
}

const NORMALIZED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/normalized.png");

#[test]
fn the_picture_of_normalized_digits_is_what_the_kernel_makes() {
    let shown = image::open(NORMALIZED).unwrap().into_luma8();
    assert!(shown == normalized_digits());
}

/// Not a test of anything: makes that picture.
#[test]
#[ignore = "writes docs/normalized.png"]
fn picture_of_normalized_digits() {
    normalized_digits().save(NORMALIZED).unwrap();
}
