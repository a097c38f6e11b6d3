//! Weights as pictures: one for each class, orange where ink speaks for the class, blue where it
//! speaks against it, and nothing where the weight is zero.

use anyhow::Result;
use image::imageops::replace;
use image::{Rgb, RgbImage, Rgba};
use mnist_kernel::{Perceptron, Size};

use super::sheet::Sheet;

use crate::model::Model;
use crate::pictures::png::png;

/// Of a weight at the upper end of the scale.
pub const POSITIVE: [u8; 3] = [232, 89, 12];

/// Of a weight at the lower end of the scale.
pub const NEGATIVE: [u8; 3] = [28, 126, 214];

/// A class's part of the picture that `--weights` writes is about so wide.
const PART_WIDTH: usize = 140;

/// Pixels between the parts of that picture.
const GAP: usize = 6;

/// Of the space between.
const GAP_COLOUR: [u8; 3] = [228; 3];

/// Classes in one row of that picture.
const COLUMNS: usize = 5;

/// Colours for weights, the same for all classes of a network.
#[derive(Debug, Clone, Copy)]
struct Scale {
    /// Weights of ±`limit` and beyond have the full colour; in units of 1/255, at least 1.
    limit: u16,
}

impl Scale {
    /// A scale that has room for 99 in 100 of a network's weights: the few beyond would make the
    /// others pale.
    fn of(weights: &[Vec<i16>]) -> Self {
        let weights = weights.iter().flatten();
        let mut sizes: Vec<u16> = weights.map(|weight| weight.unsigned_abs()).collect();
        let rank = (sizes.len() - 1) * 99 / 100;
        let (_, &mut limit, _) = sizes.select_nth_unstable(rank);
        Self {
            limit: limit.max(1),
        }
    }

    /// The colour of a weight: how much of it there is shows in the opacity, so that zero is
    /// whatever lies behind.
    fn colour(self, weight: i16) -> Rgba<u8> {
        let size = u32::from(weight.unsigned_abs().min(self.limit));
        let opacity = (size * 255 / u32::from(self.limit)) as u8;
        let [red, green, blue] = if weight > 0 { POSITIVE } else { NEGATIVE };
        match opacity {
            0 => Rgba([0; 4]),
            _ => Rgba([red, green, blue, opacity]),
        }
    }

    /// The colour of a weight on white.
    fn on_white(self, weight: i16) -> Rgb<u8> {
        let Rgba([red, green, blue, opacity]) = self.colour(weight);
        let mix = |colour: u8| {
            let (colour, opacity) = (u32::from(colour), u32::from(opacity));
            ((colour * opacity + 255 * (255 - opacity)) / 255) as u8
        };
        Rgb([mix(red), mix(green), mix(blue)])
    }
}

/// The weights, a row for each class.
pub fn rows(network: &Perceptron) -> Vec<Vec<i16>> {
    let classes = 0..network.shape().classes();
    classes.map(|class| network.weights(class)).collect()
}

/// The weights of all classes as one picture for the page.
pub struct WeightSheet {
    pub sheet: Sheet,
    /// The weight that has the full colour, in full pixels.
    pub limit: f64,
}

impl WeightSheet {
    /// The sheet of a network for images of this size.
    pub fn new(network: &Perceptron, size: Size) -> Result<Self> {
        let weights = rows(network);
        let scale = Scale::of(&weights);
        Ok(Self {
            sheet: Sheet::new(&weights, size, |&weight| scale.colour(weight))?,
            limit: f64::from(scale.limit) / 255.0,
        })
    }
}

/// The bytes of a PNG picture of the weights alone: the classes in rows of five on white, each
/// weight a square of whole pixels.
pub fn picture(model: &Model) -> Result<Vec<u8>> {
    let Size { height, width } = model.metadata.size();
    let weights = rows(&model.network);
    let scale = Scale::of(&weights);
    let side = (PART_WIDTH / width).max(1);
    let (part_height, part_width) = (height * side + GAP, width * side + GAP);
    let total_width = weights.len().min(COLUMNS) * part_width + GAP;
    let total_height = weights.len().div_ceil(COLUMNS) * part_height + GAP;
    let gap = Rgb(GAP_COLOUR);
    let mut picture = RgbImage::from_pixel(total_width as u32, total_height as u32, gap);
    for (class, weights) in weights.iter().enumerate() {
        let left = class % COLUMNS * part_width + GAP;
        let top = class / COLUMNS * part_height + GAP;
        let part = RgbImage::from_fn((width * side) as u32, (height * side) as u32, |x, y| {
            let (x, y) = (x as usize / side, y as usize / side);
            scale.on_white(weights[y * width + x])
        });
        replace(&mut picture, &part, left as i64, top as i64);
    }
    Ok(png(&picture)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_opacity_is_the_share_of_the_limit() {
        let scale = Scale { limit: 200 };
        let [red, green, blue] = POSITIVE;
        assert_eq!(scale.colour(100), Rgba([red, green, blue, 127]));
        assert_eq!(scale.colour(200), scale.colour(i16::MAX));
        let [red, green, blue] = NEGATIVE;
        assert_eq!(scale.colour(-200), Rgba([red, green, blue, 255]));
        assert_eq!(scale.colour(-200), scale.colour(i16::MIN));
        assert_eq!(scale.colour(0).0[3], 0);
    }

    #[test]
    fn on_white_zero_is_white_and_the_limit_is_the_full_colour() {
        let scale = Scale { limit: 25 };
        assert_eq!(scale.on_white(0), Rgb([255; 3]));
        assert_eq!(scale.on_white(25), Rgb(POSITIVE));
        assert_eq!(scale.on_white(-25), Rgb(NEGATIVE));
    }
}
