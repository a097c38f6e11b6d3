//! Connected parts of ink, and which of them are a digit together.

use std::collections::BTreeSet;

use super::grid::Grid;

/// Parts of less than 1/25 of a digit's ink are specks.
const SPECK: usize = 25;

/// Where there are more parts, boxes are not looked for: the picture is grain.
const MOST_PARTS: usize = 4000;

/// One connected part of ink or more.
#[derive(Clone)]
pub struct Part {
    /// The numbers of the connected parts.
    pub labels: Vec<u32>,
    pub left: usize,
    pub top: usize,
    /// The first column after it.
    pub right: usize,
    /// The first row after it.
    pub bottom: usize,
    pub area: usize,
    /// How many of its pixels are at the picture's borders.
    contact: usize,
}

impl Part {
    pub fn width(&self) -> usize {
        self.right - self.left
    }

    pub fn height(&self) -> usize {
        self.bottom - self.top
    }

    /// The larger side.
    pub fn size(&self) -> usize {
        self.width().max(self.height())
    }

    /// Whether it is a line across.
    fn is_bar(&self) -> bool {
        self.width() >= 4 * self.height()
    }

    fn is_dot(&self) -> bool {
        let (width, height) = (self.width(), self.height());
        9 * self.area >= 5 * width * height && self.size() < 2 * width.min(height)
    }

    fn join(&mut self, other: &Part) {
        self.labels.extend(&other.labels);
        self.left = self.left.min(other.left);
        self.top = self.top.min(other.top);
        self.right = self.right.max(other.right);
        self.bottom = self.bottom.max(other.bottom);
        self.area += other.area;
    }

    /// How far apart two are across and down: less than 0 if they overlap.
    fn gaps(&self, other: &Part) -> (i64, i64) {
        let across = self.left.max(other.left) as i64 - self.right.min(other.right) as i64;
        let down = self.top.max(other.top) as i64 - self.bottom.min(other.bottom) as i64;
        (across, down)
    }

    fn distance(&self, other: &Part) -> i64 {
        let (across, down) = self.gaps(other);
        across.max(down)
    }

    /// Whether it is met on all four sides of another part, straight from its middle.
    fn is_around(&self, inner: &Part, labels: &Grid<u32>) -> bool {
        let across = self.left < inner.left && inner.right < self.right;
        if !(across && self.top < inner.top && inner.bottom < self.bottom) {
            return false;
        }
        let [x, y] = [inner.left + inner.right, inner.top + inner.bottom].map(|ends| ends / 2);
        let is_met = |x: usize, y: usize| labels.row(y)[x] == self.labels[0];
        (self.left..inner.left).any(|x| is_met(x, y))
            && (inner.right..self.right).any(|x| is_met(x, y))
            && (self.top..inner.top).any(|y| is_met(x, y))
            && (inner.bottom..self.bottom).any(|y| is_met(x, y))
    }

    /// Whether it is a piece of a digit, by where it is: a full stop is beside it, and a line under
    /// it is none.
    fn is_piece_of(&self, digit: &Part) -> bool {
        let (across, _) = digit.gaps(self);
        let is_low = self.top + self.bottom > digit.top + digit.bottom;
        across < 0 && !(self.is_bar() && (is_low || 2 * self.width() > 3 * digit.width()))
    }
}

/// Takes away boxes and circles, none of which reaches the picture's border: what is around something
/// that has at least this size, and is no speck beside it, nor a dot.
pub fn erase_boxes(mask: &mut Grid<bool>, least_size: usize) {
    let (mut parts, labels) = connected(mask, mask);
    parts.retain(|part| part.size() >= least_size);
    if parts.len() > MOST_PARTS {
        return;
    }
    let is_box = |outer: &&Part| {
        let side = outer.width().min(outer.height());
        let is_in_it = |inner: &Part| {
            let is_large = 8 * inner.size() >= side && SPECK * inner.area >= outer.area;
            is_large && !inner.is_dot() && outer.is_around(inner, &labels)
        };
        outer.contact == 0 && parts.iter().any(is_in_it)
    };
    let boxes = parts.iter().filter(is_box).map(|part| part.labels[0]);
    let boxes: BTreeSet<u32> = boxes.collect();
    for (ink, label) in mask.cells.iter_mut().zip(&labels.cells) {
        *ink &= !boxes.contains(label);
    }
}

