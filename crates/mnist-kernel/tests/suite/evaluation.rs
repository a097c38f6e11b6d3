//! The evaluation counts the reference's answers, on any number of threads.

use mnist_kernel::{Error, Perceptron, Shape, evaluate, predict_all};
use proptest::prelude::*;
use rayon::ThreadPoolBuilder;

use crate::per_kernel::per_kernel;
use crate::random::{Case, Values, config};
use crate::reference::{Reference, answer, prediction};

per_kernel! {
    fn answers_are_counted_by_label_and_prediction(kernel) {
        let sizes = (2..=32usize, 1..=40usize, 0..1500usize);
        proptest!(config(32), |(sizes in sizes, threads in 1..=4usize, seed: u64)| {
            let (classes, pixels, images) = sizes;
            let case = Case { seed, ..Case::new(classes, pixels, Values::Any) };
            let network = case.network();
            let (images, labels) = case.data(images);
            let reference = Reference::of(&network);
            let scores = images.chunks(pixels).map(|image| reference.scores(image));
            let scores: Vec<_> = scores.collect();
            let mut expected = vec![vec![0; classes]; classes];
            for (scores, &label) in scores.iter().zip(&labels) {
                expected[usize::from(label)][usize::from(answer(scores))] += 1;
            }
            let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let matrix = pool.install(|| evaluate(&network, &images, &labels, kernel)).unwrap();
            let rows: Vec<_> = matrix.rows().map(<[u64]>::to_vec).collect();
            prop_assert_eq!(rows, expected);
            prop_assert_eq!(matrix.total(), labels.len() as u64);

            let predictions = pool.install(|| predict_all(&network, &images, kernel)).unwrap();
            let expected: Vec<_> = scores.iter().map(|scores| prediction(scores)).collect();
            prop_assert_eq!(predictions, expected);
        });
    }

    fn an_evaluation_of_no_images_has_no_accuracy(kernel) {
        let network = Perceptron::random(Shape::new(3, 5).unwrap(), 1);
        let matrix = evaluate(&network, &[], &[], kernel).unwrap();
        assert_eq!((matrix.classes(), matrix.total()), (3, 0));
        assert_eq!(matrix.accuracy(), None);
        assert_eq!(predict_all(&network, &[], kernel), Ok(Vec::new()));
    }

    fn predictions_are_of_whole_images(kernel) {
        let network = Perceptron::random(Shape::new(3, 5).unwrap(), 1);
        let (expected, images, bytes) = (5, 2, 14);
        let error = Error::ImageSize { expected, images, bytes };
        assert_eq!(predict_all(&network, &[0; 14], kernel), Err(error));
    }
}
