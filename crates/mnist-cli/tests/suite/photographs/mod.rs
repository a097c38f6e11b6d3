//! What `predict` reads in photographs, in pictures with faults and in pictures of several digits,
//! and what it refuses. All pictures are generated.

pub mod glyph;
mod kinds;
mod scene;

use std::sync::LazyLock;

use image::imageops::{FilterType, invert, replace, resize};
use image::{GrayImage, Luma};
use rayon::prelude::*;
use tempfile::TempDir;

use crate::program::{file_in, read_folder, text};
use glyph::{Glyph, Random, TEST};
use kinds::KINDS;
use scene::{Rules, Scene, Shadow};

/// A folder with `model`, the network of `--best`.
static FOLDER: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    text(&["train", "--best", "--save", &file_in(&folder, "model")]);
    folder
});

/// What `predict` reads in pictures; nothing where it refuses one.
fn read(count: usize, picture: impl Fn(usize) -> GrayImage + Sync) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    (0..count).into_par_iter().for_each(|index| {
        let path = folder.path().join(format!("{index:05}.pgm"));
        picture(index).save(path).unwrap();
    });
    let texts = read_folder(&file_in(&FOLDER, "model"), folder.path());
    (0..count)
        .map(|index| texts.get(&index).cloned().unwrap_or_default())
        .collect()
}

/// A test digit ten times enlarged, dark on white.
fn enlarged(index: usize) -> GrayImage {
    let digit = GrayImage::from_raw(28, 28, TEST.image(index).unwrap().to_vec()).unwrap();
    let mut picture = resize(&digit, 280, 280, FilterType::CatmullRom);
    invert(&mut picture);
    picture
}

fn label(index: usize) -> String {
    TEST.labels()[index].to_string()
}

#[test]
fn digits_in_photographs_of_twenty_kinds_are_read() {
    const EACH: usize = 10;
    let scenes = |at: usize| kinds::scene(at / EACH, at % EACH);
    let texts = read(KINDS.len() * EACH, |at| {
        let (_, scene, mut random) = scenes(at);
        scene.draw(&mut random)
    });
    let is_right = |at: usize| texts[at] == scenes(at).0.to_string();
    let mut all = 0;
    for (kind, (name, ..)) in KINDS.iter().enumerate() {
        let right = (0..EACH)
            .filter(|number| is_right(kind * EACH + number))
            .count();
        println!("{name}: {right} of {EACH}");
        assert!(right * 100 >= EACH * 80, "{name}: {right} of {EACH}");
        all += right;
    }
    assert!(all * 100 >= texts.len() * 93, "{all} of {}", texts.len());
}

/// Changes a picture.
type Fault = fn(GrayImage, &mut Random) -> GrayImage;

/// What may be wrong with a picture.
const FAULTS: [(&str, Fault); 9] = [
    ("a speck", |picture, random| specks(picture, 1, random)),
    ("5 specks", |picture, random| specks(picture, 5, random)),
    ("20 specks", |picture, random| specks(picture, 20, random)),
    ("shade", |picture, random| {
        let side = random.below(4);
        each(picture, |x, y, grey| {
            grey * (1.0 - 0.6 * [x, 1.0 - x, y, 1.0 - y][side])
        })
    }),
    ("vignette", |picture, _| {
        each(picture, |x, y, grey| {
            grey * (1.0 - 0.7 * ((2.0 * x - 1.0).powi(2) + (2.0 * y - 1.0).powi(2)) / 2.0)
        })
    }),
    ("grain", grainy),
    ("a frame of 4 pixels", |picture, _| framed(picture, 4)),
    ("a frame of 10 pixels", |picture, _| framed(picture, 10)),
    ("rules", |picture, random| ruled(picture, random)),
];

/// Changes each pixel by its place in parts of the sides and its grey.
fn each(mut picture: GrayImage, mut change: impl FnMut(f64, f64, f64) -> f64) -> GrayImage {
    let [width, height] = [picture.width(), picture.height()].map(f64::from);
    for (x, y, Luma([pixel])) in picture.enumerate_pixels_mut() {
        let grey = change(
            f64::from(x) / width,
            f64::from(y) / height,
            f64::from(*pixel),
        );
        *pixel = (grey + 0.5).clamp(0.0, 255.0) as u8;
    }
    picture
}

