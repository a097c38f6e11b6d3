//! How much ink there is at each place of a picture, in whatever light it was taken.
//!
//! A picture whose ink is lighter than its paper is inverted. Then the paper's own grey at each place
//! is that of a morphological closing: what is narrower than its square is gone, and gradients, shadows
//! and the dark table beside a sheet stay. The quotient of the picture and its paper has Otsu's
//! threshold ("A threshold selection method from gray-level histograms", IEEE Transactions on
//! Systems, Man, and Cybernetics 9, 1979).

use std::cmp::{max, min};

use anyhow::{Result, ensure};

use super::grid::Grid;

/// The paper's side of the histogram counts for as many pixels as ink's side at most, and what
/// differs by less than this many of its deviations is paper.
const DEVIATIONS: usize = 3;

/// The larger side of the reduced picture whose closing is the background.
const COARSE: usize = 256;

/// Grain differs by less than this many of 256 levels.
const GRAIN: usize = 12;

/// A quotient of 1.
const ONE: u32 = 1 << 15;

/// The ink of a picture, place by place.
pub struct InkMap {
    /// By how much each place differs from paper, in 1/32,768 of the paper's grey.
    pub darkness: Grid<u16>,
    /// Whether ink is lighter than paper.
    pub light: bool,
    /// What differs by more is ink.
    threshold: u16,
}

impl InkMap {
    /// The ink of a picture whose greys differ by at least `step`. `greys` are those of paper and ink
    /// if it has only these: a [`drawn`] or a [`narrow`] one.
    ///
    /// # Errors
    ///
    /// There is nothing that differs from paper by more than paper itself does.
    pub fn of(grey: &Grid<u16>, step: u16, greys: Option<(u16, u16)>) -> Result<Self> {
        // The quotients of the picture's greys and the paper's in 1/32,768, of the picture inverted
        // if ink is lighter than paper: the less, the more ink.
        let (quotients, light) = match greys {
            Some(greys) => (over_one(grey, greys), false),
            None => over_background(grey),
        };
        let counts = quotients.histogram();
        let paper = match greys {
            Some(_) => ONE as usize,
            None => quantile(&counts, 0, quotients.cells.len() as u64 / 2),
        };
        // Ink is on one side of the median, the other side is paper alone: two thirds of it are
        // within a standard deviation.
        let within: u64 = counts[paper..].iter().sum::<u64>() * 2 / 3;
        let deviation = quantile(&counts, paper, within) - paper;
        let deviation = max(deviation, usize::from(step) / 2);
        let limit = paper.saturating_sub(DEVIATIONS * deviation);
        // Paper counts for as many pixels as are below the limit. Were all of it counted, its own
        // variance would be more than that of a thin line.
        let below = &counts[..limit];
        let count: u64 = below.iter().sum();
        let sum = count * (mean(below).unwrap_or(0) + paper) as u64;
        let threshold = otsu(below, 2 * count, sum).unwrap_or(limit);
        let darker = paper - mean(&counts[..threshold]).unwrap_or(paper);
        ensure!(
            darker > 0
                && ((darker >= paper / 12 && 2 * darker >= 9 * deviation)
                    || darker >= 25 * deviation),
            "nothing to read: it is blank"
        );
        Ok(Self {
            darkness: quotients.map(|quotient| (paper as u16).saturating_sub(quotient)),
            light,
            threshold: (paper - threshold) as u16,
        })
    }

    /// Where there is ink.
    pub fn mask(&self) -> Grid<bool> {
        self.darkness.map(|darkness| darkness > self.threshold)
    }
}

/// The greys of paper and ink if a program has drawn the picture: at least half of it is one grey,
/// and of the rest most is another one, unless the picture is so small that it is all edges.
pub fn drawn(grey: &Grid<u16>) -> Option<(u16, u16)> {
    two_greys(grey, 1)
}

/// The greys of paper and ink in a picture of grain that is hardly more than a digit: there is no
/// background around its ink.
pub fn narrow(grey: &Grid<u16>) -> Option<(u16, u16)> {
    two_greys(grey, GRAIN)
}

/// The greys of paper and ink, each up to so many of 256 levels.
fn two_greys(grey: &Grid<u16>, tolerance: usize) -> Option<(u16, u16)> {
    let mut counts = [0; 256];
    for &cell in &grey.cells {
        counts[usize::from(cell >> 8)] += 1;
    }
    let near = |level: usize| -> usize {
        counts[level.saturating_sub(tolerance)..min(level + tolerance + 1, 256)]
            .iter()
            .sum()
    };
    let paper = (0..256).max_by_key(|&level| (near(level), counts[level]))?;
    let others = |least: usize| (0..256usize).filter(move |level| level.abs_diff(paper) > least);
    let ink = others(32).max_by_key(|&level| (near(level), counts[level]));
    let ink = ink.filter(|&level| near(level) > 0)?;
    let other: usize = others(16).map(|level| counts[level]).sum();
    let (all, is_full) = (grey.cells.len(), 2 * near(ink) >= near(paper));
    let is_drawn = match tolerance {
        1 => 2 * near(paper) >= all && (all <= 64 * 64 || 2 * near(ink) >= other),
        // A shadow is not so dark.
        _ => {
            is_full
                && 3 * (near(paper) + near(ink)) >= 2 * all
                && max(paper, ink) > 3 * min(paper, ink)
        }
    };
    if !is_drawn {
        return None;
    }
    // In a digit that is cut out narrowly there may be more ink than paper, but not at its border.
    let at_border = |level: usize| {
        let levels = grey.border().map(|cell| usize::from(cell >> 8));
        levels
            .filter(|border| border.abs_diff(level) <= tolerance)
            .count()
    };
    let (inked, blank) = (at_border(paper), at_border(ink));
    // All of it is a frame.
    let is_narrow = is_full && blank > inked && inked > 0;
    let (paper, ink) = if is_narrow {
        (ink, paper)
    } else {
        (paper, ink)
    };
    Some((paper as u16 * 257, ink as u16 * 257))
}