/// The connected parts of ink, and the number of each pixel's part from 1. Parts whose distance
/// the joints bridge are one; the joints themselves are no ink.
pub fn connected(ink: &Grid<bool>, joints: &Grid<bool>) -> (Vec<Part>, Grid<u32>) {
    let (width, height) = (ink.width, ink.height());
    let mut labels = joints.map(|_| 0);
    // Of each label one that is the same part's, the root's own; 0 is paper's.
    let mut parents = vec![0];
    for at in (0..joints.cells.len()).filter(|&at| joints.cells[at]) {
        let (x, y) = (at % width, at / width);
        let before = [
            (x > 0, 1),
            (y > 0 && x > 0, width + 1),
            (y > 0, width),
            (y > 0 && x + 1 < width, width - 1),
        ];
        let mut label = 0;
        for (_, back) in before.into_iter().filter(|&(exists, _)| exists) {
            let other = root(&mut parents, labels.cells[at - back]);
            if label == 0 || other == 0 {
                label = label.max(other);
            } else {
                let (first, second) = (label.min(other), label.max(other));
                parents[second as usize] = first;
                label = first;
            }
        }
        if label == 0 {
            label = parents.len() as u32;
            parents.push(label);
        }
        labels.cells[at] = label;
    }
    let mut numbers = vec![0; parents.len()];
    let mut parts: Vec<Part> = Vec::new();
    for (at, label) in labels
        .cells
        .iter_mut()
        .enumerate()
        .filter(|(_, label)| **label > 0)
    {
        if !ink.cells[at] {
            *label = 0;
            continue;
        }
        let (x, y) = (at % width, at / width);
        let number = &mut numbers[root(&mut parents, *label) as usize];
        if *number == 0 {
            *number = parts.len() as u32 + 1;
            parts.push(Part {
                labels: vec![*number],
                left: x,
                top: y,
                right: 0,
                bottom: 0,
                area: 0,
                contact: 0,
            });
        }
        *label = *number;
        let part = &mut parts[*number as usize - 1];
        (part.left, part.right) = (part.left.min(x), part.right.max(x + 1));
        part.bottom = y + 1;
        part.area += 1;
        let at_borders = [x == 0, x + 1 == width, y == 0, y + 1 == height];
        part.contact += at_borders.map(usize::from).iter().sum::<usize>();
    }
    (parts, labels)
}

fn root(parents: &mut [u32], mut label: u32) -> u32 {
    while parents[label as usize] != label {
        parents[label as usize] = parents[parents[label as usize] as usize];
        label = parents[label as usize];
    }
    label
}

/// The parts without what touches the border: a frame, the table, a shadow. What is much larger
/// than all the rest stays if it just reaches the border, as a digit may, or if it fills the
/// picture, as a digit does that was cut out.
pub fn within_border(parts: Vec<Part>, width: usize, height: usize) -> Vec<Part> {
    let (touching, mut rest): (Vec<_>, Vec<_>) =
        parts.into_iter().partition(|part| part.contact > 0);
    let largest = rest.iter().map(|part| part.area).max().unwrap_or(0);
    rest.extend(touching.into_iter().filter(|part| {
        let spans = 8 * part.width() >= 7 * width && 8 * part.height() >= 7 * height;
        let fills = spans && part.contact < width + height;
        let is_line = part.size() > 5 * part.width().min(part.height());
        part.area > 8 * largest && (fills || 16 * part.contact < width + height && !is_line)
    }));
    rest
}

/// The one with the most ink that may be a digit.
///
/// A dot as large as a fifth of the picture is a digit in thick strokes.
pub fn largest(parts: &[Part], least_size: usize, side: usize) -> Option<&Part> {
    let may_be = |part: &&Part| {
        let is_large = 5 * part.size() >= side;
        part.size() >= least_size && !part.is_bar() && (is_large || !part.is_dot())
    };
    parts.iter().filter(may_be).max_by_key(|part| part.area)
}

/// All parts that are no specks beside the largest, as one digit.
pub fn as_one(parts: &[Part], largest: &Part) -> Part {
    let mut digit = largest.clone();
    for part in parts.iter().filter(|part| part.labels != largest.labels) {
        if SPECK * part.area >= largest.area {
            digit.join(part);
        }
    }
    digit
}

