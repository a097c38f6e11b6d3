//! A digit as MNIST's own were made of NIST's (LeCun, Bottou, Bengio, Haffner 1998, section III.A):
//! it is scaled so that its larger side is 20 pixels, and put into 28 × 28 with its centre of mass
//! in the middle.
//!
//! The script of the report's page takes the same steps.

use anyhow::{Result, ensure};
use image::GrayImage;
use image::imageops::crop_imm;
use mnist_kernel::{Ink, Size, normalize};

use super::decode::resize;

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

/// Where there is less ink than this, of 255, the digit does not begin: at a soft edge, or in what
/// JPEG leaves around edges.
const TRACE: u8 = 64;

/// The ink of a digit, 0 for paper and 255 for ink, as an image `[28, 28]` like MNIST's.
///
/// # Errors
///
/// There is no ink.
pub fn prepare(ink: &GrayImage) -> Result<Vec<u8>> {
    let digit = cut_out(ink)?;
    let larger = digit.width().max(digit.height());
    let scaled = |side: u32| ((2 * DIGIT * side + larger) / (2 * larger)).max(1);
    let (height, width) = (scaled(digit.height()), scaled(digit.width()));
    let (height, width) = (height as usize, width as usize);
    let mut pixels = resize(&digit, Size { height, width });
    let brightest = pixels.iter().copied().max().unwrap_or(0).max(1);
    for pixel in &mut pixels {
        *pixel = share(*pixel, brightest);
    }
    Ok(centred(&pixels, width))
}

/// The ink of a digit as an image of this size that is normalized as MNIST's images are: prepared
/// as they were first, for then its strokes are as soft as theirs.
///
/// # Errors
///
/// Those of [`prepare`].
pub fn normalized(ink: &GrayImage, size: Size) -> Result<Vec<u8>> {
    Ok(normalize(&prepare(ink)?, SIZE, Ink::Light, size)?)
}

/// A part of a whole in 255ths, rounded.
fn share(part: u8, whole: u8) -> u8 {
    let (part, whole) = (u32::from(part), u32::from(whole));
    ((2 * 255 * part + whole) / (2 * whole)) as u8
}

/// The smallest part of a picture that holds all of its ink.
fn cut_out(ink: &GrayImage) -> Result<GrayImage> {
    let (mut left, mut top, mut right, mut bottom) = (u32::MAX, u32::MAX, 0, 0);
    for (x, y, pixel) in ink.enumerate_pixels() {
        if pixel.0[0] >= TRACE {
            (left, right) = (left.min(x), right.max(x));
            (top, bottom) = (top.min(y), bottom.max(y));
        }
    }
    ensure!(left <= right, "there is no ink");
    Ok(crop_imm(ink, left, top, right - left + 1, bottom - top + 1).to_image())
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
