//! Picture files, decoded, upright and grey.

use std::fs::File;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use image::imageops::{self, FilterType};
use image::{
    DynamicImage, GrayImage, ImageBuffer, ImageDecoder, ImageFormat, ImageReader, Luma, LumaA,
    Pixel,
};
use indicatif::HumanCount;
use mnist_kernel::Size;

use crate::files::list;

/// The formats that are read.
const FORMATS: [ImageFormat; 4] = [
    ImageFormat::Png,
    ImageFormat::Jpeg,
    ImageFormat::Bmp,
    ImageFormat::Pnm,
];

/// The most pixels that a picture may have: with four channels of 16 bits each they are 512 MB.
const MOST_PIXELS: u64 = 64_000_000;

/// No file of a picture is larger than its pixels.
const MOST_BYTES: u64 = 8 * MOST_PIXELS;

/// What is said of a file that can't be read.
const UNREADABLE: &str = "can't be read";

/// What is said of pictures in other formats.
pub const READ: &str = "save it as PNG, JPEG, BMP or PNM";

/// Greys that are nearer to each other than this are one colour: 1/16 of the scale.
const LEAST_CONTRAST: u16 = 1 << 12;

/// A grey picture of 16 bits. In one that had 8, all greys are multiples of 257.
pub type Gray16 = ImageBuffer<Luma<u16>, Vec<u16>>;

/// Reads a picture file.
pub fn open(path: &Path) -> Result<Gray16> {
    let file = File::open(path).context(UNREADABLE)?;
    let end = path.extension().and_then(|end| end.to_str());
    let is_heic = end.is_some_and(|end| ["heic", "heif"].contains(&&*end.to_lowercase()));
    ensure!(!is_heic, "a HEIC picture: {READ}");
    read(file)
}

/// Reads a picture to the end.
pub fn read(source: impl Read) -> Result<Gray16> {
    let mut bytes = Vec::new();
    let read = source.take(MOST_BYTES + 1).read_to_end(&mut bytes);
    read.context(UNREADABLE)?;
    ensure!(
        bytes.len() as u64 <= MOST_BYTES,
        "more than {} bytes: no picture that is read is so large",
        HumanCount(MOST_BYTES)
    );
    decode(&bytes)
}

/// The files of a folder, sorted by name: those whose names end as those of pictures, and others.
/// Hidden ones are neither.
pub fn files(folder: &Path) -> Result<[Vec<PathBuf>; 2]> {
    let files = list(folder)?.into_iter().filter(|path| path.is_file());
    let (pictures, others) = files.partition(|path| has_picture_name(path));
    Ok([pictures, others])
}

/// Whether the name of a file ends as that of a picture.
pub fn has_picture_name(path: &Path) -> bool {
    ImageFormat::from_path(path).is_ok_and(|format| FORMATS.contains(&format))
}

/// The same picture with 8 bits a pixel.
pub fn of_8_bits(picture: &Gray16) -> GrayImage {
    let (width, height) = picture.dimensions();
    let greys = picture
        .iter()
        .map(|&grey| ((u32::from(grey) + 128) / 257) as u8);
    GrayImage::from_raw(width, height, greys.collect()).expect("both have as many pixels")
}

/// The size of a picture.
pub fn picture_size<P: Pixel>(picture: &ImageBuffer<P, Vec<P::Subpixel>>) -> Size {
    Size {
        height: picture.height() as usize,
        width: picture.width() as usize,
    }
}

/// A picture scaled to another size, as pixels `[height, width]`. Each is a weighted mean of the
/// picture's pixels around its place.
pub fn resize(picture: &GrayImage, size: Size) -> Vec<u8> {
    let (height, width) = (size.height as u32, size.width as u32);
    imageops::resize(picture, width, height, FilterType::Triangle).into_raw()
}