/// The digits, all of like size, each with its pieces, and in reading order.
pub fn digits(parts: &[Part], largest: &Part) -> Vec<Part> {
    let is_like = |part: &&Part| {
        let is_large = 5 * part.size() >= 2 * largest.size() && 12 * part.area >= largest.area;
        // A dot nearly as large as the largest is a digit in bold.
        let is_dot = part.is_dot() && 4 * part.size() < 3 * largest.size();
        part.labels == largest.labels || is_large && !part.is_bar() && !is_dot
    };
    let (digits, pieces): (Vec<&Part>, Vec<&Part>) = parts.iter().partition(is_like);
    let mut digits: Vec<Part> = digits.into_iter().cloned().collect();
    while let Some((piece, digit)) = pair(&digits, largest.size()) {
        let part = digits[piece].clone();
        digits[digit].join(&part);
        digits.remove(piece);
    }
    for piece in pieces {
        let nearest = digits.iter_mut().min_by_key(|digit| digit.distance(piece));
        let near = |digit: &&mut Part| {
            SPECK * piece.area >= digit.area
                && 4 * digit.distance(piece) < digit.size() as i64
                && piece.is_piece_of(digit)
        };
        if let Some(digit) = nearest.filter(near) {
            digit.join(piece);
        }
    }
    in_order(digits)
}

/// A part that belongs to another one: it is within the other's box, or over or under the other
/// and so low or so near that they are no two lines of digits.
fn pair(parts: &[Part], size: usize) -> Option<(usize, usize)> {
    let pairs = (0..parts.len()).flat_map(|a| (0..parts.len()).map(move |b| (a, b)));
    pairs.filter(|(a, b)| a != b).find(|&(piece, digit)| {
        let (piece, digit) = (&parts[piece], &parts[digit]);
        let (across, down) = digit.gaps(piece);
        let narrower = piece.width().min(digit.width()) as i64;
        let beside = -2 * down > piece.height().min(digit.height()) as i64;
        let height = piece.bottom.max(digit.bottom) - piece.top.min(digit.top);
        let is_bar = 2 * piece.height() < digit.height() && 4 * down < size as i64;
        let is_half = 16 * down < size as i64 && 5 * height <= 8 * size;
        // A bar may be written too far to the right.
        -2 * across > narrower && (beside || is_half) || -8 * across > narrower && is_bar
    })
}

/// Lines from top to bottom, each from left to right.
fn in_order(mut digits: Vec<Part>) -> Vec<Part> {
    digits.sort_by_key(|digit| digit.top + digit.bottom);
    let mut lines: Vec<Vec<Part>> = Vec::new();
    for digit in digits {
        let middle = (digit.top + digit.bottom) / 2;
        match lines.last_mut() {
            Some(line) if middle < line[line.len() / 2].bottom => line.push(digit),
            _ => lines.push(vec![digit]),
        }
    }
    for line in &mut lines {
        line.sort_by_key(|digit| digit.left + digit.right);
    }
    lines.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The digits in a picture of filled rectangles: left, top, width and height.
    fn digits_of(rectangles: &[[usize; 4]]) -> Vec<[usize; 4]> {
        let (width, height) = (100, 50);
        let is_ink = |at: usize| {
            let (x, y) = (at % width, at / width);
            let within = |[left, top, width, height]: &[usize; 4]| {
                (*left..left + width).contains(&x) && (*top..top + height).contains(&y)
            };
            rectangles.iter().any(within)
        };
        let cells = (0..width * height).map(is_ink).collect();
        let mask = Grid { width, cells };
        let (parts, _) = connected(&mask, &mask);
        let largest = largest(&parts, 6, height).unwrap();
        let digits = digits(&parts, largest).into_iter();
        let place = |digit: Part| [digit.left, digit.top, digit.width(), digit.height()];
        digits.map(place).collect()
    }

    #[test]
    fn digits_in_bold_are_digits_beside_each_other_and_a_dot_is_none() {
        let [first, second, dot] = [[5, 5, 20, 30], [40, 7, 18, 27], [75, 24, 10, 10]];
        assert_eq!(digits_of(&[first, dot, second]), [first, second]);
    }

    #[test]
    fn a_bar_that_is_hardly_over_its_digit_is_a_part_of_it() {
        let [bar, rest, other] = [[20, 5, 20, 6], [5, 14, 20, 30], [60, 10, 20, 30]];
        assert_eq!(digits_of(&[bar, rest, other]), [[5, 5, 35, 39], other]);
    }
}
