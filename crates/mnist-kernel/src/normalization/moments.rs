//! The moments of an image, exact.

use crate::Size;

/// Σ p·yʲ·xᵏ over all pixels p of an image, at `[j][k]`, for j + k ≤ 3; the others stay 0.
///
/// The largest sums of an image of 2²⁶ pixels are below 2¹¹³, wherever its sides are.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Moments([[i128; 4]; 4]);

/// Images are summed up in tiles of this height and width: as high and wide as lets the cubes of
/// a tile's coordinates fit 16 bits, whose products processors add up in pairs.
const TILE: usize = 32;

/// The powers 0 to 3 of a tile's coordinates.
const POWERS: [[i16; TILE]; 4] = {
    let mut powers = [[1; TILE]; 4];
    let mut at = 0;
    while at < TILE {
        let mut power = 1;
        while power < 4 {
            powers[power][at] = powers[power - 1][at] * at as i16;
            power += 1;
        }
        at += 1;
    }
    powers
};

impl Moments {
    /// The moments of an image `[height, width]` about its first pixel.
    pub fn of(image: &[u8], size: Size) -> Self {
        let mut sum = Self::default();
        for top in (0..size.height).step_by(TILE) {
            for left in (0..size.width).step_by(TILE) {
                let rows = image[top * size.width..]
                    .chunks_exact(size.width)
                    .take(TILE);
                let width = TILE.min(size.width - left);
                let mut tile = tile_moments(rows.map(|row| &row[left..left + width]));
                tile.move_origin(-(top as i128), -(left as i128));
                for (sum, tile) in sum
                    .0
                    .as_flattened_mut()
                    .iter_mut()
                    .zip(tile.0.as_flattened())
                {
                    *sum += tile;
                }
            }
        }
        sum
    }

    /// Σ p·yʲ·xᵏ.
    pub fn get(&self, j: usize, k: usize) -> i128 {
        self.0[j][k]
    }

    /// The same moments about another point, given in the coordinates so far.
    pub fn move_origin(&mut self, y: i128, x: i128) {
        for (j, row) in self.0.iter_mut().enumerate() {
            subtract_from_coordinate(&mut row[..4 - j], x);
        }
        for k in 0..4 {
            let mut column = self.0.map(|row| row[k]);
            subtract_from_coordinate(&mut column[..4 - k], y);
            for (row, moment) in self.0.iter_mut().zip(column) {
                row[k] = moment;
            }
        }
    }
}

/// Turns Σ p·xᵏ into Σ p·(x − origin)ᵏ: the binomial theorem, as Pascal's triangle.
fn subtract_from_coordinate(moments: &mut [i128], origin: i128) {
    for least in 1..moments.len() {
        for k in (least..moments.len()).rev() {
            moments[k] -= origin * moments[k - 1];
        }
    }
}

/// The moments of a tile about its first pixel.
fn tile_moments<'image>(rows: impl Iterator<Item = &'image [u8]>) -> Moments {
    let mut moments = [[0_i64; 4]; 4];
    for (y, row) in rows.enumerate() {
        let mut pixels = [0; TILE];
        pixels[..row.len()].copy_from_slice(row);
        for (k, powers) in POWERS.iter().enumerate() {
            let products = pixels
                .iter()
                .zip(powers)
                .map(|(&p, &x)| i32::from(p) * i32::from(x));
            let sum = i64::from(products.sum::<i32>());
            for j in 0..4 - k {
                moments[j][k] += sum * i64::from(POWERS[j][y]);
            }
        }
    }
    Moments(moments.map(|row| row.map(i128::from)))
}