fn decode(bytes: &[u8]) -> Result<Gray16> {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let Some(format) = reader.format() else {
        bail!("not a picture: {READ}");
    };
    let name = format!("{format:?}").to_uppercase();
    ensure!(FORMATS.contains(&format), "a {name} picture: {READ}");
    let failed = || format!("a {name} picture that can't be decoded");
    let mut decoder = reader.into_decoder().with_context(failed)?;
    let (width, height) = decoder.dimensions();
    ensure!(width.min(height) > 0, "a {name} picture without pixels");
    ensure!(
        u64::from(width) * u64::from(height) <= MOST_PIXELS,
        "{height} × {width} pixels: pictures of at most {} in all are read",
        HumanCount(MOST_PIXELS)
    );
    // The decoder fills what a JPEG lacks with grey.
    ensure!(
        format != ImageFormat::Jpeg || has_end_marker(bytes),
        "a JPEG picture that is cut off: it has no end marker"
    );
    let orientation = decoder.orientation().with_context(failed)?;
    let mut picture = DynamicImage::from_decoder(decoder).with_context(failed)?;
    picture.apply_orientation(orientation);
    Ok(grey(picture))
}

/// Whether a JPEG has its end marker after its segments. A preview in one of them may have an end
/// marker of its own; the data of a scan has none.
fn has_end_marker(jpeg: &[u8]) -> bool {
    let mut rest = jpeg.get(2..).unwrap_or_default();
    while let &[0xff, marker, high, low, ..] = rest {
        if marker == 0xda {
            return rest.windows(2).any(|marker| marker == [0xff, 0xd9]);
        }
        let length = 2 + usize::from(u16::from_be_bytes([high, low]));
        rest = rest.get(length..).unwrap_or_default();
    }
    // The decoder judges whatever this is.
    true
}

/// The picture in grey: on white where it is transparent, or on black if nothing would be seen on
/// white.
fn grey(picture: DynamicImage) -> Gray16 {
    let colour = picture.color();
    let has_16_bits = colour.bytes_per_pixel() > colour.channel_count();
    if !colour.has_alpha() {
        return match has_16_bits {
            true => picture.into_luma16(),
            false => of_16_bits(picture.into_luma8()),
        };
    }
    let picture = match has_16_bits {
        true => picture.into_luma_alpha16(),
        false => of_16_bits(picture.into_luma_alpha8()),
    };
    let on_white = on(u16::MAX, &picture);
    match check_contrast(&on_white) {
        Ok(_) => on_white,
        Err(_) => on(0, &picture),
    }
}

/// A picture of 8 bits with 16; `into_luma16` would round by a colour profile.
fn of_16_bits<P, Q>(picture: ImageBuffer<P, Vec<u8>>) -> ImageBuffer<Q, Vec<u16>>
where
    P: Pixel<Subpixel = u8>,
    Q: Pixel<Subpixel = u16>,
{
    let (width, height) = picture.dimensions();
    let greys = picture.into_raw().into_iter();
    ImageBuffer::from_raw(
        width,
        height,
        greys.map(|grey| u16::from(grey) * 257).collect(),
    )
    .expect("both have as many channels")
}

fn on(paper: u16, picture: &ImageBuffer<LumaA<u16>, Vec<u16>>) -> Gray16 {
    Gray16::from_fn(picture.width(), picture.height(), |x, y| {
        let [grey, alpha] = picture.get_pixel(x, y).0.map(u64::from);
        let sum = grey * alpha + u64::from(paper) * (65535 - alpha);
        Luma([((sum + 65535 / 2) / 65535) as u16])
    })
}

