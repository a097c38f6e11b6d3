//! That digits of MNIST come back from pictures of them.

use std::io::Cursor;
use std::sync::OnceLock;

use image::Luma;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use mnist_idx::{Dataset, Split};
use mnist_kernel::{Kernel, Perceptron, Shape, Training};
use rand::rngs::ChaCha8Rng;
use rand::{Rng, SeedableRng};
use rayon::prelude::*;

use super::*;
use crate::pictures::decode::read;
use crate::pictures::digits;

/// The MNIST files of the repository.
const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data");

const SIDE: usize = MNIST_SIZE.width;

/// How many test digits are made pictures of.
const DIGITS: usize = 200;

/// How many times they are enlarged.
const TIMES: u32 = 10;

#[derive(Debug, Clone, Copy)]
enum File {
    Png,
    Jpeg,
}

/// The average of one pass, and the test digits.
fn mnist() -> &'static (Perceptron, Dataset) {
    static MNIST: OnceLock<(Perceptron, Dataset)> = OnceLock::new();
    MNIST.get_or_init(|| {
        let train = Dataset::read(DATA, Split::Train).unwrap();
        let mut last = Perceptron::random(Shape::new(10, 784).unwrap(), 1);
        let mut training = Training::new(&mut last, Kernel::best()).with_average();
        training.pass(train.images(), train.labels()).unwrap();
        let network = training.average().unwrap();
        (network, Dataset::read(DATA, Split::Test).unwrap())
    })
}

/// A digit enlarged, with up to 60 % of its side of paper on each side, as the bytes of a file.
fn picture(index: usize, dark: bool, file: File) -> Vec<u8> {
    let digit = mnist().1.image(index).unwrap();
    let mut random = ChaCha8Rng::seed_from_u64(index as u64);
    let side = SIDE as u32 * TIMES;
    let mut margin = || random.next_u32() % (side * 6 / 10 + 1);
    let [left, right, top, bottom] = [margin(), margin(), margin(), margin()];
    let picture = GrayImage::from_fn(left + side + right, top + side + bottom, |x, y| {
        let inside = |at: u32, margin: u32| {
            let at = at.checked_sub(margin)?;
            (at < side).then_some((at / TIMES) as usize)
        };
        let ink = inside(x, left).zip(inside(y, top));
        let ink = ink.map_or(0, |(x, y)| digit[y * SIDE + x]);
        Luma([if dark { 255 - ink } else { ink }])
    });
    let mut bytes = Cursor::new(Vec::new());
    match file {
        File::Png => picture.write_with_encoder(PngEncoder::new(&mut bytes)),
        File::Jpeg => picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 75)),
    }
    .unwrap();
    bytes.into_inner()
}

/// How many of the digits are read right, of images made by `image`.
fn right(image: impl Fn(usize) -> Vec<u8> + Sync) -> usize {
    let (network, test) = mnist();
    let right = |&index: &usize| {
        let answer = network.predict(&image(index), Kernel::best()).unwrap();
        answer.class == test.labels()[index]
    };
    (0..DIGITS).into_par_iter().filter(right).count()
}

#[test]
fn digits_in_large_pictures_are_read_as_the_digits_within_a_point() {
    let raw = right(|index| mnist().1.image(index).unwrap().to_vec());
    for (dark, file) in [(false, File::Png), (true, File::Jpeg)] {
        let prepared = right(|index| {
            let picture = read(picture(index, dark, file).as_slice()).unwrap();
            let digit = digits::single(&picture);
            digit.map_or(vec![0; 784], |digit| {
                prepare(&digit.ink, MNIST_SIZE).unwrap()
            })
        });
        assert!(
            100 * raw.saturating_sub(prepared) <= DIGITS,
            "{prepared} are right of {raw}: {file:?}, dark: {dark}"
        );
    }
}

#[test]
fn the_larger_side_is_20_pixels_and_the_centre_of_mass_at_14() {
    // A bar of 300 × 50 pixels, standing and lying, anywhere.
    for (width, height, part) in [(50, 300, [3, 20]), (300, 50, [20, 3])] {
        let picture = GrayImage::from_fn(700, 500, |x, y| {
            let ink = (90..90 + width).contains(&x) && (110..110 + height).contains(&y);
            Luma([if ink { 255 } else { 0 }])
        });
        let image = prepare(&picture, MNIST_SIZE).unwrap();
        let rows = image
            .chunks(SIDE)
            .filter(|row| row.iter().any(|&pixel| pixel > 0));
        let columns = (0..SIDE).filter(|x| image.iter().skip(*x).step_by(SIDE).any(|&p| p > 0));
        assert_eq!([columns.count(), rows.count()], part);
        assert_eq!(image[14 * SIDE + 14], 255);
        let mean = |coordinate: fn(usize) -> usize| {
            let moment = |(at, &pixel)| coordinate(at) * usize::from(pixel);
            let moment: usize = image.iter().enumerate().map(moment).sum();
            moment as f64 / image.iter().map(|&pixel| f64::from(pixel)).sum::<f64>()
        };
        for mean in [mean(|at| at % SIDE), mean(|at| at / SIDE)] {
            assert!((13.5..=14.5).contains(&mean), "{mean}");
        }
    }
}

#[test]
fn the_smallest_digits_are_prepared_too() {
    for (width, height) in [(1, 1), (2, 1), (1, 40)] {
        let mut ink = GrayImage::new(width, height);
        ink.put_pixel(0, 0, Luma([255]));
        let image = prepare(&ink, MNIST_SIZE).unwrap();
        assert_eq!(image[14 * SIDE + 14], 255, "{width} × {height}");
    }
    let error = prepare(&GrayImage::from_pixel(9, 9, Luma([TRACE - 1])), MNIST_SIZE).unwrap_err();
    assert_eq!(error.to_string(), "there is no ink");
}
