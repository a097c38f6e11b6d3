//! Every kernel gives the scores of the reference.

use mnist_kernel::{BIAS_LIMIT, Kernel, ONE, Perceptron, Shape};
use proptest::prelude::*;

use crate::random::{Case, Values, cases, config};
use crate::reference::{Reference, prediction};

fn assert_scores_are_the_references(network: &Perceptron, image: &[u8], case: &Case) {
    let expected = Reference::of(network).scores(image);
    for kernel in Kernel::available() {
        let scores = network.scores(image, kernel).unwrap();
        let wide: Vec<i128> = scores.iter().map(|&score| score.into()).collect();
        assert_eq!(wide, expected, "{kernel:?}: {case:?}");

        let outputs: Vec<i64> = scores.iter().map(|&score| score.max(0)).collect();
        assert_eq!(network.outputs(image, kernel), Ok(outputs), "{kernel:?}");
        let predicted = network.predict(image, kernel);
        let expected = prediction(&expected);
        assert_eq!(predicted, Ok(expected), "{kernel:?}: {case:?}");
    }
}

proptest! {
    #![proptest_config(config(1024))]

    #[test]
    fn the_scores_of_any_network_are_the_references(case in cases()) {
        let (image, _) = case.data(1);
        assert_scores_are_the_references(&case.network(), &image, &case);
    }
}

#[test]
fn the_scores_of_every_small_shape_are_the_references() {
    for classes in 2..=33 {
        for pixels in 1..=50 {
            let case = Case::new(classes, pixels, Values::Any);
            let (image, _) = case.data(1);
            assert_scores_are_the_references(&case.network(), &image, &case);
        }
    }
}

#[test]
fn the_scores_of_extremes_are_the_references_at_every_boundary() {
    for boundary in [16, 256, 784, 1024, 2048, 4096, 6144, 8192] {
        for pixels in boundary - 1..=boundary + 1 {
            for values in [Values::Lowest, Values::Highest, Values::NearLimits] {
                let case = Case {
                    bright: true,
                    ..Case::new(12, pixels, values)
                };
                let (image, _) = case.data(1);
                assert_scores_are_the_references(&case.network(), &image, &case);
            }
        }
    }
}

#[test]
fn the_scores_of_a_million_pixels_are_exact() {
    let pixels = 1 << 20;
    let shape = Shape::new(2, pixels).unwrap();
    let weights = [vec![i16::MIN; pixels], vec![i16::MAX; pixels]].concat();
    let biases = [-BIAS_LIMIT, BIAS_LIMIT];
    let network = Perceptron::from_parts(shape, &weights, &biases).unwrap();
    let image = vec![255; pixels];
    let white = 255 * pixels as i64;
    for kernel in Kernel::available() {
        assert_eq!(
            network.scores(&image, kernel).unwrap(),
            [
                -32_768 * white - 255 * (1 << 24),
                32_767 * white + 255 * (1 << 24)
            ],
            "{kernel:?}"
        );
    }
}

#[test]
fn a_score_is_the_dot_product_and_255_times_the_bias() {
    let shape = Shape::new(3, 2).unwrap();
    let network = Perceptron::from_parts(shape, &[1, 2, -3, 4, 5, -600], &[7, 0, -8]).unwrap();
    for kernel in Kernel::available() {
        let scores = network.scores(&[10, 255], kernel).unwrap();
        let one = i64::from(ONE);
        let expected = [10 + 510 + 7 * one, -30 + 1020, 50 - 153_000 - 8 * one];
        assert_eq!(scores, expected, "{kernel:?}");
        let outputs = network.outputs(&[10, 255], kernel).unwrap();
        assert_eq!(outputs, [expected[0], expected[1], 0], "{kernel:?}");
        let predicted = network.predict(&[10, 255], kernel).unwrap();
        assert_eq!((predicted.class, predicted.rival), (0, 1), "{kernel:?}");
        assert_eq!(predicted.lead, expected[0] - expected[1], "{kernel:?}");
    }
}

#[test]
fn the_answer_is_the_first_of_the_largest_outputs() {
    let shape = Shape::new(4, 1).unwrap();
    let answers = [
        ([0, 5, 9, 9], 2),
        ([9, 5, 9, 9], 0),
        ([-9, -8, -7, -1], 0),
        ([-9, 0, -7, -1], 0),
        ([-9, 0, -7, 1], 3),
    ];
    for kernel in Kernel::available() {
        for (biases, answer) in answers {
            let network = Perceptron::from_parts(shape, &[0; 4], &biases).unwrap();
            let predicted = network.predict(&[1], kernel).unwrap();
            assert_eq!(predicted.class, answer, "{kernel:?}");
        }
    }
}

#[test]
fn the_last_of_256_classes_can_win() {
    let shape = Shape::new(256, 3).unwrap();
    let mut biases = [0; 256];
    biases[255] = 1;
    let network = Perceptron::from_parts(shape, &[0; 768], &biases).unwrap();
    for kernel in Kernel::available() {
        let predicted = network.predict(&[1, 2, 3], kernel).unwrap();
        assert_eq!((predicted.class, predicted.rival), (255, 0), "{kernel:?}");
    }
}
