//! Pictures as the bytes of PNG files.

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{EncodableLayout, ImageBuffer, ImageResult, PixelWithColorType};

/// The bytes of a PNG file.
pub fn png<P>(picture: &ImageBuffer<P, Vec<u8>>) -> ImageResult<Vec<u8>>
where
    P: PixelWithColorType<Subpixel = u8>,
    [u8]: EncodableLayout,
{
    let mut bytes = Vec::new();
    picture.write_with_encoder(PngEncoder::new_with_quality(
        &mut bytes,
        CompressionType::Default,
        FilterType::NoFilter,
    ))?;
    Ok(bytes)
}