/// The quotients that a picture would have whose paper and ink have these greys, were its paper
/// white and its ink black.
fn over_one(grey: &Grid<u16>, (paper, ink): (u16, u16)) -> Grid<u16> {
    let contrast = u32::from(paper.abs_diff(ink));
    grey.map(|cell| {
        let darker = if paper > ink {
            paper.saturating_sub(cell)
        } else {
            cell.saturating_sub(paper)
        };
        (ONE - min(u32::from(darker) * ONE / contrast, ONE)) as u16
    })
}

/// The quotients of a picture and its background, and whether ink is lighter than paper.
fn over_background(grey: &Grid<u16>) -> (Grid<u16>, bool) {
    let block = max(grey.width, grey.height()).div_ceil(COARSE);
    let coarse = Grid::means(&grey.cells, grey.width, block);
    let reach = min(coarse.width, coarse.height()) / 8 + 1;
    let lightest = coarse.around(reach, max);
    let darkest = coarse.around(reach, min);
    let light = is_light(&coarse, &lightest, &darkest, reach);
    let most = lightest.cells.iter().copied().fold(0, max);
    // What lenses scatter and sensors add is no light of the paper.
    let stray = most / 8 + (1 << 10);
    // By a small grey that is uncertain by as much, nothing can be divided.
    let upright = |cell: u16| match light {
        true => most.saturating_sub(cell),
        false => cell,
    };
    let background = match light {
        true => darkest.within(reach, max).map(upright),
        false => lightest.within(reach, min),
    };
    let mut cells = Vec::with_capacity(grey.cells.len());
    for (y, row) in grey.rows().enumerate() {
        let (top, down) = between(y, block, background.height());
        let below = background.row(min(top + 1, background.height() - 1));
        let line: Vec<u32> = background
            .row(top)
            .iter()
            .zip(below)
            .map(|(&above, &below)| {
                (u32::from(above) * (256 - down) + u32::from(below) * down) >> 8
            })
            .collect();
        for (x, &cell) in row.iter().enumerate() {
            let (left, across) = between(x, block, line.len());
            let right = line[min(left + 1, line.len() - 1)];
            let paper = ((line[left] * (256 - across) + right * across) >> 8) + u32::from(stray);
            let cell = u32::from(upright(cell)) + u32::from(stray);
            cells.push(min(cell * ONE / paper, 65535) as u16);
        }
    }
    (
        Grid {
            width: grey.width,
            cells,
        },
        light,
    )
}

/// Whether ink is lighter than paper: wherever there is something to see, most is paper.
fn is_light(grey: &Grid<u16>, lightest: &Grid<u16>, darkest: &Grid<u16>, reach: usize) -> bool {
    let places = (0..grey.cells.len())
        .map(|at| (at / grey.width + reach) * lightest.width + at % grey.width + reach);
    let ranges = places.map(|at| (lightest.cells[at], darkest.cells[at]));
    let largest = ranges
        .clone()
        .map(|(light, dark)| light - dark)
        .fold(0, max);
    let votes = grey.cells.iter().zip(ranges).map(|(&cell, (light, dark))| {
        if light - dark < largest / 4 {
            0
        } else if light - cell < cell - dark {
            -1
        } else {
            1
        }
    });
    votes.sum::<i64>() > 0
}

/// The last block whose middle is not after a pixel's, and how far it is to the next, in 256ths.
fn between(pixel: usize, block: usize, blocks: usize) -> (usize, u32) {
    let halves = (2 * pixel + 1).saturating_sub(block);
    let before = min(halves / (2 * block), blocks - 1);
    (before, (halves % (2 * block) * 256 / (2 * block)) as u32)
}

/// The first level from one on up to which there are more than so many; this one itself if there are
/// none.
fn quantile(counts: &[u64], from: usize, rank: u64) -> usize {
    let mut sum = 0;
    let found = (from..counts.len()).find(|&level| {
        sum += counts[level];
        sum > rank
    });
    found.unwrap_or(from)
}

fn mean(counts: &[u64]) -> Option<usize> {
    let sum: u64 = (0..)
        .zip(counts)
        .map(|(level, &count): (u64, _)| level * count)
        .sum();
    Some(sum.checked_div(counts.iter().sum())? as usize)
}

/// Otsu's threshold of so many pixels, whose levels have this sum, by the counts of the levels that it
/// may be above: what is less is the dark class. None if there is one level alone.
pub fn otsu(counts: &[u64], pixels: u64, sum: u64) -> Option<usize> {
    let (mut dark, mut dark_sum) = (0, 0);
    let (mut threshold, mut largest) = (None, 0.0);
    for (level, &count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        dark += count;
        dark_sum += level as u64 * count;
        let light = pixels - dark;
        let apart = (sum - dark_sum) as f64 / light as f64 - dark_sum as f64 / dark as f64;
        let variance = dark as f64 * light as f64 * apart * apart;
        if variance > largest {
            (threshold, largest) = (Some(level + 1), variance);
        }
    }
    threshold
}
