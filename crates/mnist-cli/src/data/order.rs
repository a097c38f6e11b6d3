//! The order of the labels, which the perceptron's rule depends on.

use std::collections::BTreeSet;

/// What is wrong with labels that come sorted by class.
pub const SORTED_BY_CLASS: &str = "the labels come sorted by class, and a rule that learns from \
     image after image forgets the first classes over the last";

/// Whether all images of a class come before those of the next class, in any order of the
/// classes, where there could be another order.
pub fn sorted_by_class(labels: &[u8]) -> bool {
    // More than 256 runs can't be of different classes.
    let runs = labels.chunk_by(|a, b| a == b).map(|run| run[0]).take(257);
    let runs: Vec<u8> = runs.collect();
    let classes = BTreeSet::from_iter(&runs).len();
    classes > 1 && classes == runs.len() && labels.len() > classes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_sorted_if_each_class_comes_at_once_in_any_order() {
        for labels in [&[0, 0, 1][..], &[2, 2, 2, 0, 1], &[9, 9, 255, 255]] {
            assert!(sorted_by_class(labels), "{labels:?}");
        }
        for labels in [&[][..], &[4], &[4, 4, 4], &[0, 1, 2], &[0, 0, 1, 0]] {
            assert!(!sorted_by_class(labels), "{labels:?}");
        }
    }
}
