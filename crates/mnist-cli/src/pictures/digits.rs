//! The digits of a picture, each cut out.

use std::fmt;

use anyhow::{Result, bail, ensure};
use image::GrayImage;
use image::imageops::{FilterType, resize};

use super::decode::Gray16;
use super::grid::Grid;
use super::ink::{InkMap, drawn, narrow};
use super::parts::{self, Part};
use super::{lines, sheet, strokes};

/// Pictures of more pixels are reduced by a whole factor.
const MOST_PIXELS: usize = 1_600_000;

/// Digits that are larger are reduced by a whole factor.
const LARGEST: u32 = 128;

/// A digit of a picture.
pub struct Digit {
    pub place: Place,
    /// Its ink, cut out: 0 is paper, 255 is ink. Where the digit is large it is reduced, and where
    /// its strokes are thin they are thicker than in the picture.
    pub ink: GrayImage,
}

/// A box in a picture, in pixels.
#[derive(Clone, Copy)]
pub struct Place {
    pub left: u32,
    pub top: u32,
    pub width: u32,
    pub height: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self {
            left,
            top,
            width,
            height,
        } = self;
        write!(f, "{width} × {height} pixels at ({left}, {top})")
    }
}

/// The digits of a picture, dark on light or light on dark: lines from top to bottom, each from left
/// to right. Digits that touch each other are one.
///
/// # Errors
///
/// There is nothing to read, and why.
pub fn all(picture: &Gray16) -> Result<Vec<Digit>> {
    find(picture, false)
}

/// No picture has more digits.
const MOST_DIGITS: usize = 1000;

const GRAIN: &str = "nothing to read: there is nothing but grain";

/// All that is no speck in a picture as one digit.
///
/// # Errors
///
/// There is nothing to read, and why.
pub fn single(picture: &Gray16) -> Result<Digit> {
    Ok(find(picture, true)?.remove(0))
}

fn find(picture: &Gray16, single: bool) -> Result<Vec<Digit>> {
    let pixels = picture.width() as usize * picture.height() as usize;
    let mut factor = 1;
    while pixels > MOST_PIXELS * factor * factor {
        factor += 1;
    }
    let grey = Grid::means(picture.as_raw(), picture.width() as usize, factor);
    // The multiples of 257 are the greys of 8 bits.
    let of_8_bits = picture.as_raw().iter().all(|grey| grey % 257 == 0);
    let step = if of_8_bits { 257 } else { 1 };
    let drawn = drawn(&grey);
    let found = match drawn {
        Some(_) => None,
        None => on_sheet(&grey, step, single),
    };
    let mut found = found.unwrap_or_else(|| {
        let greys = drawn.or_else(|| narrow(&grey));
        read(&InkMap::of(&grey, step, greys)?, single)
    })?;
    for Digit { place, .. } in &mut found {
        let [left, top, width, height] =
            [place.left, place.top, place.width, place.height].map(|length| length * factor as u32);
        // The last cells of a reduced picture may be of fewer pixels.
        *place = Place {
            left,
            top,
            width: width.min(picture.width() - left),
            height: height.min(picture.height() - top),
        };
    }
    Ok(found)
}

/// What is read on the sheet or the slate that a picture shows, if it shows one.
fn on_sheet(grey: &Grid<u16>, step: u16, single: bool) -> Option<Result<Vec<Digit>>> {
    [false, true].into_iter().find_map(|dark| {
        let ([left, top], grey) = sheet::find(grey, dark)?;
        let mut found = match InkMap::of(&grey, step, drawn(&grey)) {
            // The ink of a sheet is darker than it, and that of a slate is lighter.
            Ok(ink) if ink.light == dark => read(&ink, single),
            Ok(_) => return None,
            Err(blank) => Err(blank),
        };
        for Digit { place, .. } in found.iter_mut().flatten() {
            let (right, bottom) = (place.left + place.width, place.top + place.height);
            let ends = right as usize == grey.width || bottom as usize == grey.height();
            if place.left == 0 || place.top == 0 || ends {
                // Nobody writes across a sheet's edge: it is that of a shadow.
                return None;
            }
            place.left += left as u32;
            place.top += top as u32;
        }
        // What is dark and empty may be anything.
        (found.is_ok() || !dark).then_some(found)
    })
}

