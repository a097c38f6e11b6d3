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
    images: usize,
    /// Of an image.
    size: Size,
    /// The `data:` address of the picture, which is a PNG file.
    pub address: String,
}

impl Sheet {
    /// A sheet of so many images. `colour` is asked for each image and each of its pixels,
    /// `[height, width]`; `blank` is where no image is.
    pub fn new<P>(
        images: usize,
        size: Size,
        blank: P,
        colour: impl Fn(usize, usize) -> P,
    ) -> Result<Self>
    where
        P: PixelWithColorType<Subpixel = u8> + Copy,
    {
        let address = String::new();
        let mut sheet = Self {
            images,
            size,
            address,
        };
        let (width, height) = (sheet.width() as u32, sheet.height() as u32);
        let picture = ImageBuffer::from_fn(width, height, |x, y| {
            let (x, y) = (x as usize, y as usize);
            let image = y / size.height * sheet.columns() + x / size.width;
            let pixel = y % size.height * size.width + x % size.width;
            if image < images {
                colour(image, pixel)
            } else {
                blank
            }
        });
        let png = BASE64_STANDARD.encode(png(&picture)?);
        sheet.address = format!("data:image/png;base64,{png}");
        Ok(sheet)
    }

    fn columns(&self) -> usize {
        self.images.clamp(1, COLUMNS)
    }

    /// The width of the picture in pixels.
    pub fn width(&self) -> usize {
        self.columns() * self.size.width
    }

    /// The height of the picture in pixels.
    pub fn height(&self) -> usize {
        self.images.div_ceil(self.columns()).max(1) * self.size.height
    }

    /// Where an image is: left, top, width and height, as an SVG `viewBox` has it.
    pub fn view_box(&self, image: &usize) -> impl Display {
        let left = image % self.columns() * self.size.width;
        let top = image / self.columns() * self.size.height;
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
        let colour = |image, pixel| Luma([(6 * image + pixel) as u8 + 1]);
        let sheet = Sheet::new(40, size, Luma([0]), colour).unwrap();
        assert_eq!((sheet.height(), sheet.width()), (4, 96));
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
