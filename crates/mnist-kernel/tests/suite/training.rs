//! The article's rule, for every kernel, and where it saturates.

use mnist_kernel::{BIAS_LIMIT, Kernel, PassCounts, Perceptron, Shape, Training};
use proptest::prelude::*;

use crate::digits::{PIXELS, TRAIN};
use crate::random::{Case, Values, cases, config};
use crate::reference::Reference;

fn assert_training_is_the_references(case: &Case, images: usize) {
    let start = case.network();
    let (images, labels) = case.data(images);
    let mut reference = Reference::of(&start);
    let counts = reference.train(&images, &labels, 0);
    for kernel in Kernel::available() {
        let mut network = start.clone();
        let mistakes = network.train_pass(&images, &labels, kernel).unwrap();
        assert_eq!(mistakes, counts.mistakes, "{kernel:?}: {case:?}");
        reference.assert_is(&network, (kernel, case));
        assert_eq!(network.saturated(), reference.saturated(), "{kernel:?}");
    }
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn any_training_is_the_references(case in cases(), images in 0..40usize) {
        assert_training_is_the_references(&case, images);
    }

    #[test]
    fn a_training_that_saturates_is_the_references(case in cases(), images in 1..40usize) {
        let case = Case { values: Values::NearLimits, ..case };
        assert_training_is_the_references(&case, images);
    }
}

#[test]
fn a_mistake_moves_one_image_from_the_answer_to_the_label() {
    let shape = Shape::new(3, 2).unwrap();
    let start = Perceptron::from_parts(shape, &[1, 1, 9, 9, 0, 0], &[0, 0, 0]).unwrap();
    for kernel in Kernel::available() {
        let mut network = start.clone();
        assert_eq!(network.train_pass(&[200, 3], &[2], kernel), Ok(1));
        assert_eq!(network.weights(0), [1, 1], "{kernel:?}");
        assert_eq!(network.weights(1), [9 - 200, 9 - 3], "{kernel:?}");
        assert_eq!(network.weights(2), [200, 3], "{kernel:?}");
        assert_eq!(network.biases(), [0, -255, 255], "{kernel:?}");

        // Now the answer is right, and nothing is learned.
        let learned = network.clone();
        assert_eq!(network.train_pass(&[200, 3], &[2], kernel), Ok(0));
        assert_eq!(network, learned, "{kernel:?}");
    }
}

#[test]
fn a_pass_over_no_images_changes_nothing() {
    let start = Perceptron::random(Shape::new(10, PIXELS).unwrap(), 1);
    for kernel in Kernel::available() {
        let mut network = start.clone();
        assert_eq!(network.train_pass(&[], &[], kernel), Ok(0));
        assert_eq!(network, start, "{kernel:?}");
    }
}

/// A network whose weights of a class are all the same.
fn two_classes(weights: [i16; 2], biases: [i32; 2]) -> Perceptron {
    let shape = Shape::new(2, PIXELS).unwrap();
    let weights = weights.map(|weight| [weight; PIXELS]).concat();
    Perceptron::from_parts(shape, &weights, &biases).unwrap()
}

#[test]
fn weights_stop_at_their_limits() {
    // So dark that the biases decide, and so bright that the weights do.
    let mut dark = [1; PIXELS];
    dark[783] = 101;
    let bright = [255; PIXELS];
    for kernel in Kernel::available() {
        let biases = [BIAS_LIMIT - 1000, -BIAS_LIMIT + 1000];
        let mut network = two_classes([-32_668, 32_667], biases);
        assert_eq!(network.train_pass(&dark, &[1], kernel), Ok(1));
        assert_eq!(network.weights(0)[782..], [-32_669, -32_768], "{kernel:?}");
        assert_eq!(network.weights(1)[782..], [32_668, 32_767], "{kernel:?}");
        assert_eq!(network.saturated(), 2, "{kernel:?}");

        assert_eq!(network.train_pass(&bright, &[0], kernel), Ok(1));
        assert_eq!(network.weights(0)[782..], [-32_414, -32_513], "{kernel:?}");
        assert_eq!(network.weights(1)[782..], [32_413, 32_512], "{kernel:?}");
        assert_eq!(network.saturated(), 0, "{kernel:?}");
    }
}

#[test]
fn biases_stop_at_their_limits() {
    for kernel in Kernel::available() {
        let mut network = two_classes([32_767, -32_768], [-BIAS_LIMIT + 254, BIAS_LIMIT - 255]);
        assert_eq!(network.train_pass(&[255; PIXELS], &[1], kernel), Ok(1));
        assert_eq!(network.biases(), [-BIAS_LIMIT, BIAS_LIMIT], "{kernel:?}");
        assert_eq!(network.saturated(), 2, "{kernel:?}");
        assert_eq!(network.train_pass(&[255; PIXELS], &[1], kernel), Ok(1));
        assert_eq!(network.biases(), [-BIAS_LIMIT, BIAS_LIMIT], "{kernel:?}");
    }
}

#[test]
fn scores_cross_the_limits_of_32_bits_and_come_back() {
    // 784 · 255 · 10,741 is just above 2³¹; bright images that are now of the one class and now
    // of the other push the scores to and fro.
    for (weights, labels) in [([10_500, 10_600], [0, 1]), ([-10_500, -10_600], [1, 0])] {
        let start = two_classes(weights, [0, 0]);
        let images = vec![255; 100 * PIXELS];
        let labels = labels.repeat(50);
        let mut reference = Reference::of(&start);
        let counts = reference.train(&images, &labels, 1);
        assert_eq!(counts.mistakes + counts.margin_updates, 100);
        for kernel in Kernel::available() {
            let mut network = start.clone();
            let mut training = Training::new(&mut network, kernel).with_margin(1);
            assert_eq!(training.pass(&images, &labels), Ok(counts), "{kernel:?}");
            reference.assert_is(&network, kernel);
        }
    }
}

#[test]
fn a_pass_in_pieces_is_the_same_pass() {
    let (images, labels) = TRAIN.first(500);
    let start = Perceptron::random(Shape::new(10, PIXELS).unwrap(), 7);
    for kernel in Kernel::available() {
        let mut whole = start.clone();
        let expected = whole.train_pass(images, labels, kernel).unwrap();

        let mut network = start.clone();
        let mut training = Training::new(&mut network, kernel);
        let mut counts = PassCounts::default();
        for (images, labels) in images.chunks(7 * PIXELS).zip(labels.chunks(7)) {
            counts += training.pass(images, labels).unwrap();
        }
        assert_eq!(training.network(), &whole, "{kernel:?}");
        assert_eq!((counts.mistakes, counts.margin_updates), (expected, 0));
    }
}
