//! The sheet, board or slate that a photograph shows, without the table or the frame around it.

use std::cmp::{max, min};

use super::grid::Grid;
use super::parts::connected;

/// The larger side of the reduced picture that sheets are found in.
const COARSE: usize = 128;

/// A sheet in a picture.
pub struct Sheet {
    pub left: usize,
    pub top: usize,
    /// Its box. What is not the sheet there has the grey of the sheet's edge in the same row.
    pub grey: Grid<u16>,
}

/// The light sheet of a picture, or its dark slate: a large rectangle, also if it is turned or seen from
/// the side, of which at least two sides are in the picture. What is in light or shade has one.
pub fn find(grey: &Grid<u16>, dark: bool) -> Option<Sheet> {
    let block = max(grey.width, grey.height()).div_ceil(COARSE);
    let coarse = Grid::means(&grey.cells, grey.width, block);
    // Without the thin lines on it.
    let coarse = match dark {
        true => coarse.around(1, min).within(1, max),
        false => coarse.around(1, max).within(1, min),
    };
    let threshold = otsu(&coarse)?;
    let mask = coarse.map(|cell| (cell < threshold) == dark);
    let (parts, labels) = connected(&mask, &mask);
    let largest = parts.iter().max_by_key(|part| part.area)?;
    let (mask, holes) = filled(&labels.map(|label| largest.labels == [label]));
    let area = mask.count();
    if 5 * area < mask.cells.len()
        || 4 * holes > area
        || !has_sharp_edge(&mask, &coarse)
        || !is_rectangle(&mask, area)
    {
        return None;
    }
    // Its edge is soft, or bent, or has a shadow on it.
    let inside = mask.map(|cell| !cell).grown(2).map(|cell| !cell);
    cut_out(grey, &inside, block)
}

/// The threshold of two classes of greys, if one is at least half again as light as the other.
fn otsu(grey: &Grid<u16>) -> Option<u16> {
    let mut cells: Vec<u64> = grey.cells.iter().map(|&cell| cell.into()).collect();
    cells.sort_unstable();
    let all: u64 = cells.iter().sum();
    let (mut dark, mut best) = (0, (0.0, None));
    for (count, pair) in (1..).zip(cells.windows(2)) {
        dark += pair[0];
        let rest = cells.len() as u64 - count;
        let (darker, lighter) = (dark / count, (all - dark) / rest);
        let variance = (count * rest) as f64 * ((lighter - darker) as f64).powi(2);
        if variance > best.0 {
            let differ = 2 * lighter >= 3 * darker;
            best = (variance, differ.then_some(pair[1] as u16));
        }
    }
    best.1
}

/// A mask without holes, and how many cells the holes had.
fn filled(mask: &Grid<bool>) -> (Grid<bool>, usize) {
    let along = |grid: &Grid<bool>| {
        let mut cells = Vec::with_capacity(grid.cells.len());
        for row in grid.rows() {
            let first = row.iter().position(|&cell| cell).unwrap_or(row.len());
            let last = row.iter().rposition(|&cell| cell).unwrap_or(0);
            cells.extend((0..row.len()).map(|x| first <= x && x <= last));
        }
        let width = grid.width;
        Grid { width, cells }
    };
    let across = along(mask);
    let mut filled = along(&mask.transposed()).transposed();
    for (cell, &across) in filled.cells.iter_mut().zip(&across.cells) {
        *cell &= across;
    }
    let holes = filled.count() - mask.count();
    (filled, holes)
}

/// Whether cells fill a rectangle, turned by up to 17 degrees, as far as it is in the picture; and at
/// least two of its sides are.
fn is_rectangle(mask: &Grid<bool>, area: usize) -> bool {
    let places: Vec<_> = (0..mask.cells.len())
        .map(|at| [at % mask.width, at / mask.width].map(|at| at as i64))
        .collect();
    let turned =
        |tangent: i64| move |&[x, y]: &[i64; 2]| [16 * x + tangent * y, 16 * y - tangent * x];
    let is_within = |place: i64, [low, high]: [i64; 2]| (low..=high).contains(&place);
    // The box whose sides have this slope, in 1/16 cells, and how many cells of the picture it has.
    let bounds = |tangent: i64| {
        let inside = places.iter().zip(&mask.cells).filter(|(_, cell)| **cell);
        let inside: Vec<_> = inside.map(|(place, _)| turned(tangent)(place)).collect();
        let sides = [0, 1].map(|axis| {
            let mut places: Vec<i64> = inside.iter().map(|place| place[axis]).collect();
            places.sort_unstable();
            [places[area / 64], places[area - 1 - area / 64]]
        });
        let within = places.iter().map(turned(tangent));
        let within = within.filter(|place| (0..2).all(|axis| is_within(place[axis], sides[axis])));
        (within.count(), tangent, sides)
    };
    let slopes = [0, -1, 1, -2, 2, -3, 3, -4, 4, -5, 5];
    let smallest = slopes
        .map(bounds)
        .into_iter()
        .min_by_key(|(within, ..)| *within);
    let Some((within, tangent, sides)) = smallest else {
        return false;
    };
    // A side is in the picture if at least half of the cells beside it are.
    let is_in_picture = |&side: &usize| {
        let (axis, far) = (side / 2, side % 2);
        let along = sides[1 - axis];
        let beside = places.iter().map(turned(tangent)).filter(|place| {
            let outside = (place[axis] - sides[axis][far]) * [-1, 1][far];
            (16..48).contains(&outside) && is_within(place[1 - axis], along)
        });
        16 * beside.count() as i64 > along[1] - along[0]
    };
    8 * area >= 7 * within && 8 * within >= 7 * area && (0..4).filter(is_in_picture).count() >= 2
}

/// Whether greys are twice as light on one side of a mask's edge as on the other.
fn has_sharp_edge(mask: &Grid<bool>, grey: &Grid<u16>) -> bool {
    let (near, outside) = (mask.grown(1), mask.grown(3));
    let inside = mask.map(|cell| !cell).grown(2);
    let mean = |is_in: &dyn Fn(usize) -> bool| {
        let cells = (0..grey.cells.len()).filter(|&at| is_in(at));
        let (count, sum) = cells.fold((1, 0), |(count, sum), at| {
            (count + 1, sum + u64::from(grey.cells[at]))
        });
        sum / count
    };
    let inside = mean(&|at| inside.cells[at] && mask.cells[at]);
    let outside = mean(&|at| outside.cells[at] && !near.cells[at]);
    max(inside, outside) >= 2 * min(inside, outside)
}

fn cut_out(grey: &Grid<u16>, inside: &Grid<bool>, block: usize) -> Option<Sheet> {
    // Where the sheet begins in each row, and where it ends.
    let spans: Vec<_> = inside
        .rows()
        .map(|row| {
            let first = row.iter().position(|&cell| cell)?;
            let last = row.iter().rposition(|&cell| cell)?;
            Some((first * block, min((last + 1) * block, grey.width)))
        })
        .collect();
    let left = spans.iter().flatten().map(|span| span.0).min()?;
    let right = spans.iter().flatten().map(|span| span.1).max()?;
    let top = spans.iter().position(Option::is_some)? * block;
    let mut cells = Vec::new();
    for (y, row) in grey.rows().enumerate() {
        if let Some((start, end)) = spans[y / block] {
            cells.extend((left..right).map(|x| row[x.clamp(start, end - 1)]));
        }
    }
    let width = right - left;
    Some(Sheet {
        left,
        top,
        grey: Grid { width, cells },
    })
}
