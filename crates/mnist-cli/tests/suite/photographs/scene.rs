//! Pictures as people take them: a digit on paper, in some light, through some camera.

use image::codecs::jpeg::JpegEncoder;
use image::{GrayImage, Luma};

use super::glyph::{Glyph, Random, mixed};

/// Everything about a picture. Greys are 0 to 255, lengths are pixels.
pub struct Scene {
    pub size: [u32; 2],
    pub paper: f64,
    pub ink: f64,
    pub glyph: Option<Glyph>,
    /// The middle of the digit.
    pub centre: [f64; 2],
    pub height: f64,
    /// How much less the ink covers at places: 0 is even, 1 is chalk.
    pub roughness: f64,
    /// How much the paper's grey differs from place to place.
    pub mottled: f64,
    pub rules: Option<Rules>,
    /// Where the paper ends, unless it is all that the camera sees.
    pub sheet: Option<Sheet>,
    /// By how much the camera is turned (a tangent), and how much smaller the right side is.
    pub turned: f64,
    pub perspective: f64,
    /// What is left of the light on the darker side, and where that is.
    pub shade: f64,
    pub shade_direction: [f64; 2],
    /// How much less light comes to the corners.
    pub vignette: f64,
    pub shadow: Option<Shadow>,
    /// Dots: x, y, radius.
    pub specks: Vec<[f64; 3]>,
    /// The standard deviation of the sensor's noise.
    pub grain: f64,
    /// The quality of the JPEG that it becomes on its way.
    pub jpeg: Option<u8>,
}

/// Lines printed on the paper.
pub struct Rules {
    pub spacing: f64,
    pub width: f64,
    pub grey: f64,
    pub squared: bool,
}

/// A sheet or a board of paper's grey, and what is around it.
pub struct Sheet {
    /// Left, top, right and bottom.
    pub edges: [f64; 4],
    pub around: Surroundings,
}

/// A table, or a frame and what is beyond it.
pub struct Surroundings {
    pub grey: f64,
    /// How wide a frame is.
    pub width: f64,
    pub beyond: f64,
    /// How far the sheet's shadow reaches.
    pub shadow: f64,
}

/// Part of the picture has less light, or none of the paper: beyond a line that is so far from the
/// middle, in this direction, in parts of the larger half side.
pub struct Shadow {
    pub direction: [f64; 2],
    pub offset: f64,
    pub penumbra: f64,
    pub light: f64,
}

impl Scene {
    pub fn draw(&self, random: &mut Random) -> GrayImage {
        let seed = random.next();
        let [width, height] = self.size;
        let picture = GrayImage::from_fn(width, height, |x, y| {
            let noise = self.grain * normal(seed ^ u64::from(y) << 32 ^ u64::from(x));
            let grey = self.grey(f64::from(x) + 0.5, f64::from(y) + 0.5, seed) + noise;
            Luma([(grey + 0.5).clamp(0.0, 255.0) as u8])
        });
        let Some(quality) = self.jpeg else {
            return picture;
        };
        let mut bytes = Vec::new();
        let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
        picture.write_with_encoder(encoder).unwrap();
        image::load_from_memory(&bytes).unwrap().into_luma8()
    }

    fn grey(&self, x: f64, y: f64, seed: u64) -> f64 {
        let [width, height] = self.size.map(f64::from);
        let (dx, dy) = (x - width / 2.0, y - height / 2.0);
        let half = width.max(height) / 2.0;
        let (across, down) = (dx / half, dy / half);
        // Where the camera's pixel is on the paper.
        let far = 1.0 + self.perspective * dx / width;
        let (dx, dy) = (dx * far, dy * far);
        let place = [
            dx - self.turned * dy + width / 2.0,
            dy + self.turned * dx + height / 2.0,
        ];
        self.paper_at(place, seed) * self.light(across, down, half, seed)
    }

