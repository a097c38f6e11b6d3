//! Digits as a pen leaves them: MNIST's test digits, and the strokes that were drawn for the page.

use std::sync::LazyLock;

use image::imageops::{FilterType, resize};
use image::{GrayImage, Luma};
use mnist_idx::{Dataset, Split};
use serde::Deserialize;

use crate::program::DATA;

/// The side of a glyph in pixels.
const SIDE: u32 = 224;

/// Numbers that are the same for the same seed (SplitMix64).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed(self.0)
    }

    /// A whole number below an end.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// A number between two.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A direction, as a point of the unit circle.
    pub fn direction(&mut self) -> [f64; 2] {
        let (sin, cos) = self.between(0.0, std::f64::consts::TAU).sin_cos();
        [cos, sin]
    }
}

/// Mixes the bits of a number.
pub fn mixed(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// MNIST's test set.
pub static TEST: LazyLock<Dataset> = LazyLock::new(|| Dataset::read(DATA, Split::Test).unwrap());

/// A drawing: strokes of points on a field of 280 × 280.
#[derive(Deserialize)]
struct Drawing {
    digit: u8,
    strokes: Vec<Vec<[f64; 2]>>,
}

static DRAWINGS: LazyLock<Vec<Drawing>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../report_browser/drawings.json")).unwrap()
});

/// The ink of a digit, cut out, 255 where it covers all.
pub struct Glyph {
    pub digit: u8,
    pub ink: GrayImage,
}

impl Glyph {
    /// A test digit with crisp edges.
    pub fn of_mnist(index: usize) -> Self {
        let digit = GrayImage::from_raw(28, 28, TEST.image(index).unwrap().to_vec()).unwrap();
        let mut ink = resize(&digit, SIDE, SIDE, FilterType::CatmullRom);
        for Luma([grey]) in ink.pixels_mut() {
            *grey = ((f64::from(*grey) - 110.0) * 4.0 + 127.5).clamp(0.0, 255.0) as u8;
        }
        Self::cut_out(TEST.labels()[index], ink)
    }

    /// A drawing by a pen whose width is a part of the digit's size.
    pub fn drawn(index: usize, pen: f64) -> Self {
        let drawing = &DRAWINGS[index % DRAWINGS.len()];
        let points = || drawing.strokes.iter().flatten();
        let range = |axis: usize| {
            let places = points().map(|point| point[axis]);
            let (low, high) = (
                places.clone().fold(f64::MAX, f64::min),
                places.fold(0.0, f64::max),
            );
            (low, high - low)
        };
        let ((left, width), (top, height)) = (range(0), range(1));
        let scale = 0.75 * f64::from(SIDE) / width.max(height);
        let radius = pen * 0.375 * f64::from(SIDE);
        let place = |&[x, y]: &[f64; 2]| [(x - left) * scale + 28.0, (y - top) * scale + 28.0];
        let mut ink = GrayImage::new(SIDE, SIDE);
        for stroke in &drawing.strokes {
            for (from, to) in stroke.iter().zip(stroke.iter().skip(1)) {
                let (from, to) = (place(from), place(to));
                let reach = |a: f64, b: f64| {
                    let end = SIDE as f64 - 1.0;
                    let low = (a.min(b) - radius - 1.0).clamp(0.0, end) as u32;
                    low..=(a.max(b) + radius + 1.0).clamp(0.0, end) as u32
                };
                for y in reach(from[1], to[1]) {
                    for x in reach(from[0], to[0]) {
                        let far = distance([f64::from(x), f64::from(y)], from, to);
                        let covered = (radius + 0.5 - far).clamp(0.0, 1.0);
                        let Luma([grey]) = ink.get_pixel_mut(x, y);
                        *grey = (*grey).max((255.0 * covered) as u8);
                    }
                }
            }
        }
        Self::cut_out(drawing.digit, ink)
    }

    fn cut_out(digit: u8, ink: GrayImage) -> Self {
        let inked = ink.enumerate_pixels().filter(|(.., grey)| grey.0[0] > 0);
        let (mut left, mut top, mut right, mut bottom) = (SIDE, SIDE, 0, 0);
        for (x, y, _) in inked {
            (left, right) = (left.min(x), right.max(x + 1));
            (top, bottom) = (top.min(y), bottom.max(y + 1));
        }
        let ink = image::imageops::crop_imm(&ink, left, top, right - left, bottom - top).to_image();
        Self { digit, ink }
    }

    /// How much ink there is at a place, in the digit's heights from its middle.
    pub fn at(&self, x: f64, y: f64) -> f64 {
        let (width, height) = (f64::from(self.ink.width()), f64::from(self.ink.height()));
        let (x, y) = (
            width / 2.0 + x * height - 0.5,
            height / 2.0 + y * height - 0.5,
        );
        let (left, top) = (x.floor(), y.floor());
        let grey = |x: f64, y: f64| match x < 0.0 || y < 0.0 || x >= width || y >= height {
            true => 0.0,
            false => f64::from(self.ink.get_pixel(x as u32, y as u32).0[0]),
        };
        let row = |y: f64| {
            let right = x - left;
            grey(left, y) * (1.0 - right) + grey(left + 1.0, y) * right
        };
        let down = y - top;
        (row(top) * (1.0 - down) + row(top + 1.0) * down) / 255.0
    }
}

/// The distance of a point from a line between two points.
fn distance([x, y]: [f64; 2], from: [f64; 2], to: [f64; 2]) -> f64 {
    let [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    let along = ((x - from[0]) * dx + (y - from[1]) * dy) / (dx * dx + dy * dy).max(1e-9);
    let along = along.clamp(0.0, 1.0);
    (x - from[0] - along * dx).hypot(y - from[1] - along * dy)
}
