//! The order of the labels, which the perceptron's rule depends on.

use std::path::Path;

/// What is wrong with labels that come sorted by class.
pub const SORTED_BY_CLASS: &str = "the labels come sorted by class, and a rule that learns from \
     image after image forgets the first classes over the last";

/// What to do about it.
pub const SHUFFLE: &str = "shuffle the images with their labels";

/// A warning that the labels of this file come sorted by class, if they do.
pub fn warning(path: &Path, labels: &[u8]) -> Option<String> {
    sorted_by_class(labels).then(|| format!("{}: {SORTED_BY_CLASS}: {SHUFFLE}", path.display()))
}

/// Whether all images of a class come before those of the next class, in any order of the
/// classes, where there could be another order.
pub fn sorted_by_class(labels: &[u8]) -> bool {
    let mut seen = [false; 256];
    for &label in labels {
        seen[usize::from(label)] = true;
    }
    let classes = seen.iter().filter(|&&seen| seen).count();
    let changes = labels.windows(2).filter(|pair| pair[0] != pair[1]).count();
    classes > 1 && changes + 1 == classes && labels.len() > classes
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
