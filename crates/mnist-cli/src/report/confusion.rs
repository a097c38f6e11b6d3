//! The confusion matrix as a heat map.

use mnist_kernel::ConfusionMatrix;

use crate::evaluation::confusion::confusions;

/// How strongly each cell is coloured, in per cent, a row for each true class. Mistakes are coloured
/// by the square root of their count against the most frequent one, so that the rare ones can be
/// seen too; right answers by the recall.
pub fn heat(matrix: &ConfusionMatrix) -> Vec<Vec<u64>> {
    let most = confusions(matrix).first().map_or(1, |&(count, ..)| count);
    let row = |(label, row): (usize, &[u64])| {
        let cells = row.iter().enumerate().map(|(predicted, &count)| {
            let share = match label == predicted {
                true => matrix.recall(label).unwrap_or(0.0),
                false => (count as f64 / most as f64).sqrt(),
            };
            (100.0 * share) as u64
        });
        cells.collect()
    };
    matrix.rows().enumerate().map(row).collect()
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
        assert_eq!(heat(&matrix), [[100, 0, 0], [50, 50, 0], [100, 0, 0]]);
    }
}
