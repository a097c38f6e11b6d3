//! The confusion matrix as a table.

use std::cmp::Reverse;
use std::iter;

use mnist_kernel::ConfusionMatrix;
use unicode_width::UnicodeWidthStr;

use crate::data::{ClassNames, class};
use crate::terminal::{COLUMNS, four_decimals, table};

/// The widest that the whole table may be.
const WIDEST: usize = 100;

/// The most frequent confusions that are listed.
const LISTED: usize = 10;

/// The columns of [`shares`].
const SHARES: [&str; 2] = ["precision", "recall"];

/// The confusion matrix with precision and recall. If it would be too wide: each class's precision
/// and recall, and the most frequent confusions.
pub fn text(matrix: &ConfusionMatrix, names: Option<&ClassNames>) -> String {
    for row_names in [names, None] {
        let text = whole(matrix, row_names);
        if text.lines().all(|line| line.width() <= WIDEST) {
            return match (names, row_names) {
                (Some(_), None) => text + "\n" + &legend(matrix.classes(), names),
                _ => text,
            };
        }
    }
    let classes = per_class(matrix, names);
    match matrix.correct() < matrix.total() {
        true => classes + "\n" + &most_frequent(matrix, names),
        false => classes,
    }
}

fn whole(matrix: &ConfusionMatrix, names: Option<&ClassNames>) -> String {
    let classes = (0..matrix.classes()).map(|class| class.to_string());
    let header = iter::once("true".to_owned()).chain(classes);
    let header = header.chain(SHARES.map(String::from));
    table(
        header,
        matrix.rows().enumerate().map(|(label, row)| {
            let count = |&count: &u64| match count {
                0 => "·".to_owned(),
                count => count.to_string(),
            };
            let name = iter::once(class(label, names));
            name.chain(row.iter().map(count))
                .chain(shares(matrix, label))
        }),
    )
}

/// What the numbers of the classes stand for.
fn legend(classes: usize, names: Option<&ClassNames>) -> String {
    let mut text = String::new();
    for label in 0..classes {
        let name = class(label, names);
        let line = text.lines().last().unwrap_or_default();
        // Two for the comma and the blank before it.
        text += match line.width() {
            0 => "",
            columns if columns + 2 + name.width() < COLUMNS => ", ",
            _ => ",\n",
        };
        text += &name;
    }
    text + "\n"
}

/// Precision and recall of each class that has images or was predicted.
fn per_class(matrix: &ConfusionMatrix, names: Option<&ClassNames>) -> String {
    let header = ["class", "images"].into_iter().chain(SHARES);
    let rows = matrix.rows().enumerate().filter_map(|(label, row)| {
        let images: u64 = row.iter().sum();
        let occurs = images > 0 || matrix.precision(label).is_some();
        let cells = [class(label, names), images.to_string()];
        occurs.then(|| cells.into_iter().chain(shares(matrix, label)))
    });
    table(header, rows)
}

/// The confusions that occur, the most frequent first: how many images, their class, and what was
/// predicted.
pub fn confusions(matrix: &ConfusionMatrix) -> Vec<(u64, usize, usize)> {
    let mut confusions = Vec::new();
    for (label, row) in matrix.rows().enumerate() {
        let wrong = row.iter().enumerate();
        let wrong = wrong.filter(|&(class, &count)| class != label && count > 0);
        confusions.extend(wrong.map(|(predicted, &count)| (count, label, predicted)));
    }
    // Stable, so that of equal ones the first class comes first.
    confusions.sort_by_key(|&(count, ..)| Reverse(count));
    confusions
}

fn most_frequent(matrix: &ConfusionMatrix, names: Option<&ClassNames>) -> String {
    let rows = confusions(matrix).into_iter().take(LISTED);
    let rows = rows.map(|(count, label, predicted)| {
        let [label, predicted] = [label, predicted].map(|number| class(number, names));
        [label, predicted, count.to_string()]
    });
    table(["true", "predicted", "images"], rows)
}

/// Precision and recall of a class, as far as they exist.
fn shares(matrix: &ConfusionMatrix, class: usize) -> impl Iterator<Item = String> {
    let shares = [matrix.precision(class), matrix.recall(class)];
    shares.into_iter().map(four_decimals)
}