fn specks(mut picture: GrayImage, count: usize, random: &mut Random) -> GrayImage {
    let (width, height) = picture.dimensions();
    for _ in 0..count {
        let (left, top) = (
            random.below(width as usize) as i64,
            random.below(height as usize) as i64,
        );
        let radius = 1 + random.below(4) as i64;
        for y in top - radius..=top + radius {
            for x in left - radius..=left + radius {
                let is_near = (x - left).pow(2) + (y - top).pow(2) <= radius.pow(2);
                if let (true, Some(pixel)) =
                    (is_near, picture.get_pixel_mut_checked(x as u32, y as u32))
                {
                    *pixel = Luma([0]);
                }
            }
        }
    }
    picture
}

fn grainy(picture: GrayImage, random: &mut Random) -> GrayImage {
    each(picture, |_, _, grey| {
        let ones = random.next().count_ones();
        grey + 15.0 * (f64::from(ones) - 32.0) / 4.0
    })
}

fn framed(mut picture: GrayImage, thickness: u32) -> GrayImage {
    let (width, height) = picture.dimensions();
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        if x.min(y) < thickness || x >= width - thickness || y >= height - thickness {
            *pixel = Luma([0]);
        }
    }
    picture
}

fn ruled(mut picture: GrayImage, random: &mut Random) -> GrayImage {
    let (first, grey) = (random.below(60) as u32, random.below(130) as u8);
    for (_, y, Luma([pixel])) in picture.enumerate_pixels_mut() {
        if (y + first) % 60 < 2 {
            *pixel = grey.min(*pixel);
        }
    }
    picture
}

/// What is often written or printed around a digit.
const AROUND: [(&str, Fault); 5] = [
    ("a box", |picture, random| {
        let inset = 10.0 + random.below(40) as f64;
        around(picture, |x, y| {
            let depth = [x, y, 400.0 - x, 400.0 - y]
                .into_iter()
                .fold(400.0, f64::min);
            (inset..inset + 4.0).contains(&depth)
        })
    }),
    ("a circle", |picture, random| {
        let radius = 165.0 + random.below(30) as f64;
        around(picture, |x, y| {
            ((x - 200.0).hypot(y - 200.0) - radius).abs() < 2.0
        })
    }),
    ("two cells", |picture, _| {
        around(picture, |x, y| {
            let is_side = [30.0, 330.0, 380.0]
                .iter()
                .any(|side| (x - side).abs() < 2.0);
            let is_end = [30.0, 370.0].iter().any(|end| (y - end).abs() < 2.0);
            is_side && (30.0..370.0).contains(&y) || is_end && (30.0..380.0).contains(&x)
        })
    }),
    ("a line under it", |picture, random| {
        let left = 40.0 + random.below(60) as f64;
        around(picture, |x, y| {
            (left..360.0).contains(&x) && (345.0..351.0).contains(&y)
        })
    }),
    ("a full stop", |picture, random| {
        let left = 330.0 + random.below(40) as f64;
        around(picture, |x, y| (x - left).hypot(y - 300.0) < 8.0)
    }),
];

#[test]
fn a_scratch_inside_a_0_leaves_it_a_0() {
    let zeros: Vec<usize> = (0..300).filter(|&index| label(index) == "0").collect();
    let texts = read(zeros.len(), |at| {
        let scratch = |x: f64, y: f64| (x - 200.0).abs() < 2.0 && (y - 200.0).abs() < 15.0;
        around(enlarged(zeros[at]), scratch)
    });
    let right = texts.iter().filter(|&text| text == "0").count();
    println!("{right} of {}", zeros.len());
    assert!(
        right * 100 >= zeros.len() * 90,
        "{right} of {}",
        zeros.len()
    );
}

