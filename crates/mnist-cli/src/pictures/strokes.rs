//! The thickness of a digit's strokes.

use image::{GrayImage, Luma};

use super::grid::{Grid, runs};

/// A stroke is at least 1/10 as thick as its digit is large, as most of MNIST's are.
const THINNEST: usize = 10;

/// A digit whose strokes are as thick as MNIST's at least. The network knows no thinner ones: at
/// its size they are grey.
pub fn thickened(ink: GrayImage) -> GrayImage {
    let steps = lack(&ink);
    if steps == 0 {
        return ink;
    }
    let mut thick = GrayImage::new(ink.width() + 2 * steps, ink.height() + 2 * steps);
    image::imageops::replace(&mut thick, &ink, steps.into(), steps.into());
    for step in 0..steps {
        // Squares and diamonds in turn make octagons, which are nearly round.
        let corners = step % 2 == 1;
        let thin = thick.clone();
        let grey = |x: i64, y: i64| match (u32::try_from(x), u32::try_from(y)) {
            (Ok(x), Ok(y)) => thin.get_pixel_checked(x, y).map_or(0, |pixel| pixel.0[0]),
            _ => 0,
        };
        for (x, y, Luma([pixel])) in thick.enumerate_pixels_mut() {
            for (dx, dy) in NEIGHBOURS.into_iter().take(if corners { 8 } else { 4 }) {
                *pixel = (*pixel).max(grey(i64::from(x) + dx, i64::from(y) + dy));
            }
        }
    }
    thick
}

/// The four neighbours at a pixel's sides, then those at its corners.
const NEIGHBOURS: [(i64, i64); 8] = [
    (-1, 0),
    (1, 0),
    (0, -1),
    (0, 1),
    (-1, -1),
    (1, -1),
    (-1, 1),
    (1, 1),
];

/// By how many pixels strokes are to grow on both sides.
fn lack(ink: &GrayImage) -> u32 {
    let (width, height) = (ink.width() as usize, ink.height() as usize);
    let is_ink: Vec<bool> = ink.as_raw().iter().map(|&pixel| pixel >= 128).collect();
    let mask = Grid {
        width,
        cells: is_ink,
    };
    let sides = |grid: &Grid<bool>| -> usize { grid.rows().map(|row| 2 * runs(row).count()).sum() };
    let columns = mask.transposed();
    let outline = sides(&mask) + sides(&columns);
    let filled = |grid: &Grid<bool>| {
        let first = grid.rows().position(|row| row.contains(&true))?;
        let last = grid
            .rows()
            .collect::<Vec<_>>()
            .iter()
            .rposition(|row| row.contains(&true))?;
        Some(last - first + 1)
    };
    let size = filled(&mask)
        .max(filled(&columns))
        .unwrap_or(0)
        .min(width.max(height));
    // A line's thickness is twice its area over its outline; a slanted outline is counted as its
    // steps, 4/pi times its length on an average.
    let tenths = 10 * mask.count() * 28 / (11 * outline.max(1));
    let lacking = (size * 10 / THINNEST).saturating_sub(tenths) * THINNEST / (THINNEST - 1);
    ((lacking + 10) / 20) as u32
}
