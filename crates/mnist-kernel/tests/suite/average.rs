//! The average is the mean of the whole network after every image.

use mnist_kernel::{BIAS_LIMIT, Kernel, Perceptron, Shape, Training};
use proptest::prelude::*;

use crate::digits::{PIXELS, TRAIN};
use crate::random::{Case, Values, cases, config};
use crate::reference::{Mean, Reference};

/// Trains the reference and each kernel on the data in pieces that end at `cuts`, and compares
/// the averages after each piece.
fn assert_average_is_the_references(
    start: &Perceptron,
    (images, labels): (&[u8], &[u8]),
    margin: u16,
    cuts: &[usize],
) {
    let pixels = start.shape().pixels();
    let mut reference = Reference::of(start);
    let mut mean = Mean::new(&reference);
    let mut images_seen = 0;
    let mut expected = Vec::new();
    reference.train_and_look(images, labels, margin, |network| {
        mean.add(network);
        images_seen += 1;
        if cuts.contains(&images_seen) {
            expected.push(mean.rounded());
        }
    });
    assert_eq!(expected.len(), cuts.len());
    for kernel in Kernel::available() {
        let mut network = start.clone();
        let mut training = Training::new(&mut network, kernel)
            .with_margin(margin)
            .with_average();
        let mut done = 0;
        for (&cut, expected) in cuts.iter().zip(&expected) {
            let (images, labels) = (&images[done * pixels..cut * pixels], &labels[done..cut]);
            training.pass(images, labels).unwrap();
            let average = training.average().unwrap();
            expected.assert_is(&average, (kernel, "average", cut));
            done = cut;
        }
        // Keeping the average does not change the training.
        reference.assert_is(&network, (kernel, "last"));
    }
}

#[test]
fn the_average_over_the_first_3000_digits_is_the_references() {
    let start = Perceptron::random(Shape::new(10, PIXELS).unwrap(), 1);
    assert_average_is_the_references(&start, TRAIN.first(3000), 0, &[3000]);
}

#[test]
fn the_average_with_a_margin_over_1000_digits_is_the_references() {
    let start = Perceptron::random(Shape::new(10, PIXELS).unwrap(), 1);
    assert_average_is_the_references(&start, TRAIN.first(1000), 150, &[1, 500, 1000]);
}

#[test]
fn the_average_over_more_than_two_blocks_is_the_references() {
    for values in [Values::Small, Values::NearLimits] {
        let case = Case::new(3, 5, values);
        let (images, labels) = case.data(10_000);
        let cuts = [1, 2, 4095, 4096, 4097, 8191, 8192, 8193, 8193 + 64, 10_000];
        assert_average_is_the_references(&case.network(), (&images, &labels), 0, &cuts);
    }
}

#[test]
fn the_average_of_biases_that_change_with_every_image_is_the_references() {
    // Nothing but the biases counts in black images, and they are so far apart that each image
    // is a mistake: as much as the sums of a block can ever grow.
    let shape = Shape::new(2, 1).unwrap();
    let start = Perceptron::from_parts(shape, &[0, 0], &[BIAS_LIMIT, -BIAS_LIMIT]).unwrap();
    let (images, labels) = (vec![0; 10_000], vec![1; 10_000]);
    let cuts = [4095, 4096, 8192, 10_000];
    assert_average_is_the_references(&start, (&images, &labels), 0, &cuts);
}

proptest! {
    #![proptest_config(config(128))]

    #[test]
    fn the_average_of_any_training_is_the_references(
        case in cases(),
        images in 1..20usize,
        margin in prop_oneof![Just(0), 1..=1000u16],
    ) {
        let (images, labels) = case.data(images);
        let cuts = [labels.len()];
        assert_average_is_the_references(&case.network(), (&images, &labels), margin, &cuts);
    }

    #[test]
    fn the_average_of_a_training_that_saturates_is_the_references(
        classes in 2..=5usize,
        pixels in 1..=40usize,
        images in 1..600usize,
        seed: u64,
    ) {
        let case = Case { seed, ..Case::new(classes, pixels, Values::NearLimits) };
        let (images, labels) = case.data(images);
        let cuts: Vec<usize> = (1..=labels.len()).collect();
        assert_average_is_the_references(&case.network(), (&images, &labels), 0, &cuts);
    }
}

#[test]
fn the_average_before_the_first_image_is_the_start() {
    let start = Perceptron::random(Shape::new(10, PIXELS).unwrap(), 1);
    for kernel in Kernel::available() {
        let mut network = start.clone();
        let mut training = Training::new(&mut network, kernel).with_average();
        assert_eq!(training.average().as_ref(), Some(&start), "{kernel:?}");
        training.pass(&[], &[]).unwrap();
        assert_eq!(training.average().as_ref(), Some(&start), "{kernel:?}");
    }
}

#[test]
fn there_is_no_average_that_was_not_asked_for() {
    let mut network = Perceptron::random(Shape::new(2, 1).unwrap(), 1);
    let mut training = Training::new(&mut network, Kernel::best()).with_margin(1);
    training.pass(&[255], &[1]).unwrap();
    assert_eq!(training.average(), None);
}

#[test]
fn halves_are_rounded_away_from_zero() {
    let shape = Shape::new(2, 1).unwrap();
    let start = Perceptron::from_parts(shape, &[0, 0], &[0, 0]).unwrap();
    for kernel in Kernel::available() {
        let mut network = start.clone();
        let mut training = Training::new(&mut network, kernel).with_average();
        // The first answer is right, the second is a mistake: half of its change remains.
        let counts = training.pass(&[5, 3], &[0, 1]).unwrap();
        assert_eq!(counts.mistakes, 1, "{kernel:?}");
        let average = training.average().unwrap();
        assert_eq!(average.weights(0), [-2], "{kernel:?}");
        assert_eq!(average.weights(1), [2], "{kernel:?}");
        assert_eq!(average.biases(), [-128, 128], "{kernel:?}");
    }
}
