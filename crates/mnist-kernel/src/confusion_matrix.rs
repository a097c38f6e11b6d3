//! What a network answers to images of each class.

/// Counts of images `[true class, predicted class]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfusionMatrix {
    classes: usize,
    /// Row by row; a row is a true class.
    counts: Vec<u64>,
}

impl ConfusionMatrix {
    /// A matrix of zeros.
    pub(crate) fn new(classes: usize) -> Self {
        Self {
            classes,
            counts: vec![0; classes * classes],
        }
    }

    #[inline]
    pub(crate) fn count_answer(&mut self, label: u8, predicted: u8) {
        self.counts[usize::from(label) * self.classes + usize::from(predicted)] += 1;
    }

    /// The sum of two matrices of the same classes.
    pub(crate) fn add(mut self, other: &Self) -> Self {
        for (count, other) in self.counts.iter_mut().zip(&other.counts) {
            *count += other;
        }
        self
    }

    /// The number of classes.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The rows, one for each true class: the counts of each predicted class, `[classes]`.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[u64]> {
        self.counts.chunks_exact(self.classes)
    }

    /// How many images of class `label` were predicted to be of class `predicted`.
    ///
    /// # Panics
    ///
    /// If either is not a class.
    pub fn count(&self, label: usize, predicted: usize) -> u64 {
        assert!(label < self.classes && predicted < self.classes);
        self.counts[label * self.classes + predicted]
    }

    /// How many images there were.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// How many answers were right: the diagonal.
    pub fn correct(&self) -> u64 {
        self.counts.iter().step_by(self.classes + 1).sum()
    }

    /// The share of right answers, 0…1; `None` without images.
    pub fn accuracy(&self) -> Option<f64> {
        let total = self.total();
        (total > 0).then(|| self.correct() as f64 / total as f64)
    }

    /// Of the images predicted to be of this class, the share that is; `None` if there are none.
    ///
    /// # Panics
    ///
    /// If `class` is not a class.
    pub fn precision(&self, class: usize) -> Option<f64> {
        self.share(
            class,
            (0..self.classes).map(|label| self.count(label, class)),
        )
    }

    /// Of the images of this class, the share predicted to be; `None` if there are none.
    ///
    /// # Panics
    ///
    /// If `class` is not a class.
    pub fn recall(&self, class: usize) -> Option<f64> {
        self.share(
            class,
            (0..self.classes).map(|predicted| self.count(class, predicted)),
        )
    }

    fn share(&self, class: usize, of: impl Iterator<Item = u64>) -> Option<f64> {
        let of: u64 = of.sum();
        (of > 0).then(|| self.count(class, class) as f64 / of as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_give_accuracy_precision_and_recall() {
        let mut matrix = ConfusionMatrix::new(3);
        for (label, predicted) in [(0, 0), (0, 0), (0, 1), (1, 1)] {
            matrix.count_answer(label, predicted);
        }
        assert_eq!((matrix.correct(), matrix.total()), (3, 4));
        assert_eq!(matrix.accuracy(), Some(0.75));
        assert_eq!(matrix.precision(1), Some(0.5));
        assert_eq!(matrix.recall(0), Some(2.0 / 3.0));
        assert_eq!((matrix.precision(2), matrix.recall(2)), (None, None));
        assert_eq!(
            matrix.rows().collect::<Vec<_>>(),
            [[2, 1, 0], [0, 1, 0], [0, 0, 0]]
        );
    }
}
