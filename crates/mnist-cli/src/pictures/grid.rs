//! Rows of equal length: greys, quotients, masks.

use std::ops::Range;

/// Cells in rows.
#[derive(Clone)]
pub struct Grid<T> {
    pub width: usize,
    pub cells: Vec<T>,
}

impl<T: Copy> Grid<T> {
    pub fn height(&self) -> usize {
        self.cells.len() / self.width
    }

    pub fn row(&self, y: usize) -> &[T] {
        &self.cells[y * self.width..][..self.width]
    }

    pub fn rows(&self) -> impl DoubleEndedIterator<Item = &[T]> {
        self.cells.chunks_exact(self.width)
    }

    /// The cells of the first and the last row and column.
    pub fn border(&self) -> impl Iterator<Item = T> {
        let (width, height) = (self.width, self.height());
        let is_end = |at: usize, length: usize| at == 0 || at + 1 == length;
        let cells = self.cells.iter().enumerate();
        let border =
            cells.filter(move |(at, _)| is_end(at % width, width) || is_end(at / width, height));
        border.map(|(_, &cell)| cell)
    }

    pub fn map<U>(&self, change: impl Fn(T) -> U) -> Grid<U> {
        Grid {
            width: self.width,
            cells: self.cells.iter().map(|&cell| change(cell)).collect(),
        }
    }

    pub fn transposed(&self) -> Grid<T> {
        /// What a cache's lines hold of both at once.
        const TILE: usize = 64;
        let (width, height) = (self.width, self.height());
        let mut cells = self.cells.clone();
        for top in (0..height).step_by(TILE) {
            for x in 0..width {
                for y in top..(top + TILE).min(height) {
                    cells[x * height + y] = self.cells[y * width + x];
                }
            }
        }
        Grid {
            width: height,
            cells,
        }
    }

    /// The cells of some columns and rows.
    pub fn cut_out(&self, columns: Range<usize>, rows: Range<usize>) -> Self {
        let rows = rows.map(|y| &self.row(y)[columns.clone()]);
        Grid {
            width: columns.len(),
            cells: rows.collect::<Vec<_>>().concat(),
        }
    }

    /// Changes all rows, to others of one length, and then all columns.
    fn along_both(&self, change: impl Fn(&[T]) -> Vec<T>) -> Self {
        let along = |grid: &Self| {
            let rows: Vec<Vec<T>> = grid.rows().map(&change).collect();
            Grid {
                width: rows[0].len(),
                cells: rows.concat(),
            }
        };
        along(&along(self).transposed()).transposed()
    }

    /// The best cell of each square that has a cell in the grid: the grid grows by the reach on all
    /// sides.
    pub fn around(&self, reach: usize, better: impl Fn(T, T) -> T) -> Self {
        self.along_both(|row| {
            // What is at the row's end is in all squares that reach past it.
            let ends = [row[0], row[row.len() - 1]].map(|end| vec![end; 2 * reach]);
            let line = [&ends[0], row, &ends[1]].concat();
            best_of_windows(line, 2 * reach + 1, &better)
        })
    }

    /// The best cell of each square that is within the grid: it shrinks by the reach on all sides.
    pub fn within(&self, reach: usize, better: impl Fn(T, T) -> T) -> Self {
        self.along_both(|row| best_of_windows(row.to_vec(), 2 * reach + 1, &better))
    }
}

impl Grid<u16> {
    /// The means of square blocks of cells in rows, of smaller ones at the right and at the bottom.
    pub fn means(cells: &[u16], width: usize, block: usize) -> Self {
        let (all, row_length) = (cells, width);
        let width = row_length.div_ceil(block);
        let mut cells = Vec::with_capacity(all.len() / block);
        for rows in all.chunks(row_length * block) {
            let mut sums = vec![(0, 0); width];
            for row in rows.chunks_exact(row_length) {
                for ((sum, count), cells) in sums.iter_mut().zip(row.chunks(block)) {
                    *sum += cells.iter().map(|&cell| u32::from(cell)).sum::<u32>();
                    *count += cells.len() as u32;
                }
            }
            cells.extend(sums.iter().map(|(sum, count)| (sum / count) as u16));
        }
        Grid { width, cells }
    }

    /// How many cells have each grey.
    pub fn histogram(&self) -> Vec<u64> {
        let mut counts = vec![0; 1 << 16];
        for &cell in &self.cells {
            counts[usize::from(cell)] += 1;
        }
        counts
    }
}

/// The best cell of each window of so many cells.
fn best_of_windows<T: Copy>(mut row: Vec<T>, window: usize, better: impl Fn(T, T) -> T) -> Vec<T> {
    let mut covered = 1;
    while covered < window {
        // Two that overlap, or touch, make a longer one.
        let step = covered.min(window - covered);
        for at in step..row.len() {
            row[at - step] = better(row[at - step], row[at]);
        }
        row.truncate(row.len() - step);
        covered += step;
    }
    row
}

impl Grid<bool> {
    pub fn count(&self) -> usize {
        self.cells.iter().filter(|&&cell| cell).count()
    }

    /// Everything that is so near, by rows and by columns.
    pub fn grown(&self, reach: usize) -> Self {
        self.along_both(|row| {
            let mut grown = vec![false; row.len()];
            for run in runs(row) {
                let end = (run.end + reach).min(row.len());
                grown[run.start.saturating_sub(reach)..end].fill(true);
            }
            grown
        })
    }

    /// What is left after a change both of the rows and of the columns.
    pub fn both_ways(&self, change: impl Fn(&Self) -> Self) -> Self {
        let mut left = change(self);
        let across = change(&self.transposed()).transposed();
        for (left, across) in left.cells.iter_mut().zip(across.cells) {
            *left &= across;
        }
        left
    }
}

/// The runs of cells that are set.
pub fn runs(row: &[bool]) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + row[from..].iter().position(|&cell| cell)?;
        let length = row[start..].iter().position(|&cell| !cell);
        from = length.map_or(row.len(), |length| start + length);
        Some(start..from)
    })
}
