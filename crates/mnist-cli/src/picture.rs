//! Pictures from files: decoded, upright, grey.

use std::fs::{self, File};
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

use image::imageops::{self, FilterType};
use image::{
    DynamicImage, GrayAlphaImage, GrayImage, ImageDecoder, ImageFormat, ImageReader, Luma,
};
use indicatif::HumanCount;

/// What is read.
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

/// Greys that are nearer to each other than this are one colour.
const LEAST_CONTRAST: u8 = 16;

/// What can be wrong with a picture.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    #[error("can't be read")]
    Read(#[from] io::Error),
    #[error("not a picture: PNG, JPEG, BMP and PNM are read")]
    NoPicture,
    #[error("a {0} picture: PNG, JPEG, BMP and PNM are read")]
    Format(String),
    #[error(
        "{height} × {width} pixels: pictures of at most {} in all are read",
        HumanCount(MOST_PIXELS)
    )]
    Size { height: u32, width: u32 },
    #[error(
        "more than {} bytes: no picture that is read is so large",
        HumanCount(MOST_BYTES)
    )]
    Bytes,
    #[error("a {format:?} picture that can't be decoded")]
    Decode {
        format: ImageFormat,
        #[source]
        error: image::ImageError,
    },
    #[error("a JPEG picture that is cut off: it has no end marker")]
    CutOff,
    #[error("all of it is one colour: there is nothing to see in it")]
    OneColour,
    #[error("what is in it is too thin for its size: nothing is left of it at 20 × 20 pixels")]
    TooThin,
}

/// Reads a picture file.
pub fn open(path: &Path) -> Result<GrayImage, PictureError> {
    read(File::open(path)?)
}

/// Reads a picture to the end.
pub fn read(source: impl Read) -> Result<GrayImage, PictureError> {
    let mut bytes = Vec::new();
    source.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(PictureError::Bytes);
    }
    decode(&bytes)
}

/// The files of a folder that are pictures by their names' endings, in the order of their names.
pub fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let format = ImageFormat::from_path(&path);
        if format.is_ok_and(|format| FORMATS.contains(&format)) && path.is_file() {
            files.push(path);
        }
    }
    files.sort_unstable();
    Ok(files)
}

/// A picture in another size, `[height, width]`: each pixel is a mean of the old ones around its
/// place, the nearer ones counting for more.
pub fn resize(picture: &GrayImage, height: usize, width: usize) -> Vec<u8> {
    let (height, width) = (height as u32, width as u32);
    imageops::resize(picture, width, height, FilterType::Triangle).into_raw()
}

fn decode(bytes: &[u8]) -> Result<GrayImage, PictureError> {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let format = reader.format().ok_or(PictureError::NoPicture)?;
    if !FORMATS.contains(&format) {
        let name = format.extensions_str()[0].to_uppercase();
        return Err(PictureError::Format(name));
    }
    let failed = |error| PictureError::Decode { format, error };
    let mut decoder = reader.into_decoder().map_err(failed)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(PictureError::Size { height, width });
    }
    // The decoder fills what a JPEG lacks with grey.
    if format == ImageFormat::Jpeg && !has_end_marker(bytes) {
        return Err(PictureError::CutOff);
    }
    let orientation = decoder.orientation().map_err(failed)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(failed)?;
    picture.apply_orientation(orientation);
    Ok(grey(picture))
}

/// Whether the marker that ends a JPEG comes after its segments, among which a preview may have
/// an end marker of its own. Within the data of a scan there is none.
fn has_end_marker(jpeg: &[u8]) -> bool {
    let mut rest = jpeg.get(2..).unwrap_or_default();
    while let &[0xff, marker, high, low, ..] = rest {
        if marker == 0xda {
            return rest.windows(2).any(|marker| marker == [0xff, 0xd9]);
        }
        let length = 2 + usize::from(u16::from_be_bytes([high, low]));
        rest = rest.get(length..).unwrap_or_default();
    }
    // Whatever this is, the decoder judges it.
    true
}

/// Without colours, and without alpha: on white, or on black where on white nothing would be seen.
fn grey(picture: DynamicImage) -> GrayImage {
    if !picture.color().has_alpha() {
        return picture.into_luma8();
    }
    let picture = picture.into_luma_alpha8();
    let on_white = on(255, &picture);
    match extremes(&on_white) {
        Ok(_) => on_white,
        Err(_) => on(0, &picture),
    }
}

fn on(paper: u32, picture: &GrayAlphaImage) -> GrayImage {
    GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [grey, alpha] = picture.get_pixel(x, y).0.map(u32::from);
        Luma([((grey * alpha + paper * (255 - alpha) + 127) / 255) as u8])
    })
}

/// The darkest and the lightest pixel, if they are not one colour.
pub fn extremes(picture: &GrayImage) -> Result<(u8, u8), PictureError> {
    let pixels = picture.as_raw().iter();
    let (darkest, lightest) = pixels.fold((255, 0), |(darkest, lightest), &pixel| {
        (pixel.min(darkest), pixel.max(lightest))
    });
    match lightest.saturating_sub(darkest) < LEAST_CONTRAST {
        true => Err(PictureError::OneColour),
        false => Ok((darkest, lightest)),
    }
}
