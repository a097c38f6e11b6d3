//! Every kernel gives the scores of the reference.

use memmap2::MmapMut;
use mnist_kernel::{BIAS_LIMIT, Kernel, ONE, Perceptron, Shape, evaluate};
use proptest::prelude::*;

use crate::per_kernel::per_kernel;
use crate::random::{Case, Values, cases, config};
use crate::reference::{Reference, prediction};

fn assert_scores_are_the_references(kernel: Kernel, case: &Case) {
    let (network, (image, _)) = (case.network(), case.data(1));
    let expected = Reference::of(&network).scores(&image);
    let scores = network.scores(&image, kernel).unwrap();
    let wide: Vec<i128> = scores.iter().map(|&score| score.into()).collect();
    assert_eq!(wide, expected, "{case:?}");

    let outputs: Vec<i64> = scores.iter().map(|&score| score.max(0)).collect();
    assert_eq!(network.outputs(&image, kernel), Ok(outputs), "{case:?}");
    let predicted = network.predict(&image, kernel);
    assert_eq!(predicted, Ok(prediction(&expected)), "{case:?}");
}

per_kernel! {
    fn the_scores_of_any_network_are_the_references(kernel) {
        proptest!(config(512), |(case in cases())| {
            assert_scores_are_the_references(kernel, &case);
        });
    }

    fn the_scores_of_every_small_shape_are_the_references(kernel) {
        for classes in 2..=33 {
            for pixels in 1..=50 {
                let case = Case::new(classes, pixels, Values::Any);
                assert_scores_are_the_references(kernel, &case);
            }
        }
    }

    fn the_scores_of_every_number_of_classes_are_the_references(kernel) {
        for classes in 2..=256 {
            let case = Case::new(classes, 65, Values::Any);
            assert_scores_are_the_references(kernel, &case);
        }
    }

    fn the_scores_of_extremes_are_the_references_at_every_boundary(kernel) {
        for boundary in [16, 32, 256, 784, 1024, 2048, 4096, 6144, 8192] {
            for pixels in boundary - 1..=boundary + 1 {
                for values in [Values::Lowest, Values::Highest, Values::NearLimits] {
                    let case = Case {
                        bright: true,
                        ..Case::new(12, pixels, values)
                    };
                    assert_scores_are_the_references(kernel, &case);
                }
            }
        }
    }

    fn the_scores_of_a_million_pixels_are_exact(kernel) {
        let pixels = 1 << 20;
        let shape = Shape::new(2, pixels).unwrap();
        let weights = [vec![i16::MIN; pixels], vec![i16::MAX; pixels]].concat();
        let biases = [-BIAS_LIMIT, BIAS_LIMIT];
        let network = Perceptron::from_parts(shape, &weights, &biases).unwrap();
        let white = 255 * pixels as i64;
        let expected = [
            -32_768 * white - 255 * (1 << 24),
            32_767 * white + 255 * (1 << 24),
        ];
        assert_eq!(network.scores(&vec![255; pixels], kernel).unwrap(), expected);
    }

    fn a_score_is_the_dot_product_and_255_times_the_bias(kernel) {
        let shape = Shape::new(3, 2).unwrap();
        let network = Perceptron::from_parts(shape, &[1, 2, -3, 4, 5, -600], &[7, 0, -8]).unwrap();
        let one = i64::from(ONE);
        let expected = [10 + 510 + 7 * one, -30 + 1020, 50 - 153_000 - 8 * one];
        assert_eq!(network.scores(&[10, 255], kernel).unwrap(), expected);
        let outputs = network.outputs(&[10, 255], kernel).unwrap();
        assert_eq!(outputs, [expected[0], expected[1], 0]);
        let predicted = network.predict(&[10, 255], kernel).unwrap();
        assert_eq!((predicted.class, predicted.rival), (0, 1));
        assert_eq!(predicted.lead, expected[0] - expected[1]);
    }

    fn the_answer_is_the_first_of_the_largest_outputs(kernel) {
        let shape = Shape::new(4, 1).unwrap();
        for (biases, answer) in [
            ([0, 5, 9, 9], 2),
            ([9, 5, 9, 9], 0),
            ([-9, -8, -7, -1], 0),
            ([-9, 0, -7, -1], 0),
            ([-9, 0, -7, 1], 3),
        ] {
            let network = Perceptron::from_parts(shape, &[0; 4], &biases).unwrap();
            assert_eq!(network.predict(&[1], kernel).unwrap().class, answer);
            let matrix = evaluate(&network, &[1], &[0], kernel).unwrap();
            assert_eq!(matrix.count(0, answer.into()), 1);
        }
    }

    fn the_last_of_256_classes_can_win(kernel) {
        let shape = Shape::new(256, 3).unwrap();
        let mut biases = [0; 256];
        biases[255] = 1;
        let network = Perceptron::from_parts(shape, &[0; 768], &biases).unwrap();
        let predicted = network.predict(&[1, 2, 3], kernel).unwrap();
        assert_eq!((predicted.class, predicted.rival), (255, 0));
        let matrix = evaluate(&network, &[1, 2, 3], &[7], kernel).unwrap();
        assert_eq!(matrix.count(7, 255), 1);
    }

    fn nothing_after_the_last_image_is_read(kernel) {
        // 49 pages of images, from 7 to 28,672 pixels each. The page after them is not mapped:
        // memory is given out downwards, and what was above is given back.
        let length = 49 * 4096;
        for pixels in [7, 49, 784, 28_672] {
            let above = MmapMut::map_anon(4096).unwrap();
            let mut images = MmapMut::map_anon(length).unwrap();
            drop(above);
            images.fill(200);
            let case = Case::new(11, pixels, Values::Any);
            let (mut network, labels) = (case.network(), vec![3; length / pixels]);
            let matrix = evaluate(&network, &images, &labels, kernel).unwrap();
            assert_eq!(matrix.total(), labels.len() as u64);
            network.scores(&images[length - pixels..], kernel).unwrap();
            network.train_pass(&images, &labels, kernel).unwrap();
        }
    }
}