    fn paper_at(&self, [x, y]: [f64; 2], seed: u64) -> f64 {
        let mut grey = self.paper;
        if self.mottled > 0.0 {
            let spots = smooth(x / 37.0, y / 37.0, seed) + smooth(x / 9.0, y / 9.0, seed + 1);
            grey += self.mottled * spots;
        }
        if let Some(rules) = &self.rules {
            grey += (rules.grey - self.paper) * rules.at(x, y);
        }
        let mut ink: f64 = 0.0;
        if let Some(glyph) = &self.glyph {
            let [left, top] = self.centre;
            ink = glyph.at((x - left) / self.height, (y - top) / self.height);
        }
        for &[left, top, radius] in &self.specks {
            ink = ink.max(covered(radius - (x - left).hypot(y - top), 1.0));
        }
        if ink > 0.0 && self.roughness > 0.0 {
            let grain = smooth(x / 2.5, y / 2.5, seed + 2) + smooth(x / 7.0, y / 4.0, seed + 3);
            ink *= (1.0 - self.roughness * (0.5 + 0.6 * grain)).clamp(0.0, 1.0);
        }
        grey += (self.ink - grey) * ink;
        match &self.sheet {
            Some(sheet) => {
                sheet.at([x, y], grey) + self.mottled * smooth(x / 60.0, y / 5.0, seed + 5)
            }
            None => grey,
        }
    }

    fn light(&self, across: f64, down: f64, half: f64, seed: u64) -> f64 {
        let [dx, dy] = self.shade_direction;
        let side = (across * dx + down * dy + 1.0) / 2.0;
        let shade = 1.0 - (1.0 - self.shade) * side.clamp(0.0, 1.0);
        let vignette = 1.0 - self.vignette * (across * across + down * down) / 1.6;
        let shadow = self.shadow.as_ref().map_or(1.0, |shadow| {
            let Shadow {
                direction: [dx, dy],
                offset,
                penumbra,
                light,
            } = *shadow;
            // The edge of a hand is not straight.
            let edge = offset + 0.08 * smooth(across * 3.0, down * 3.0, seed + 4);
            let lit = covered((edge - across * dx - down * dy) * half, penumbra);
            light + (1.0 - light) * lit
        });
        shade * vignette * shadow
    }
}

impl Sheet {
    /// The grey of a place that has this grey if it is on the sheet.
    fn at(&self, [x, y]: [f64; 2], on_sheet: f64) -> f64 {
        let [left, top, right, bottom] = self.edges;
        let (across, down) = ((left - x).max(x - right), (top - y).max(y - bottom));
        let outside = match across.min(down) > 0.0 {
            true => across.hypot(down),
            false => across.max(down),
        };
        let Surroundings {
            grey,
            width,
            beyond,
            shadow,
        } = self.around;
        let shade = 1.0 - 0.5 * (1.0 - outside / shadow).clamp(0.0, 1.0);
        let around = shade * (grey + (beyond - grey) * covered(outside - width, 2.0));
        on_sheet + (around - on_sheet) * covered(outside, 2.0)
    }
}

impl Rules {
    fn at(&self, x: f64, y: f64) -> f64 {
        let line = |at: f64| {
            let from = (at / self.spacing).round() * self.spacing;
            covered(self.width / 2.0 - (at - from).abs(), 1.0)
        };
        line(y).max(if self.squared { line(x) } else { 0.0 })
    }
}

/// How much of a place is inside, if its middle is so far inside of an edge of this softness.
fn covered(inside: f64, softness: f64) -> f64 {
    (inside / softness + 0.5).clamp(0.0, 1.0)
}

/// Nearly a number of the standard normal distribution: the ones among 64 bits.
fn normal(seed: u64) -> f64 {
    (f64::from(mixed(seed).count_ones()) - 32.0) / 4.0
}

/// Noise in −0.5…0.5 that is smooth from one whole number to the next.
fn smooth(x: f64, y: f64, seed: u64) -> f64 {
    let (left, top) = (x.floor(), y.floor());
    let ease = |t: f64| t * t * (3.0 - 2.0 * t);
    let (right, down) = (ease(x - left), ease(y - top));
    let at = |column: f64, row: f64| {
        let place = (row as i64 as u64) << 32 ^ (column as i64 as u64 & 0xffff_ffff);
        let noise = mixed(seed.wrapping_mul(0x9e37_79b9) ^ place);
        (noise >> 40) as f64 / (1u64 << 24) as f64 - 0.5
    };
    let row = |row: f64| at(left, row) * (1.0 - right) + at(left + 1.0, row) * right;
    row(top) * (1.0 - down) + row(top + 1.0) * down
}
