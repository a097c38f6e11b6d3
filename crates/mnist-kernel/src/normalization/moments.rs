//! The moments of an image, exact.

use crate::Size;

/// Images are summed up in tiles of this height and width, whose sums fit 32 bits.
const TILE: usize = 32;

/// Σ p·yʲ·xᵏ over all pixels p of an image, at `[j][k]`, for j + k ≤ 3; the others stay 0.
///
/// They do not overflow: for any image of up to 2²⁹ pixels they are below 2¹²⁷.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Moments([[i128; 4]; 4]);

/// The powers 0 to 3 of a tile's coordinates.
const POWERS: [[i16; TILE]; 4] = {
    let mut powers = [[1; TILE]; 4];
    let mut x = 0;
    while x < TILE as i16 {
        let [_, ones, squares, cubes] = &mut powers;
        (ones[x as usize], squares[x as usize], cubes[x as usize]) = (x, x * x, x * x * x);
        x += 1;
    }
    powers
};

impl Moments {
    /// The moments of an image about its first pixel.
    pub fn of(image: &[u8], size: Size) -> Self {
        let mut sum = Self::default();
        for (band, rows) in image.chunks(size.width * TILE).enumerate() {
            for left in (0..size.width).step_by(TILE) {
                let right = size.width.min(left + TILE);
                let rows = rows.chunks_exact(size.width);
                let mut tile = tile_moments(rows.map(|row| &row[left..right]));
                tile.move_origin([band * TILE, left].map(|pixels| -(pixels as i128)));
                let sums = sum.0.as_flattened_mut().iter_mut();
                for (sum, tile) in sums.zip(tile.0.as_flattened()) {
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

    /// Makes them the moments about the point [y, x] of the coordinates so far.
    pub fn move_origin(&mut self, [y, x]: [i128; 2]) {
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

/// Makes Σ p·xᵏ into Σ p·(x − origin)ᵏ, by the binomial theorem, computed like Pascal's triangle.
fn subtract_from_coordinate(moments: &mut [i128], origin: i128) {
    for least in 1..moments.len() {
        for k in (least..moments.len()).rev() {
            moments[k] -= origin * moments[k - 1];
        }
    }
}

/// The moments of a tile about its first pixel.
fn tile_moments<'image>(rows: impl Iterator<Item = &'image [u8]>) -> Moments {
    // Σ p·yʲ of each column, for j from 0 to 3.
    let mut columns = [[0; TILE]; 4];
    for (y, row) in (0..).zip(rows) {
        let [sum_0, sum_1, sum_2, sum_3] = &mut columns;
        let sums = sum_0.iter_mut().zip(sum_1).zip(sum_2).zip(sum_3);
        for ((((sum_0, sum_1), sum_2), sum_3), &pixel) in sums.zip(row) {
            let pixel = i32::from(pixel);
            *sum_0 += pixel;
            *sum_1 += pixel * y;
            *sum_2 += pixel * (y * y);
            *sum_3 += pixel * (y * y * y);
        }
    }
    let mut moments = Moments::default();
    for (j, sums) in columns.iter().enumerate() {
        for (k, powers) in POWERS[..4 - j].iter().enumerate() {
            let products = sums.iter().zip(powers).map(|(&sum, &x)| sum * i32::from(x));
            moments.0[j][k] = i128::from(products.sum::<i32>());
        }
    }
    moments
}