/// Checks that a picture is not of one colour.
pub fn check_contrast(picture: &Gray16) -> Result<()> {
    let pixels = picture.as_raw().iter();
    let darkest = pixels.clone().min();
    let contrast = pixels
        .max()
        .zip(darkest)
        .map(|(lightest, darkest)| lightest - darkest);
    ensure!(
        contrast >= Some(LEAST_CONTRAST),
        "nothing to read: all of it is one colour"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use image::codecs::jpeg::JpegEncoder;
    use image::{GrayAlphaImage, Rgb, RgbImage};

    use super::*;

    fn jpeg(picture: &GrayImage) -> Vec<u8> {
        let mut bytes = Vec::new();
        picture
            .write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 90))
            .unwrap();
        bytes
    }

    /// A picture that is dark on the left and light on the right.
    fn dark_and_light() -> GrayImage {
        GrayImage::from_fn(32, 16, |x, _| Luma([if x < 16 { 20 } else { 220 }]))
    }

    /// A JPEG with a segment after its start marker.
    fn with_segment(jpeg: &[u8], marker: u8, content: &[u8]) -> Vec<u8> {
        let length = (content.len() as u16 + 2).to_be_bytes();
        [&jpeg[..2], &[0xff, marker], &length, content, &jpeg[2..]].concat()
    }

    #[test]
    fn what_is_transparent_is_paper_for_dark_and_for_light_ink() {
        for (ink, paper) in [(0, 255), (90, 255), (255, 0)] {
            let picture = GrayAlphaImage::from_fn(3, 1, |x, _| LumaA([ink, x as u8 * 85]));
            let part = |alpha: u32| ((u32::from(ink) * alpha + paper * (255 - alpha)) / 255) as u8;
            let picture = of_8_bits(&grey(picture.into()));
            assert_eq!(*picture.as_raw(), [0, 85, 170].map(part));
        }
    }

    #[test]
    fn colours_become_their_luma() {
        let picture = RgbImage::from_fn(3, 1, |x, _| {
            let mut colour = [0; 3];
            colour[x as usize] = 255;
            Rgb(colour)
        });
        // Rec. 709, as a whole number of 255ths.
        assert_eq!(
            *grey(picture.into()).as_raw(),
            [54, 182, 18].map(|grey| grey * 257)
        );
    }

    #[test]
    fn a_photo_is_rotated_as_its_camera_says() {
        // One entry, orientation (0x112), a short (3): 6, rotate by 90 degrees clockwise.
        let exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        let picture = decode(&with_segment(&jpeg(&dark_and_light()), 0xe1, exif)).unwrap();
        assert_eq!(picture.dimensions(), (16, 32));
        let (top, bottom) = (picture.get_pixel(8, 4).0[0], picture.get_pixel(8, 28).0[0]);
        assert!(top < 10_000 && bottom > 50_000, "{top} {bottom}");
    }

    #[test]
    fn the_end_of_a_preview_is_not_the_end_of_a_jpeg() {
        let whole = with_segment(
            &jpeg(&dark_and_light()),
            0xe1,
            &[0xff, 0xda, 1, 2, 0xff, 0xd9],
        );
        assert!(decode(&whole).is_ok());
        let with_more_behind = [whole.as_slice(), &[0xff, 0xda, 0, 0]].concat();
        assert!(decode(&with_more_behind).is_ok());
        let cut = decode(&whole[..whole.len() - 2]).unwrap_err().to_string();
        assert!(cut.contains("cut off"), "{cut}");
    }

    #[test]
    fn a_picture_without_pixels_is_refused() {
        for size in ["0 0", "5 0", "0 5"] {
            let error = decode(format!("P5 {size} 255\n").as_bytes()).unwrap_err();
            assert_eq!(error.to_string(), "a PNM picture without pixels");
        }
    }

    #[test]
    fn resizing_takes_means() {
        let picture = GrayImage::from_raw(4, 1, vec![10, 10, 200, 200]).unwrap();
        let resized = |height, width| resize(&picture, Size { height, width });
        assert_eq!(resized(1, 4), [10, 10, 200, 200]);
        assert_eq!(resized(1, 1), [105]);
        assert_eq!(resized(3, 4), [10, 10, 200, 200].repeat(3));
    }
}
