//! Text for people: aligned, and at most 80 columns wide.

use std::fmt::{Display, Write};
use std::time::Duration;

use comfy_table::{Cell, CellAlignment, Table, presets};
use indicatif::HumanCount;
use mnist_kernel::{ConfusionMatrix, ONE};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::class_names::{ClassNames, is_control};
use crate::terminal_image;

/// The widest a table or a drawing may be.
pub const COLUMNS: usize = 80;

/// The length of the longest bar of a chart.
const BAR: u64 = 50;

/// The columns of the longest name of a class in a table or a chart.
const NAME: usize = 12;

/// A line that says one thing, which may be the name of a file from anywhere.
pub fn line(name: &str, what: &str) -> String {
    format!("{name:<11} {}\n", printable(what))
}

/// A line about a phase: what it did, its time, and its speed if it handles images.
pub fn phase(name: &str, what: &str, time: Duration, images: usize) -> String {
    let milliseconds = time.as_secs_f64() * 1e3;
    let mut line = format!("{name:<11} {what:<30} {milliseconds:>9.2} ms");
    if images > 0 {
        let millions = images as f64 / time.as_secs_f64() / 1e6;
        write!(line, " {millions:>7.2} million images/s").expect("a String takes any text");
    }
    line.push('\n');
    line
}

/// A count with a comma after each three digits.
pub fn count(number: usize) -> HumanCount {
    HumanCount(number as u64)
}

/// `"1 epoch"`, `"2 epochs"`.
pub fn plural(number: u64, noun: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{} {noun}{s}", HumanCount(number))
}

/// A bar for each named count, all to one scale.
pub fn bar_chart(counts: impl IntoIterator<Item = (impl Display, u64)>) -> String {
    let bar = |(name, count)| (name, HumanCount(count), count);
    bars(counts.into_iter().map(bar))
}

/// A line for each name, what is said of it, and its bar, which is so long on a common scale.
pub fn bars(rows: impl IntoIterator<Item = (impl Display, impl Display, u64)>) -> String {
    let row = |(name, what, length): (_, _, u64)| (format!("{name}"), format!("{what}"), length);
    let rows: Vec<_> = rows.into_iter().map(row).collect();
    let most = rows.iter().map(|&(.., length)| length).max().unwrap_or(0);
    let widest = rows.iter().map(|(name, ..)| name.width()).max();
    let widest = widest.unwrap_or(0).max(11);
    let block = if terminal_image::in_letters() {
        "#"
    } else {
        "█"
    };
    let mut text = String::new();
    for (name, what, length) in rows {
        // Rounded up: what is not 0 can be seen.
        let length = (u128::from(length) * u128::from(BAR)).div_ceil(most.max(1).into()) as usize;
        let (blank, bar) = (widest - name.width(), block.repeat(length));
        writeln!(text, "{:blank$}{name} {what:>11}  {bar}", "").expect("a String takes any text");
    }
    trimmed(&text)
}

/// `"3"`, or `"3 cat"` if the classes have names; a long name is cut.
pub fn class(class: usize, names: Option<&ClassNames>) -> String {
    match names.and_then(|names| names.get(class)) {
        Some(name) => format!("{class} {}", cut(name)),
        None => class.to_string(),
    }
}

/// As much of a name as there is room for.
fn cut(name: &str) -> String {
    let width = |character: char| character.width().unwrap_or(0);
    if name.chars().map(width).sum::<usize>() <= NAME {
        return name.to_owned();
    }
    let mut columns = 0;
    let start = name.chars().take_while(|&character| {
        columns += width(character);
        columns < NAME
    });
    start.chain(['…']).collect()
}

/// Text without what a terminal would take for a command: such characters as Rust writes them.
pub fn printable(text: &str) -> String {
    let printable = |character: char| match is_control(character) && character != '\n' {
        true => character.escape_default().to_string(),
        false => character.to_string(),
    };
    text.chars().map(printable).collect()
}

/// `"accuracy 0.8831 (8831 of 10000)"`.
pub fn accuracy(matrix: &ConfusionMatrix) -> String {
    let (accuracy, correct) = (matrix.accuracy(), matrix.correct());
    format!("accuracy {accuracy:.4} ({correct} of {})", matrix.total())
}

/// A score or an output in full pixels: 1.0 is what a pixel of full ink gives where the weight is
/// 1.0.
pub fn full_pixels(score: i64) -> f64 {
    score as f64 / f64::from(ONE * ONE)
}

