//! The sheet, board or slate that a photograph shows, without the table or the frame around it.

use std::cmp::{max, min};
use std::ops::Range;

use super::grid::Grid;
use super::ink::otsu;
use super::parts::connected;

/// The larger side of the reduced picture that sheets are found in.
const COARSE: usize = 128;

/// The light sheet of a picture, or its dark slate: a large rectangle with a sharp edge, upright or
/// turned by up to 17 degrees, with at least two of its sides in the picture. A shadow has one.
///
/// Where its box begins, across and down, and the greys there. What is not the sheet has the grey of the
/// sheet's edge in the same row.
pub fn find(grey: &Grid<u16>, dark: bool) -> Option<([usize; 2], Grid<u16>)> {
    let block = max(grey.width, grey.height()).div_ceil(COARSE);
    let coarse = Grid::means(&grey.cells, grey.width, block);
    // Without the thin lines on it.
    let coarse = match dark {
        true => coarse.around(1, min).within(1, max),
        false => coarse.around(1, max).within(1, min),
    };
    let cells = coarse.cells.iter().map(|&cell| u64::from(cell));
    let threshold = otsu(&coarse.histogram(), coarse.cells.len() as u64, cells.sum())?;
    let mask = coarse.map(|cell| (usize::from(cell) < threshold) == dark);
    let (parts, labels) = connected(&mask, &mask);
    let largest = parts.iter().max_by_key(|part| part.area)?;
    let (mask, holes) = filled(&labels.map(|label| largest.labels == [label]));
    let area = mask.count();
    // Its edge is soft, or bent, or has a shadow on it.
    let inside = mask.map(|cell| !cell).grown(2).map(|cell| !cell);
    // What is dark and smaller may be a digit in bold.
    let least = if dark { 3 } else { 4 };
    let is_sheet = least * area >= mask.cells.len()
        && 10 * area <= 9 * mask.cells.len()
        && 8 * holes <= area
        && has_sharp_edge(&coarse, &mask, &inside)
        && is_rectangle(&mask, area);
    is_sheet.then(|| cut_out(grey, &inside, block))?
}

/// A mask without holes, and how many cells the holes had.
fn filled(mask: &Grid<bool>) -> (Grid<bool>, usize) {
    let filled = mask.both_ways(|mask| {
        let mut filled = mask.clone();
        for row in filled.cells.chunks_exact_mut(mask.width) {
            let span = span(row).unwrap_or_default();
            row[span].fill(true);
        }
        filled
    });
    let holes = filled.count() - mask.count();
    (filled, holes)
}

/// From the first cell that is set to after the last one.
fn span(row: &[bool]) -> Option<Range<usize>> {
    let first = row.iter().position(|&cell| cell)?;
    let last = row.iter().rposition(|&cell| cell)?;
    Some(first..last + 1)
}

/// Whether cells fill the part of a rectangle that is in the picture, and at least two of its sides are
/// in the picture.
fn is_rectangle(mask: &Grid<bool>, area: usize) -> bool {
    let places: Vec<_> = (0..mask.cells.len())
        .map(|at| [at % mask.width, at / mask.width].map(|at| at as i64))
        .collect();
    let turned =
        |tangent: i64| move |&[x, y]: &[i64; 2]| [16 * x + tangent * y, 16 * y - tangent * x];
    let is_within = |place: i64, [low, high]: [i64; 2]| (low..=high).contains(&place);
    // The sides of its box at this slope, in 1/16 cells, and how many cells of the picture are in it.
    // What is beyond a 64th of the cells on each side is no matter.
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
    let boxes = slopes.map(bounds).into_iter();
    let smallest = boxes.min_by_key(|(within, ..)| *within);
    let (within, tangent, sides) = smallest.expect("there is one for each slope");
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
    // The inside of a 0 fills less of it.
    32 * area >= 31 * within && 8 * within >= 7 * area && (0..4).filter(is_in_picture).count() >= 2
}

/// Whether greys are twice as light on one side of a mask's edge as on the other.
fn has_sharp_edge(grey: &Grid<u16>, mask: &Grid<bool>, inside: &Grid<bool>) -> bool {
    let mean_between = |outer: &Grid<bool>, inner: &Grid<bool>| {
        let cells = grey.cells.iter().zip(outer.cells.iter().zip(&inner.cells));
        let between = cells.filter(|(_, (outer, inner))| **outer && !**inner);
        let between: Vec<u64> = between.map(|(&cell, _)| cell.into()).collect();
        between.iter().sum::<u64>() / max(between.len(), 1) as u64
    };
    let inner = mean_between(mask, inside);
    let outer = mean_between(&mask.grown(3), &mask.grown(1));
    max(inner, outer) >= 2 * min(inner, outer)
}

/// The box of a sheet, of which so many pixels are a cell.
fn cut_out(grey: &Grid<u16>, inside: &Grid<bool>, block: usize) -> Option<([usize; 2], Grid<u16>)> {
    let spans: Vec<_> = inside.rows().map(span).collect();
    let left = spans.iter().flatten().map(|span| span.start).min()? * block;
    let right = spans.iter().flatten().map(|span| span.end).max()? * block;
    let right = min(right, grey.width);
    let top = spans.iter().position(Option::is_some)? * block;
    let mut cells = Vec::new();
    for (y, row) in grey.rows().enumerate() {
        if let Some(span) = &spans[y / block] {
            let (first, last) = (span.start * block, min(span.end * block, grey.width) - 1);
            cells.extend((left..right).map(|x| row[x.clamp(first, last)]));
        }
    }
    let width = right - left;
    Some(([left, top], Grid { width, cells }))
}
