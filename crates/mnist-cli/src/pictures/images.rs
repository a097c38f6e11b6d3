//! Pictures made like the images that a network was trained on. MNIST's own were made of NIST's (LeCun,
//! Bottou, Bengio, Haffner 1998, section III.A): a digit is scaled so that its larger side is 20
//! pixels, and put into 28 × 28 with its centre of mass in the middle.
//!
//! The script of the report's page brings drawings to the same form (`ink.js`).

use anyhow::{Context, Result};
use image::GrayImage;
use image::imageops::crop_imm;
use mnist_kernel::{Ink, Size, normalize};

use super::decode::{Gray16, of_8_bits, picture_size, resize};
use crate::data::{Centre, Form, MNIST_SIZE, Preparation, border_median, bounds, moments};

/// Where there is less ink than this, of 255, the digit does not begin: at a soft edge, or in what
/// JPEG leaves around edges.
const TRACE: u8 = 64;

/// The ink of a digit, 0 for paper and 255 for ink, as an image of this size like MNIST's.
///
/// # Errors
///
/// There is no ink.
pub fn prepare(ink: &GrayImage, size: Size) -> Result<Vec<u8>> {
    image_of(ink, Preparation::light(Form::mnist(size)), size)
}

/// The ink of a digit, 0 for paper and 255 for ink, as an image for a network of this preparation
/// and size.
///
/// # Errors
///
/// There is no ink.
pub fn image_of(ink: &GrayImage, preparation: Preparation, size: Size) -> Result<Vec<u8>> {
    let shares = match preparation.form {
        // As MNIST's first, for then its strokes are as soft as theirs.
        Form::Normalized { .. } => normalize(
            &placed(ink, Form::mnist(MNIST_SIZE), MNIST_SIZE)?,
            MNIST_SIZE,
            Ink::Light,
            size,
        )?,
        form => placed(ink, form, size)?,
    };
    let level = |share| {
        let difference = share_of(share, preparation.contrast());
        match (preparation.normalized(), preparation.dark_ink()) {
            (true, _) => difference,
            (false, true) => preparation.paper - difference,
            (false, false) => preparation.paper + difference,
        }
    };
    Ok(shares.into_iter().map(level).collect())
}

/// A picture's own pixels as an image for the network, if it looks like the images that the network
/// was trained on.
///
/// # Errors
///
/// The normalization fails.
pub fn own(picture: &Gray16, preparation: Preparation, size: Size) -> Result<Option<Vec<u8>>> {
    if picture_size(picture) != size {
        return Ok(None);
    }
    let mut pixels = of_8_bits(picture).into_raw();
    if !preparation.is_of(&pixels, size) {
        return Ok(None);
    }
    if preparation.normalized() {
        erase_spots(&mut pixels, preparation, size);
    }
    preparation.seen(pixels, size).map(Some)
}

/// Takes away what JPEG leaves beside strokes: it would count in the moments. It is known by its faint
/// spots. Other edges fade evenly, and have none.
fn erase_spots(pixels: &mut [u8], preparation: Preparation, size: Size) {
    let darkness = pixels.iter().map(|&pixel| preparation.darkness(pixel));
    let darkness: Vec<u8> = darkness.collect();
    let is_faint = |darkness: u8| (1..=preparation.contrast() / 16).contains(&darkness);
    let is_spot = |&at: &usize| {
        let at_most = |other: Option<usize>| {
            other.and_then(|other| darkness.get(other)) <= Some(&darkness[at])
        };
        let beside = |step: usize| at_most(at.checked_sub(step)) && at_most(Some(at + step));
        is_faint(darkness[at]) && beside(1) && beside(size.width)
    };
    let spots = (0..darkness.len()).filter(is_spot).count();
    if 100 * spots >= darkness.len() {
        for (pixel, darkness) in pixels.iter_mut().zip(darkness) {
            if is_faint(darkness) {
                *pixel = preparation.paper;
            }
        }
    }
}

