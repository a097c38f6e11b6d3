//! The thickness of a digit's strokes.

use std::cmp::max;

use image::GrayImage;

use super::grid::{Grid, runs};

/// A stroke is at least 1/10 as thick as its digit is large, as most of MNIST's are.
const THINNEST: usize = 10;

/// A digit whose strokes are as thick as MNIST's at least. The network knows no thinner ones: at
/// its size they are grey.
pub fn thickened(ink: GrayImage) -> GrayImage {
    let thin = Grid {
        width: ink.width() as usize,
        cells: ink.into_raw(),
    };
    let thick = thin.around(lack(&thin), max);
    let (width, height) = (thick.width as u32, thick.height() as u32);
    GrayImage::from_raw(width, height, thick.cells).expect("there are as many cells")
}

/// By how many pixels strokes are to grow on both sides.
fn lack(ink: &Grid<u8>) -> usize {
    let mask = ink.map(|grey| grey >= 128);
    // How often ink begins or ends in the rows.
    let ends = |grid: &Grid<bool>| grid.rows().map(|row| 2 * runs(row).count()).sum::<usize>();
    let outline = ends(&mask) + ends(&mask.transposed());
    let size = mask.width.max(mask.height());
    // A line's thickness is twice its area over its outline; a slanted outline is counted as its
    // steps, 4/pi times its length on an average.
    let tenths = 10 * mask.count() * 28 / (11 * outline.max(1));
    let lacking = (size * 10 / THINNEST).saturating_sub(tenths) * THINNEST / (THINNEST - 1);
    (lacking + 10) / 20
}
