//! Pictures from files, decoded, upright, grey, and as bytes of a PNG file.

use std::fs::{self, File};
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

use image::codecs::png;
use image::imageops::{self, FilterType};
use image::{
    DynamicImage, EncodableLayout, GrayAlphaImage, GrayImage, ImageBuffer, ImageDecoder,
    ImageFormat, ImageReader, Luma, PixelWithColorType,
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
    #[error("a {format} picture that can't be decoded")]
    Decode {
        format: String,
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
        if is_named_as_one(&path) && path.is_file() {
            files.push(path);
        }
    }
    files.sort_unstable();
    Ok(files)
}

/// Whether a file is a picture by the ending of its name.
pub fn is_named_as_one(path: &Path) -> bool {
    ImageFormat::from_path(path).is_ok_and(|format| FORMATS.contains(&format))
}

/// A picture in another size, `[height, width]`: each pixel is a mean of the old ones around its
/// place, the nearer ones counting for more.
pub fn resize(picture: &GrayImage, height: usize, width: usize) -> Vec<u8> {
    let (height, width) = (height as u32, width as u32);
    imageops::resize(picture, width, height, FilterType::Triangle).into_raw()
}

/// The bytes of a PNG file.
pub fn png<P>(picture: &ImageBuffer<P, Vec<u8>>) -> image::ImageResult<Vec<u8>>
where
    P: PixelWithColorType<Subpixel = u8>,
    [u8]: EncodableLayout,
{
    let mut bytes = Cursor::new(Vec::new());
    picture.write_with_encoder(png::PngEncoder::new_with_quality(
        &mut bytes,
        png::CompressionType::Default,
        png::FilterType::NoFilter,
    ))?;
    Ok(bytes.into_inner())
}

fn decode(bytes: &[u8]) -> Result<GrayImage, PictureError> {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let format = reader.format().ok_or(PictureError::NoPicture)?;
    let name = || format!("{format:?}").to_uppercase();
    if !FORMATS.contains(&format) {
        return Err(PictureError::Format(name()));
    }
    let failed = |error| PictureError::Decode {
        format: name(),
        error,
    };
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

#[cfg(test)]
mod tests {
    use image::codecs::jpeg::JpegEncoder;
    use image::{LumaA, Rgb, RgbImage};

    use super::*;

    fn jpeg(picture: &GrayImage) -> Vec<u8> {
        let mut bytes = Vec::new();
        picture
            .write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 90))
            .unwrap();
        bytes
    }

    /// Half dark, half light: the left half is dark.
    fn halves() -> GrayImage {
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
            let picture = grey(picture.into());
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
        assert_eq!(*grey(picture.into()).as_raw(), [54, 182, 18]);
    }

    #[test]
    fn a_photo_is_turned_as_its_camera_says() {
        // One entry, orientation (0x112), a short (3): 6, turn by 90 degrees clockwise.
        let exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        let picture = decode(&with_segment(&jpeg(&halves()), 0xe1, exif)).unwrap();
        assert_eq!(picture.dimensions(), (16, 32));
        let (top, bottom) = (picture.get_pixel(8, 4).0[0], picture.get_pixel(8, 28).0[0]);
        assert!(top < 40 && bottom > 200, "{top} {bottom}");
    }

    #[test]
    fn the_end_of_a_preview_is_not_the_end_of_a_jpeg() {
        let whole = with_segment(&jpeg(&halves()), 0xe1, &[0xff, 0xda, 1, 2, 0xff, 0xd9]);
        assert!(decode(&whole).is_ok());
        let with_more_behind = [whole.as_slice(), &[0xff, 0xda, 0, 0]].concat();
        assert!(decode(&with_more_behind).is_ok());
        let cut = decode(&whole[..whole.len() - 2]);
        assert!(matches!(cut, Err(PictureError::CutOff)), "{cut:?}");
    }

    #[test]
    fn resizing_takes_means() {
        let picture = GrayImage::from_raw(4, 1, vec![10, 10, 200, 200]).unwrap();
        assert_eq!(resize(&picture, 1, 4), [10, 10, 200, 200]);
        assert_eq!(resize(&picture, 1, 1), [105]);
        assert_eq!(resize(&picture, 3, 4), [10, 10, 200, 200].repeat(3));
    }
}
