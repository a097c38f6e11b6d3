//! The margin: a right answer that leads by too little is learned from, too.

use mnist_kernel::{Kernel, PassCounts, Perceptron, Shape, Training};
use proptest::prelude::*;

use crate::digits::{PIXELS, TRAIN};
use crate::random::{Case, Values, cases, config};
use crate::reference::Reference;

/// Trains copies of `start` by the reference and by each kernel, compares, and returns the counts.
fn assert_margin_is_the_references(
    start: &Perceptron,
    (images, labels): (&[u8], &[u8]),
    margin: u16,
) -> PassCounts {
    let mut reference = Reference::of(start);
    let counts = reference.train(images, labels, margin);
    for kernel in Kernel::available() {
        let mut network = start.clone();
        let mut training = Training::new(&mut network, kernel).with_margin(margin);
        assert_eq!(training.pass(images, labels), Ok(counts), "{kernel:?}");
        reference.assert_is(&network, (kernel, margin));
    }
    counts
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn any_training_with_a_margin_is_the_references(case in cases(), images in 1..20usize, margin in 0..=1000u16) {
        let (images, labels) = case.data(images);
        assert_margin_is_the_references(&case.network(), (&images, &labels), margin);
    }

    #[test]
    fn a_training_that_is_often_right_is_the_references(
        classes in 2..=4usize,
        pixels in 1..=40usize,
        images in 1..200usize,
        margin in prop_oneof![0..=10u16, 0..=1000u16, Just(u16::MAX)],
        seed: u64,
    ) {
        let case = Case { seed, ..Case::new(classes, pixels, Values::Small) };
        let (images, labels) = case.data(images);
        assert_margin_is_the_references(&case.network(), (&images, &labels), margin);
    }
}

#[test]
fn a_margin_over_the_first_2000_digits_is_the_references() {
    let start = Perceptron::random(Shape::new(10, PIXELS).unwrap(), 1);
    let counts = assert_margin_is_the_references(&start, TRAIN.first(2000), 150);
    assert!(counts.mistakes > 0 && counts.margin_updates > counts.mistakes);
}

#[test]
fn a_margin_of_zero_is_the_articles_rule() {
    let (images, labels) = TRAIN.first(2000);
    let start = Perceptron::random(Shape::new(10, PIXELS).unwrap(), 1);
    for kernel in Kernel::available() {
        let mut article = start.clone();
        let mistakes = article.train_pass(images, labels, kernel).unwrap();
        let mut network = start.clone();
        let mut training = Training::new(&mut network, kernel).with_margin(0);
        let counts = PassCounts {
            mistakes,
            margin_updates: 0,
        };
        assert_eq!(training.pass(images, labels), Ok(counts), "{kernel:?}");
        assert_eq!(network, article, "{kernel:?}");
    }
}

#[test]
fn class_0_is_right_without_a_positive_score_and_only_a_margin_learns_from_it() {
    // Both outputs are 0, so the answer is class 0, which the label is; its score is the lower.
    let shape = Shape::new(2, 1).unwrap();
    let start = Perceptron::from_parts(shape, &[-7, -3], &[-1, -1]).unwrap();
    for kernel in Kernel::available() {
        let mut network = start.clone();
        let mut training = Training::new(&mut network, kernel).with_margin(0);
        assert_eq!(training.pass(&[255], &[0]), Ok(PassCounts::default()));
        assert_eq!(network, start, "{kernel:?}");

        let mut training = Training::new(&mut network, kernel).with_margin(1);
        let one = PassCounts {
            mistakes: 0,
            margin_updates: 1,
        };
        assert_eq!(training.pass(&[255], &[0]), Ok(one), "{kernel:?}");
        assert_eq!(network.weights(0), [-7 + 255], "{kernel:?}");
        assert_eq!(network.weights(1), [-3 - 255], "{kernel:?}");
        assert_eq!(network.biases(), [254, -256], "{kernel:?}");
    }
}

#[test]
fn a_lead_of_the_margin_is_enough_and_one_less_is_not() {
    // 65,025 is one full pixel: 255 · 255, and 254 · 256 is one less.
    let shape = Shape::new(2, 1).unwrap();
    for (weight, pixel, updates) in [(255, 255, 0), (256, 254, 1)] {
        let start = Perceptron::from_parts(shape, &[0, weight], &[0, 0]).unwrap();
        for kernel in Kernel::available() {
            let mut network = start.clone();
            let mut training = Training::new(&mut network, kernel).with_margin(1);
            let counts = training.pass(&[pixel], &[1]).unwrap();
            assert_eq!(counts.margin_updates, updates, "{kernel:?}");
            assert_eq!(network == start, updates == 0, "{kernel:?}");
        }
    }
}

#[test]
fn the_first_of_the_largest_rivals_is_subtracted_from() {
    let shape = Shape::new(4, 1).unwrap();
    for (label, biases, rival) in [
        (1, [-5, 9, -2, -2], 2),
        (0, [9, 4, 4, 3], 1),
        (3, [4, 4, 3, 9], 0),
    ] {
        let start = Perceptron::from_parts(shape, &[0; 4], &biases).unwrap();
        for kernel in Kernel::available() {
            let mut network = start.clone();
            let mut training = Training::new(&mut network, kernel).with_margin(1);
            assert_eq!(training.pass(&[1], &[label]).unwrap().margin_updates, 1);
            let mut expected = biases;
            expected[usize::from(label)] += 255;
            expected[rival] -= 255;
            assert_eq!(network.biases(), expected, "{kernel:?}");
        }
    }
}
