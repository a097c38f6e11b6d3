//! A picture of a digit as MNIST's own were made of NIST's (LeCun, Bottou, Bengio, Haffner 1998,
//! section III.A): the digit is cut out and scaled so that its larger side is 20 pixels, and put
//! into 28 × 28 with its centre of mass in the middle.
//!
//! The script of the report's page takes the same steps.

use std::array;

use anyhow::{Result, ensure};
use image::imageops::crop_imm;
use image::{GrayImage, Luma};
use mnist_kernel::{Ink, Size, normalize};

use super::decode::{extremes, resize};

/// The height and width of the image.
const SIDE: usize = 28;

/// The size of the image. Pictures are prepared for networks of this size only.
pub const SIZE: Size = Size {
    height: SIDE,
    width: SIDE,
};

/// The larger side of the digit in it.
const DIGIT: u32 = 20;

/// Where the centre of mass is put, counting pixels from 0: in every image of MNIST it lies in
/// 13.5…14.5.
const CENTRE: i64 = 14;

/// Less ink than this, of 255, is paper: grain, shadows, and what JPEG leaves around edges.
const TRACE: u8 = 64;

/// A picture of a digit, dark on light or light on dark, as an image `[28, 28]` like MNIST's: 0 is
/// paper, 255 is ink.
///
/// # Errors
///
/// If the picture is of one colour, or its digit too thin to be left at this size.
pub fn prepare(picture: &GrayImage) -> Result<Vec<u8>> {
    let digit = cut_out(&ink(picture)?);
    let larger = digit.width().max(digit.height());
    let scaled = |side: u32| ((2 * DIGIT * side + larger) / (2 * larger)).max(1);
    let (height, width) = (scaled(digit.height()), scaled(digit.width()));
    let (height, width) = (height as usize, width as usize);
    let mut pixels = resize(&digit, Size { height, width });
    let brightest = pixels.iter().copied().max().unwrap_or(0);
    ensure!(
        brightest > 0,
        "what is in it is too thin for its size: nothing is left of it at 20 × 20 pixels"
    );
    for pixel in &mut pixels {
        *pixel = share(*pixel, brightest);
    }
    Ok(centred(&pixels, width))
}

/// A picture of a digit, dark on light or light on dark, as an image of this size that is normalized
/// as MNIST's images are: prepared as they were first, for then its strokes are as soft as theirs.
///
/// # Errors
///
/// Those of [`prepare`].
pub fn normalized(picture: &GrayImage, size: Size) -> Result<Vec<u8>> {
    Ok(normalize(&prepare(picture)?, SIZE, Ink::Light, size)?)
}

/// How much ink there is at each pixel, 0 to 255. What the border is made of is paper, and what
/// differs most from it is ink, whichever of them is darker.
fn ink(picture: &GrayImage) -> Result<GrayImage> {
    let (darkest, lightest) = extremes(picture)?;
    let paper = median_of_border(picture);
    let (dark, light) = (paper - darkest, lightest - paper);
    let contrast = dark.max(light);
    let of_grey: [u8; 256] = array::from_fn(|grey| {
        let grey = grey as u8;
        let difference = match dark >= light {
            true => paper.saturating_sub(grey),
            false => grey.saturating_sub(paper),
        };
        match share(difference.min(contrast), contrast) {
            ink if ink < TRACE => 0,
            ink => ink,
        }
    });
    let mut ink = picture.clone();
    for Luma([pixel]) in ink.pixels_mut() {
        *pixel = of_grey[usize::from(*pixel)];
    }
    Ok(ink)
}

/// A part of a whole in 255ths, rounded.
fn share(part: u8, whole: u8) -> u8 {
    let (part, whole) = (u32::from(part), u32::from(whole));
    ((2 * 255 * part + whole) / (2 * whole)) as u8
}

fn median_of_border(picture: &GrayImage) -> u8 {
    let (right, bottom) = (picture.width() - 1, picture.height() - 1);
    let rows = (0..=right).flat_map(|x| [(x, 0), (x, bottom)]);
    let columns = (0..=bottom).flat_map(|y| [(0, y), (right, y)]);
    let border = rows.chain(columns);
    let mut greys: Vec<u8> = border.map(|(x, y)| picture.get_pixel(x, y).0[0]).collect();
    let middle = greys.len() / 2;
    *greys.select_nth_unstable(middle).1
}

/// The smallest part of a picture that holds all of its ink.
fn cut_out(ink: &GrayImage) -> GrayImage {
    let (mut left, mut top, mut right, mut bottom) = (u32::MAX, u32::MAX, 0, 0);
    for (x, y, pixel) in ink.enumerate_pixels() {
        if pixel.0[0] > 0 {
            (left, right) = (left.min(x), right.max(x));
            (top, bottom) = (top.min(y), bottom.max(y));
        }
    }
    crop_imm(ink, left, top, right - left + 1, bottom - top + 1).to_image()
}

/// An image `[28, 28]` with these pixels, `[height, width]`, and their centre of mass at
/// [`CENTRE`], as near as whole pixels allow.
fn centred(pixels: &[u8], width: usize) -> Vec<u8> {
    let (mut mass, mut mass_x, mut mass_y) = (0, 0, 0);
    for (at, &pixel) in pixels.iter().enumerate() {
        let pixel = i64::from(pixel);
        mass += pixel;
        mass_x += pixel * (at % width) as i64;
        mass_y += pixel * (at / width) as i64;
    }
    let place = |moment: i64, side: usize| {
        let nearest = (2 * (CENTRE * mass - moment) + mass).div_euclid(2 * mass);
        nearest.clamp(0, (SIDE - side) as i64) as usize
    };
    let (left, top) = (place(mass_x, width), place(mass_y, pixels.len() / width));
    let mut image = vec![0; SIDE * SIDE];
    for (y, row) in pixels.chunks_exact(width).enumerate() {
        image[(top + y) * SIDE + left..][..width].copy_from_slice(row);
    }
    image
}

#[cfg(test)]
mod tests;