/// A picture on paper of 400 × 400 pixels, with what else is ink on it.
fn around(picture: GrayImage, is_ink: impl Fn(f64, f64) -> bool) -> GrayImage {
    let mut paper = GrayImage::from_pixel(400, 400, Luma([255]));
    replace(&mut paper, &picture, 60, 60);
    for (x, y, pixel) in paper.enumerate_pixels_mut() {
        if is_ink(x.into(), y.into()) {
            *pixel = Luma([30]);
        }
    }
    paper
}

#[test]
fn digits_with_specks_shade_grain_and_other_ink_around_them_are_read() {
    const EACH: usize = 80;
    let faults = [&FAULTS[..], &AROUND].concat();
    let texts = read(faults.len() * EACH, |at| {
        let (fault, index) = (faults[at / EACH].1, at % EACH);
        fault(enlarged(index), &mut Random(at as u64))
    });
    for ((fault, _), texts) in faults.iter().zip(texts.chunks(EACH)) {
        let right = (0..EACH)
            .filter(|&index| texts[index] == label(index))
            .count();
        println!("{fault}: {right} of {EACH}");
        assert!(right * 100 >= EACH * 95, "{fault}: {right} of {EACH}");
    }
}

#[test]
fn blank_paper_grain_frames_and_lines_alone_are_refused() {
    let mut empty: Vec<(String, GrayImage)> = Vec::new();
    for grey in [0, 128, 230, 255] {
        let blank = || GrayImage::from_pixel(400, 300, Luma([grey]));
        empty.push((format!("blank {grey}"), blank()));
        for (fault, make) in FAULTS.iter().filter(|(fault, _)| !fault.contains("frame")) {
            let picture = make(blank(), &mut Random(grey.into()));
            empty.push((format!("{fault} on {grey}"), picture));
        }
    }
    let hatching = GrayImage::from_fn(1200, 1200, |x, y| {
        Luma([if x % 2 == 0 && y % 35 < 32 { 0 } else { 255 }])
    });
    empty.push(("hatching".to_owned(), hatching));
    for thickness in [1, 4, 10, 40] {
        let blank = GrayImage::from_pixel(400, 300, Luma([255]));
        empty.push((format!("a frame of {thickness}"), framed(blank, thickness)));
    }
    for (kind, (name, ..)) in KINDS
        .iter()
        .enumerate()
        .filter(|(_, kind)| kind.0 != "dirty")
    {
        let (_, mut scene, mut random) = kinds::scene(kind, 0);
        scene.glyph = None;
        empty.push((format!("empty {name}"), scene.draw(&mut random)));
    }
    let texts = read(empty.len(), |at| empty[at].1.clone());
    let read: Vec<_> = empty
        .iter()
        .zip(&texts)
        .filter(|(_, text)| !text.is_empty())
        .collect();
    let read: Vec<_> = read.iter().map(|((name, _), text)| (name, text)).collect();
    assert!(read.is_empty(), "{read:?}");
}

/// Digits in lines of so many, each line `height` apart, with gaps of 20 to 60 pixels.
fn sheet(indices: &[usize], columns: usize, random: &mut Random) -> GrayImage {
    let rows = indices.len().div_ceil(columns) as u32;
    let mut picture =
        GrayImage::from_pixel(columns as u32 * 280 + 100, rows * 280 + 100, Luma([255]));
    for (row, indices) in (0..).zip(indices.chunks(columns)) {
        let mut left = 50;
        for &index in indices {
            let digit = enlarged(index);
            let is_inked = |&x: &u32| (0..280).any(|y| digit.get_pixel(x, y).0[0] < 128);
            let (first, last) = ((0..280).find(is_inked), (0..280).rev().find(is_inked));
            let (first, last) = (first.unwrap(), last.unwrap());
            let inked =
                image::imageops::crop_imm(&digit, first, 0, last - first + 1, 280).to_image();
            replace(
                &mut picture,
                &inked,
                left,
                50 + 280 * row + random.below(20) as i64,
            );
            left += i64::from(inked.width()) + 20 + random.below(41) as i64;
        }
    }
    picture
}