/// The digits of ink, their places in its pixels.
fn read(ink: &InkMap, single: bool) -> Result<Vec<Digit>> {
    let mut mask = ink.mask();
    let all = mask.count();
    lines::erase_frame(&mut mask);
    let (width, height) = (mask.width, mask.height());
    let side = width.min(height);
    let least_size = (side / 40).max(6);
    // Around a single thing, a box may be its own.
    let erase_boxes = |mask: &mut Grid<bool>| {
        if !single {
            parts::erase_boxes(mask, least_size);
        }
    };
    erase_boxes(&mut mask);
    lines::erase_lines(&mut mask);
    // Those that lines have crossed.
    erase_boxes(&mut mask);
    let (found, mut labels) = parts::connected(&mask, &mask);
    let mut found = parts::within_border(found, width, height);
    let mut largest = parts::largest(&found, least_size, side);
    // A stroke that is broken off for less than a pen's width is whole.
    let gap = largest.map_or(0, |part| part.size() / 50);
    if gap > 0 {
        (found, labels) = parts::connected(&mask, &mask.grown(gap));
        found = parts::within_border(found, width, height);
        largest = parts::largest(&found, least_size, side);
    }
    let inside: usize = found.iter().map(|part| part.area).sum();
    let Some(largest) = largest else {
        match 2 * inside < all {
            true => bail!("nothing to read: there is nothing but lines or a frame"),
            false => bail!("nothing to read: there is nothing but specks"),
        }
    };
    let with_share = |share: usize| {
        let parts = found.iter();
        parts
            .filter(|part| share * part.area >= largest.area)
            .count()
    };
    ensure!(with_share(12) <= MOST_DIGITS, GRAIN);
    let digits = match single {
        true => vec![parts::as_one(&found, largest)],
        false => parts::digits(&found, largest),
    };
    let read: usize = digits.iter().map(|part| part.area).sum();
    // Digits are of like size, and few things are between theirs and that of specks.
    let few_others = digits.len() < 8 || with_share(40) <= 3 * digits.len();
    ensure!(3 * read >= inside && few_others, GRAIN);
    Ok(digits
        .iter()
        .map(|part| cut_out(ink, &labels, part))
        .collect())
}

fn cut_out(ink: &InkMap, labels: &Grid<u32>, part: &Part) -> Digit {
    let mut numbers = part.labels.clone();
    numbers.sort_unstable();
    // Its edges are half paper: one more pixel on all sides.
    let columns = part.left.saturating_sub(1)..labels.width.min(part.right + 1);
    let rows = part.top.saturating_sub(1)..labels.height().min(part.bottom + 1);
    let [left, top, width, height] =
        [columns.start, rows.start, columns.len(), rows.len()].map(|length| length as u32);
    let own = labels.cut_out(columns.clone(), rows.clone());
    let own = own.map(|label| numbers.binary_search(&label).is_ok());
    let darkness = ink.darkness.cut_out(columns, rows).map(u32::from);
    let inside = darkness.cells.iter().zip(&own.cells);
    let inside = inside.filter(|(_, own)| **own);
    let mut inside: Vec<u32> = inside.map(|(&darkness, _)| darkness).collect();
    // What a pen leaves where it does not cover the paper is no measure, nor what it leaves twice.
    let rank = inside.len() * 3 / 4;
    let full = (*inside.select_nth_unstable(rank).1).max(1);
    let near = own.grown(1);
    let pixels = darkness.cells.iter().zip(near.cells);
    let pixels = pixels.map(|(&darkness, near)| match near {
        true => (255 * darkness / full).min(255) as u8,
        false => 0,
    });
    let ink =
        GrayImage::from_raw(width, height, pixels.collect()).expect("there are as many cells");
    let factor = width.max(height).div_ceil(LARGEST);
    let [less_wide, less_high] = [width, height].map(|side| side.div_ceil(factor));
    let ink = resize(&ink, less_wide, less_high, FilterType::Triangle);
    let place = Place {
        left,
        top,
        width,
        height,
    };
    Digit {
        place,
        ink: strokes::thickened(ink),
    }
}

#[cfg(test)]
mod tests {
    use image::Luma;

    use super::*;

    #[test]
    fn drawings_of_16_bits_are_read_whatever_the_grey_of_their_paper() {
        for (paper, ink) in [
            (u16::MAX, 0),
            (0xfff0, 0),
            (0xee00, 0x1100),
            (0x1234, 0xcdef),
        ] {
            let picture = Gray16::from_fn(200, 200, |x, y| {
                let inked = (90..110).contains(&x) && (40..160).contains(&y);
                Luma([if inked { ink } else { paper }])
            });
            let found = all(&picture).unwrap();
            assert_eq!(found.len(), 1, "{ink} on {paper}");
        }
    }

    #[test]
    fn the_box_of_a_digit_ends_where_the_picture_ends() {
        // One that is reduced, and whose last cells have one pixel.
        let picture = Gray16::from_fn(1301, 1301, |x, y| {
            let ink = (1200..1300).contains(&x) && (400..900).contains(&y);
            Luma([if ink { 0 } else { u16::MAX }])
        });
        let Place { left, width, .. } = all(&picture).unwrap()[0].place;
        assert_eq!(left + width, 1301);
    }
}
