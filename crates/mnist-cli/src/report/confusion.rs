//! The confusion matrix as a heat map.

use mnist_kernel::ConfusionMatrix;

/// A true class.
pub struct Row {
    /// The predicted classes.
    pub cells: Vec<Cell>,
    /// Of the images of this class, the share that was predicted to be, 0…1.
    pub recall: Option<f64>,
    /// Of the images predicted to be of this class, the share that is, 0…1.
    pub precision: Option<f64>,
}

/// Images of one class that were predicted to be of one class.
pub struct Cell {
    pub count: u64,
    /// How strongly the cell is coloured, in per cent.
    pub heat: u64,
    /// Whether the prediction is right.
    pub right: bool,
}

/// The rows of the heat map. Mistakes are coloured by the square root of their count against the
/// most frequent one, so that the rare ones can be seen too; right answers by the recall.
pub fn rows(matrix: &ConfusionMatrix) -> Vec<Row> {
    let classes = 0..matrix.classes();
    let wrong = classes.clone().flat_map(|label| {
        let others = classes.clone().filter(move |&predicted| predicted != label);
        others.map(move |predicted| matrix.count(label, predicted))
    });
    let most = wrong.max().unwrap_or(0);
    let cell = |label: usize, predicted: usize| {
        let count = matrix.count(label, predicted);
        let right = label == predicted;
        let share = match right {
            true => matrix.recall(label).unwrap_or(0.0),
            false => (count as f64 / most.max(1) as f64).sqrt(),
        };
        Cell {
            count,
            heat: (100.0 * share) as u64,
            right,
        }
    };
    let row = |label: usize| Row {
        cells: classes
            .clone()
            .map(|predicted| cell(label, predicted))
            .collect(),
        recall: matrix.recall(label),
        precision: matrix.precision(label),
    };
    classes.clone().map(row).collect()
}

#[cfg(test)]
mod tests {
    use mnist_kernel::{Kernel, Perceptron, Shape, evaluate};

    use super::*;

    #[test]
    fn right_answers_are_as_warm_as_the_recall_and_mistakes_as_the_root_of_their_share() {
        // It answers 0 to no ink and 1 to full ink.
        let shape = Shape::new(3, 1).unwrap();
        let network = Perceptron::from_parts(shape, &[0, 255, 0], &[1, 0, 0]).unwrap();
        let (images, labels) = ([0, 0, 255, 0, 0, 0, 0], [0, 1, 1, 2, 2, 2, 2]);
        let matrix = evaluate(&network, &images, &labels, Kernel::best()).unwrap();
        let rows = rows(&matrix);
        let heat = |row: &Row| row.cells.iter().map(|cell| cell.heat).collect::<Vec<_>>();
        assert_eq!(
            rows.iter().map(heat).collect::<Vec<_>>(),
            [[100, 0, 0], [50, 50, 0], [100, 0, 0],]
        );
        assert_eq!(rows[1].recall, Some(0.5));
        assert_eq!(rows[1].precision, Some(1.0));
        assert!(rows[1].cells[1].right && !rows[1].cells[0].right);
    }
}
