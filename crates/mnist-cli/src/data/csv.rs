//! CSV files: a row for each image, its label first and then its pixels, row by row.
//!
//! The fields are numbers, so that a comma is always the end of one. A general parser takes more
//! than twice as long (measured with the crate `csv`).

use std::io::{BufRead, Read};

use anyhow::{Context, Result, bail, ensure};

use super::arrays::{Arrays, byte, not_a_byte, square_side};

/// The most bytes of a row, so that a file without ends of lines does not fill the memory.
const LONGEST_ROW: u64 = 1 << 22;

/// What a header calls the column of the labels.
const LABELS: [&str; 6] = ["label", "labels", "class", "digit", "target", "y"];

/// What it calls a column that only numbers the rows. The index of pandas has no name.
const IDS: [&str; 6] = ["", "id", "image_id", "imageid", "index", "unnamed: 0"];

/// What the columns are.
struct Columns {
    count: usize,
    /// Those that are left out, in their order.
    ids: Vec<usize>,
    label: Option<usize>,
    /// The height and the width of the images.
    side: usize,
    is_header: bool,
}

/// Reads the images, and the labels if there is a column more than a square number of pixels. The
/// first row may be a header; it may say that the label is in another column than the first, and
/// which columns are neither label nor pixels.
pub fn read(mut source: impl BufRead) -> Result<Arrays> {
    let (mut pixels, mut labels) = (Vec::new(), Vec::new());
    let mut columns: Option<Columns> = None;
    let mut line = Vec::new();
    for row in 1.. {
        line.clear();
        let mut source = source.by_ref().take(LONGEST_ROW);
        let length = source.read_until(b'\n', &mut line)?;
        if length == 0 {
            break;
        }
        ensure!(
            (length as u64) < LONGEST_ROW,
            "row {row} has more than {LONGEST_ROW} bytes: no image is so large"
        );
        let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line);
        let line = line.trim_ascii_end();
        if line.is_empty() {
            continue;
        }
        let columns = match &columns {
            Some(columns) => columns,
            None => {
                let found = columns.insert(Columns::of(line)?);
                if found.is_header {
                    continue;
                }
                found
            }
        };
        let mut found = 0;
        let mut ids = columns.ids.iter().copied();
        let mut id = ids.next();
        pixels.try_reserve(columns.count)?;
        for (column, field) in fields(line).enumerate() {
            found += 1;
            if id == Some(column) {
                id = ids.next();
                continue;
            }
            let number = number(field)
                .ok_or_else(|| not_a_byte(row - 1, column, format_args!("\"{}\"", text(field))))?;
            match columns.label == Some(column) {
                true => labels.push(number),
                false => pixels.push(number),
            }
        }
        ensure!(
            found == columns.count,
            "row {row} has {found} columns, but the first row has {}",
            columns.count
        );
    }
    let columns = columns.context("there are no rows")?;
    let (side, area) = (columns.side, columns.side.pow(2));
    let mut images = pixels.chunks_exact(area);
    ensure!(
        columns.is_header
            || columns.label.is_none()
            || labels.iter().any(|&label| label != labels[0])
            || !matches!(labels[0], 0 | 255)
            || images.all(|image| image[area - 1] == pixels[area - 1]),
        "the first column is {} in every row, while the last one varies: the label must come first, \
         or a header must call its column \"label\"",
        labels[0]
    );
    Ok(Arrays {
        dimensions: vec![pixels.len() / area, side, side],
        labels: columns.label.map(|_| labels),
        pixels,
    })
}

impl Columns {
    /// Decides from the first row.
    fn of(line: &[u8]) -> Result<Self> {
        let names = fields(line).map(|field| text(field).to_lowercase());
        let names: Vec<String> = names.collect();
        let numbers = || names.iter().map(|name| name.parse::<f64>());
        // A header may have numbers in it, but they count the columns. Pixels don't, that far. A label
        // and an id may be before them.
        let is_header = (names.len() > 9 || numbers().any(|number| number.is_err()))
            && (0..).zip(numbers()).all(|(column, number)| {
                number.map_or(true, |number| (number - f64::from(column)).abs() <= 2.0)
            });
        let is = |column: usize, known: &[&str]| is_header && known.contains(&&*names[column]);
        let (ids, taken): (Vec<usize>, Vec<_>) =
            (0..names.len()).partition(|&column| is(column, &IDS));
        let sides = [taken.len().saturating_sub(1), taken.len()].map(square_side);
        // What else than the pixels has no name like theirs.
        let word = |column: usize| names[column].replace(|c: char| c.is_ascii_digit(), "");
        let last = match taken[..] {
            [first, second, .., last] if is_header && sides[0].is_some() => {
                let alike = word(first) == word(second) && word(first) != word(last);
                alike.then_some(last)
            }
            _ => None,
        };
        let named = taken.iter().copied().find(|&column| is(column, &LABELS));
        let (label, side) = match (named.or(last), sides) {
            (Some(label), [Some(side), _]) => (Some(label), side),
            (None, [_, Some(side)]) if taken.len() > 1 => (None, side),
            (None, [Some(side), _]) => (Some(taken[0]), side),
            _ => bail!(
                "the first row has {} columns between its commas: expected a label and then the \
                 pixels of a square image (785 columns for 28 × 28 pixels), or such pixels alone \
                 (784)",
                names.len()
            ),
        };
        Ok(Self {
            count: names.len(),
            ids,
            label,
            side,
            is_header,
        })
    }
}

fn fields(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|&byte| byte == b',')
}

/// A field without blanks and quotation marks around it.
fn text(field: &[u8]) -> String {
    let text = String::from_utf8_lossy(field);
    text.trim_matches([' ', '\t', '"']).to_owned()
}

/// The number that a field is, if it is whole and from 0 to 255.
fn number(field: &[u8]) -> Option<u8> {
    // Nearly all fields are plain digits.
    let plain = field.iter().try_fold(0_u8, |number, byte| {
        let digit = byte.checked_sub(b'0').filter(|&digit| digit < 10)?;
        number.checked_mul(10)?.checked_add(digit)
    });
    match field.is_empty() {
        true => None,
        false => plain.or_else(|| text(field).parse().ok().and_then(byte)),
    }
}