/// The confusion matrix with precision and recall; where it would be too wide, each class's
/// precision and recall and the most frequent confusions.
pub fn confusion(matrix: &ConfusionMatrix, names: Option<&ClassNames>) -> String {
    for row_names in [names, None] {
        let text = whole_matrix(matrix, row_names).to_string();
        if text.lines().all(|line| line.width() <= COLUMNS) {
            let legend = match (names, row_names) {
                (Some(_), None) => format!("\n{}", legend(matrix.classes(), names)),
                _ => String::new(),
            };
            return trimmed(&text) + &legend;
        }
    }
    let confusions = if matrix.correct() < matrix.total() {
        "\n".to_owned() + &most_frequent(matrix, names)
    } else {
        String::new()
    };
    per_class(matrix, names) + &confusions
}

fn whole_matrix(matrix: &ConfusionMatrix, names: Option<&ClassNames>) -> Table {
    let classes = (0..matrix.classes()).map(|class| class.to_string());
    let header = ["true".to_owned()].into_iter().chain(classes);
    let mut table = table(header.chain(headers()));
    for (label, row) in matrix.rows().enumerate() {
        let counts = row.iter().map(|&count| match count {
            0 => "·".to_owned(),
            count => count.to_string(),
        });
        let cells = [class(label, names)]
            .into_iter()
            .chain(counts)
            .chain(shares(matrix, label));
        table.add_row(right_aligned(cells));
    }
    table
}

/// What the numbers of the classes stand for.
fn legend(classes: usize, names: Option<&ClassNames>) -> String {
    let mut text = String::new();
    let mut columns = 0;
    for label in 0..classes {
        let name = class(label, names);
        let width = name.width();
        // Two for what is between this one and the one before.
        if columns > 0 && columns + 2 + width < COLUMNS {
            text += ", ";
            columns += 2;
        } else if columns > 0 {
            text += ",\n";
            columns = 0;
        }
        text += &name;
        columns += width;
    }
    text + "\n"
}

/// Precision and recall of each class that is there or was answered.
fn per_class(matrix: &ConfusionMatrix, names: Option<&ClassNames>) -> String {
    let mut table = table(
        ["class", "images"]
            .into_iter()
            .map(String::from)
            .chain(headers()),
    );
    for (label, row) in matrix.rows().enumerate() {
        let images: u64 = row.iter().sum();
        if images > 0 || matrix.precision(label).is_some() {
            let cells = [class(label, names), images.to_string()];
            let cells = cells.into_iter().chain(shares(matrix, label));
            table.add_row(right_aligned(cells));
        }
    }
    trimmed(&table.to_string())
}

/// The ten most frequent confusions.
fn most_frequent(matrix: &ConfusionMatrix, names: Option<&ClassNames>) -> String {
    let mut confusions: Vec<(u64, usize, usize)> = Vec::new();
    for (label, row) in matrix.rows().enumerate() {
        let wrong = row
            .iter()
            .enumerate()
            .filter(|&(class, &count)| class != label && count > 0);
        confusions.extend(wrong.map(|(predicted, &count)| (count, label, predicted)));
    }
    confusions.sort_by_key(|&(count, label, predicted)| (u64::MAX - count, label, predicted));
    let mut table = table(
        ["true", "predicted", "images"]
            .into_iter()
            .map(String::from),
    );
    for (count, label, predicted) in confusions.into_iter().take(10) {
        let [label, predicted] = [label, predicted].map(|number| class(number, names));
        table.add_row(right_aligned([label, predicted, count.to_string()]));
    }
    trimmed(&table.to_string())
}

fn headers() -> impl Iterator<Item = String> {
    ["precision", "recall"].into_iter().map(String::from)
}

/// Precision and recall of a class, where they exist.
fn shares(matrix: &ConfusionMatrix, class: usize) -> impl Iterator<Item = String> {
    let shares = [matrix.precision(class), matrix.recall(class)];
    shares
        .into_iter()
        .map(|share| share.map_or("–".to_owned(), |share| format!("{share:.4}")))
}

fn table(header: impl Iterator<Item = String>) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_header(right_aligned(header));
    table
}

fn right_aligned(cells: impl IntoIterator<Item = String>) -> impl Iterator<Item = Cell> {
    let cell = |text| Cell::new(text).set_alignment(CellAlignment::Right);
    cells.into_iter().map(cell)
}

/// Without the blanks at the ends of the lines.
fn trimmed(text: &str) -> String {
    text.lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect()
}