#[test]
fn strings_of_digits_are_read_if_each_digit_is() {
    let alone = read(200, enlarged);
    let readable: Vec<usize> = (0..200)
        .filter(|&index| alone[index] == label(index))
        .collect();
    let on_paper = |picture, _: &mut Random| picture;
    let sheets: [(usize, usize, Fault); 7] = [
        (2, 2, on_paper),
        (3, 3, on_paper),
        (5, 5, on_paper),
        (10, 10, on_paper),
        (10, 5, on_paper),
        (3, 3, on_table),
        (10, 5, on_table),
    ];
    for (length, columns, lie) in sheets {
        const EACH: usize = 20;
        let indices = |number: usize| {
            let mut random = Random((number * 100 + length) as u64);
            let mut index = || readable[random.below(readable.len())];
            (0..length).map(|_| index()).collect::<Vec<_>>()
        };
        let texts = read(EACH, |number| {
            let mut random = Random(number as u64);
            let picture = sheet(&indices(number), columns, &mut random);
            lie(picture, &mut random)
        });
        let is_right = |&number: &usize| {
            let labels = indices(number).into_iter().map(label);
            texts[number] == labels.collect::<String>()
        };
        let right = (0..EACH).filter(is_right).count();
        println!("{length} in lines of {columns}: {right} of {EACH}");
        assert!(
            right * 100 >= EACH * 90,
            "{length} in lines of {columns}: {right} of {EACH}"
        );
    }
}

/// A sheet on a dark table.
fn on_table(sheet: GrayImage, random: &mut Random) -> GrayImage {
    let (width, height) = sheet.dimensions();
    let margin = width / 8;
    let mut picture = GrayImage::from_pixel(width + 2 * margin, height + 2 * margin, Luma([60]));
    replace(&mut picture, &sheet, margin.into(), margin.into());
    grainy(picture, random)
}

const PHOTOGRAPH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/photograph.png");
const SEEN: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../docs/photograph-seen.png"
);

/// The generated photograph of the README.
fn photograph() -> GrayImage {
    let scene = Scene {
        size: [480, 360],
        glyph: Some(Glyph::drawn(60, 0.06)),
        centre: [225.0, 170.0],
        height: 190.0,
        mottled: 4.0,
        rules: Some(Rules {
            spacing: 36.0,
            width: 2.0,
            grey: 150.0,
            squared: true,
        }),
        turned: 0.07,
        perspective: 0.15,
        shade: 0.8,
        shadow: Some(Shadow {
            direction: [0.8, 0.6],
            offset: 0.05,
            penumbra: 30.0,
            light: 0.5,
        }),
        grain: 5.0,
        ..kinds::clean(215.0, 50.0)
    };
    scene.draw(&mut Random(1))
}

/// What the network sees of it, as large.
fn seen_of_photograph() -> GrayImage {
    let folder = tempfile::tempdir().unwrap();
    let [picture, saved] = ["it.png", "saved"].map(|name| file_in(&folder, name));
    photograph().save(&picture).unwrap();
    let model = file_in(&FOLDER, "model");
    text(&[
        "predict",
        "--model",
        &model,
        "--save-prepared",
        &saved,
        &picture,
    ]);
    let seen = image::open(format!("{saved}/it-1.png"))
        .unwrap()
        .into_luma8();
    resize(&seen, 364, 364, FilterType::Nearest)
}

#[test]
fn the_photograph_of_the_readme_and_what_is_seen_of_it_are_as_they_are_made() {
    let shown = |path: &str| image::open(path).unwrap().into_luma8();
    assert!(shown(PHOTOGRAPH) == photograph());
    assert!(shown(SEEN) == seen_of_photograph());
}

/// Not a test of anything: makes these pictures.
#[test]
#[ignore = "writes docs/photograph.png and docs/photograph-seen.png"]
fn pictures_of_a_photograph() {
    photograph().save(PHOTOGRAPH).unwrap();
    seen_of_photograph().save(SEEN).unwrap();
}
