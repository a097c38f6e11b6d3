//! Contact sheets: many images of one size in one PNG picture, which the page embeds once and
//! shows in pieces.

use std::fmt::Display;

use anyhow::Result;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use image::{ImageBuffer, PixelWithColorType};

use mnist_kernel::Size;

use crate::pictures::png::png;

/// Images in one row of a sheet.
const COLUMNS: usize = 32;

/// Images of one size in one picture.
pub struct Sheet {
    /// The width of the picture in pixels.
    pub width: usize,
    /// The height of the picture in pixels.
    pub height: usize,
    /// Of an image.
    size: Size,
    /// The `data:` address of the picture, which is a PNG file.
    pub address: String,
}

impl Sheet {
    /// A sheet of images, each `[height, width]`. `colour` is asked for each of their pixels; where
    /// no image is, the sheet is black or transparent.
    pub fn new<T, P>(
        images: &[impl AsRef<[T]>],
        size: Size,
        colour: impl Fn(&T) -> P,
    ) -> Result<Self>
    where
        P: PixelWithColorType<Subpixel = u8>,
    {
        let columns = images.len().clamp(1, COLUMNS);
        let width = columns * size.width;
        let height = images.len().div_ceil(columns).max(1) * size.height;
        let mut picture = ImageBuffer::new(width as u32, height as u32);
        for (x, y, pixel) in picture.enumerate_pixels_mut() {
            let (x, y) = (x as usize, y as usize);
            if let Some(image) = images.get(y / size.height * columns + x / size.width) {
                *pixel = colour(&image.as_ref()[y % size.height * size.width + x % size.width]);
            }
        }
        let png = BASE64_STANDARD.encode(png(&picture)?);
        Ok(Self {
            width,
            height,
            size,
            address: format!("data:image/png;base64,{png}"),
        })
    }

    /// Where an image is: left, top, width and height, as an SVG `viewBox` has it.
    pub fn view_box(&self, image: &usize) -> impl Display {
        let columns = self.width / self.size.width;
        let left = image % columns * self.size.width;
        let top = image / columns * self.size.height;
        format!("{left} {top} {} {}", self.size.width, self.size.height)
    }
}

#[cfg(test)]
mod tests {
    use image::Luma;

    use super::*;

    #[test]
    fn each_image_is_where_its_view_box_says() {
        let (height, width) = (2, 3);
        let size = Size { height, width };
        let pixels: Vec<u8> = (1..=240).collect();
        let images: Vec<&[u8]> = pixels.chunks_exact(6).collect();
        let sheet = Sheet::new(&images, size, |&pixel| Luma([pixel])).unwrap();
        assert_eq!((sheet.height, sheet.width), (4, 96));
        let (_, png) = sheet.address.split_once(',').unwrap();
        let png = image::load_from_memory(&BASE64_STANDARD.decode(png).unwrap()).unwrap();
        let png = png.into_luma8();
        for image in 0..40 {
            let place = sheet.view_box(&image).to_string();
            let place: Vec<u32> = place.split(' ').map(|side| side.parse().unwrap()).collect();
            assert_eq!(place[2..], [3, 2]);
            let first = png.get_pixel(place[0], place[1]);
            let last = png.get_pixel(place[0] + 2, place[1] + 1);
            let expected = (6 * image) as u8 + 1;
            assert_eq!([first.0, last.0], [[expected], [expected + 5]]);
        }
        assert_eq!(png.get_pixel(95, 3).0, [0], "no image is there");
    }
}
