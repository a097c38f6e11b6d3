//! The size of images: of data sets, on the command line and in JSON.

use mnist_idx::Dataset;
use mnist_kernel::Size;
use serde::Serialize;

/// The size of a data set's images.
pub fn size_of(data: &Dataset) -> Size {
    Size {
        height: data.height(),
        width: data.width(),
    }
}

/// Reads `28x28`.
pub fn parse_size(text: &str) -> Result<Size, &'static str> {
    let side = |text: &str| text.parse().ok().filter(|side| (1..=4096).contains(side));
    let sides = text.split_once('x');
    let sides = sides.and_then(|(height, width)| Some((side(height)?, side(width)?)));
    match sides {
        Some((height, width)) => Ok(Size { height, width }),
        None => Err("write HEIGHTxWIDTH in pixels, from 1 to 4096 each, such as 28x28"),
    }
}

/// A size in JSON.
#[derive(Serialize)]
#[serde(remote = "Size")]
pub struct SizeFields {
    height: usize,
    width: usize,
}