/// All of the ink of a picture on plain paper, 0 for paper and 255 for ink: for digits that are
/// stretched. Some of them are no longer shaped as digits, and how wide they are stretched depends on
/// their faintest edges.
pub fn plain_ink(picture: &GrayImage) -> Option<GrayImage> {
    let paper = border_median(picture.as_raw(), picture_size(picture));
    let differences = || picture.iter().map(|grey| grey.abs_diff(paper));
    let contrast = differences().max()?;
    let plain = differences().filter(|&difference| difference == 0).count();
    if contrast < TRACE || 2 * plain < picture.len() {
        return None;
    }
    let mut ink = picture.clone();
    for grey in ink.iter_mut() {
        *grey = share(grey.abs_diff(paper), contrast);
    }
    Some(ink)
}

/// A whole picture in the size, the polarity and the range of the network's images.
pub fn whole(picture: &GrayImage, preparation: Preparation, size: Size) -> Vec<u8> {
    let plain = preparation.form != Form::Resized { plain: false };
    // Paper is what the border is made of.
    let dark_ink = border_median(picture.as_raw(), picture_size(picture)) >= 128;
    let inverted = plain && dark_ink != preparation.dark_ink();
    let least = preparation.paper.min(preparation.ink);
    let level = |grey: u8| {
        let share = if inverted { 255 - grey } else { grey };
        least + share_of(share, preparation.contrast())
    };
    resize(picture, size).into_iter().map(level).collect()
}

/// The ink of a digit, cut out and put into an image of this size: 0 for paper and 255 for ink.
fn placed(ink: &GrayImage, form: Form, image: Size) -> Result<Vec<u8>> {
    let digit = cut_out(ink)?;
    let size = match form {
        Form::Fitted { side, .. } => {
            let larger = digit.width().max(digit.height()) as usize;
            let scaled = |length: u32| (2 * side * length as usize + larger) / (2 * larger);
            [scaled(digit.height()), scaled(digit.width())]
        }
        Form::Stretched { size, .. } => size,
        Form::Normalized { .. } | Form::Resized { .. } => [image.height, image.width],
    };
    let [height, width] = [(size[0], image.height), (size[1], image.width)]
        .map(|(length, most)| length.clamp(1, most));
    let mut pixels = resize(&digit, Size { height, width });
    let brightest = pixels.iter().copied().max().unwrap_or(0).max(1);
    for pixel in &mut pixels {
        *pixel = share(*pixel, brightest);
    }
    let [top, left] = match form {
        Form::Fitted { centre, at, .. } => {
            let (mass, moments) = match centre {
                Centre::Mass => moments(&pixels, width),
                Centre::Box => (2, [height as i64 - 1, width as i64 - 1]),
            };
            // The nearest whole pixel.
            let start = |axis: usize| {
                (2 * (at[axis] * mass - 4 * moments[axis]) + 4 * mass).div_euclid(8 * mass)
            };
            [start(0), start(1)]
        }
        Form::Stretched { at, .. } => at.map(|at| at as i64),
        Form::Normalized { .. } | Form::Resized { .. } => [0, 0],
    };
    let within = |start: i64, room: usize| start.clamp(0, room as i64) as usize;
    let top = within(top, image.height - height);
    let left = within(left, image.width - width);
    let mut placed = vec![0; image.pixels()];
    for (y, row) in pixels.chunks_exact(width).enumerate() {
        placed[(top + y) * image.width + left..][..width].copy_from_slice(row);
    }
    Ok(placed)
}

/// A part of a whole in 255ths, rounded.
fn share(part: u8, whole: u8) -> u8 {
    let (part, whole) = (u32::from(part), u32::from(whole));
    ((2 * 255 * part + whole) / (2 * whole)) as u8
}

/// A share, in 255ths, of a whole, rounded.
fn share_of(share: u8, whole: u8) -> u8 {
    ((2 * u32::from(share) * u32::from(whole) + 255) / 510) as u8
}

/// The smallest part of a picture that holds all of its ink.
fn cut_out(ink: &GrayImage) -> Result<GrayImage> {
    let bounds = bounds(ink.as_raw(), ink.width() as usize, TRACE).context("there is no ink")?;
    let [[top, left], [height, width]] = bounds.map(|ends| ends.map(|length| length as u32));
    Ok(crop_imm(ink, left, top, width, height).to_image())
}

#[cfg(test)]
mod tests;
