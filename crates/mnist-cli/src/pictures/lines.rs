//! What is printed on paper or around it: long thin straight lines, and a frame.

use std::ops::Range;

use super::grid::{Grid, runs};

/// Lines fall or rise by at most 3/10 of their length.
const STEEPEST: i64 = 3;

/// Sections of a picture that are searched for lines.
const SECTIONS: usize = 256;

/// Where lines may be in more places, of which each line has several, they are not followed: the
/// picture is hatched, or grain.
const MOST_PLACES: usize = 10_000;

/// Takes away lines from one border to the other; strokes that cross them stay.
pub fn erase_lines(mask: &mut Grid<bool>) {
    // As sections across lines, rows show those that go down, columns those that go across.
    *mask = mask.both_ways(without_lines);
}

/// Takes away the rows and columns of ink that frame a picture on all sides.
pub fn erase_frame(mask: &mut Grid<bool>) {
    let columns = mask.transposed();
    let is_full = |row: &[bool]| 4 * row.iter().filter(|&&ink| ink).count() >= 3 * row.len();
    let edge = |grid: &Grid<bool>| {
        let first = grid.rows().take_while(|row| is_full(row)).count();
        let last = grid.rows().rev().take_while(|row| is_full(row)).count();
        (first, last)
    };
    let ((top, bottom), (left, right)) = (edge(mask), edge(&columns));
    // A bar at one side may be a digit's.
    if [top, bottom, left, right].contains(&0) {
        return;
    }
    let (width, height) = (mask.width, mask.height());
    for (at, ink) in mask.cells.iter_mut().enumerate() {
        let (x, y) = (at % width, at / width);
        *ink &= x >= left && y >= top && x + right < width && y + bottom < height;
    }
}

/// A line through sections: its place in the first one, how far it moves until after the last one,
/// and how much of a section it fills, most often.
struct Line {
    start: i64,
    moves: i64,
    thickness: usize,
}

impl Line {
    fn place(&self, section: usize, sections: usize) -> i64 {
        self.start + self.moves * section as i64 / sections as i64
    }

    /// The ink at its place in a section, or near to it.
    fn run(&self, sections: &Grid<bool>, section: usize) -> Option<Range<usize>> {
        let row = sections.row(section);
        let place = self.place(section, sections.height());
        let is_ink = |&at: &i64| usize::try_from(at).is_ok_and(|at| row.get(at) == Some(&true));
        let at = [0, -1, 1, -2, 2]
            .map(|near| place + near)
            .into_iter()
            .find(is_ink)? as usize;
        let before = row[..at].iter().rev().take_while(|&&ink| ink).count();
        let after = row[at..].iter().take_while(|&&ink| ink).count();
        Some(at - before..at + after)
    }
}

fn without_lines(sections: &Grid<bool>) -> Grid<bool> {
    let mut rest = sections.clone();
    for line in lines(sections) {
        for section in 0..sections.height() {
            let Some(run) = line.run(sections, section) else {
                continue;
            };
            if 2 * run.len() <= 3 * line.thickness + 2 {
                rest.cells[section * sections.width..][run].fill(false);
            }
        }
    }
    rest
}

/// The lines: thin runs vote for all lines through them (Hough), and those with enough votes are
/// followed.
fn lines(sections: &Grid<bool>) -> Vec<Line> {
    let (width, height) = (sections.width, sections.height());
    let thickest = (width.min(height) / 32).max(4);
    let step = height.div_ceil(SECTIONS);
    let mut thin = Vec::new();
    for section in (0..height).step_by(step) {
        let runs = runs(sections.row(section)).filter(|run| run.len() <= thickest);
        thin.extend(runs.map(|run| (section as i64, (run.start + run.end) as i64 / 2)));
    }
    // What moves by more than three widths is inside for less than a third of the sections.
    let most = (height as i64 * STEEPEST / 10).min(3 * (width as i64 + 1));
    let mut places = Vec::new();
    // Places and moves are whole twos.
    let mut votes = vec![0; width.div_ceil(2) + most as usize + 1];
    for moves in (-most..=most).step_by(2) {
        votes.fill(0);
        for (section, place) in &thin {
            let start = place - moves * section / height as i64;
            votes[((start + most) / 2) as usize] += 1;
        }
        for (at, pair) in votes.windows(2).enumerate() {
            if 3 * step * (pair[0] + pair[1]) >= height {
                places.push((2 * (at as i64 + 1) - most, moves));
            }
        }
    }
    if places.len() > MOST_PLACES {
        return Vec::new();
    }
    let lines = places.into_iter();
    let lines = lines.map(|(start, moves)| followed(sections, start, moves, thickest));
    lines.flatten().collect()
}

/// A line, if there is one from border to border.
fn followed(sections: &Grid<bool>, start: i64, moves: i64, thickest: usize) -> Option<Line> {
    let (width, height) = (sections.width as i64, sections.height());
    let mut line = Line {
        start,
        moves,
        thickness: 0,
    };
    let inside = (0..height).filter(|&section| (0..width).contains(&line.place(section, height)));
    let inside: Vec<usize> = inside.collect();
    let mut thin: Vec<(usize, usize)> = Vec::new();
    let mut thick = 0;
    for (at, &section) in inside.iter().enumerate() {
        match line.run(sections, section) {
            Some(run) if run.len() <= thickest => thin.push((run.len(), at)),
            Some(_) => thick += 1,
            None => {}
        }
    }
    let near = inside.len() / 16;
    let reaches = thin.first()?.1 <= near && thin.last()?.1 + near >= inside.len();
    let is_line = reaches
        && 3 * inside.len() >= height
        && 2 * thin.len() >= inside.len()
        && 10 * (thin.len() + thick) >= 7 * inside.len();
    let middle = thin.len() / 2;
    line.thickness = thin.select_nth_unstable(middle).1.0;
    is_line.then_some(line)
}
