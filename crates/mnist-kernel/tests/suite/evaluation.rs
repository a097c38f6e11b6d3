//! The evaluation counts the reference's answers, on any number of threads.

use mnist_kernel::{Error, Kernel, Perceptron, Shape, evaluate, predict_all};
use proptest::prelude::*;
use rayon::ThreadPoolBuilder;

use crate::random::{Case, Values, config};
use crate::reference::{Reference, answer, prediction};

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn answers_are_counted_by_label_and_prediction(
        classes in 2..=32usize,
        pixels in 1..=40usize,
        images in 0..1500usize,
        threads in 1..=4usize,
        seed: u64,
    ) {
        let case = Case { seed, ..Case::new(classes, pixels, Values::Any) };
        let network = case.network();
        let (images, labels) = case.data(images);
        let reference = Reference::of(&network);
        let mut expected = vec![vec![0; classes]; classes];
        for (image, &label) in images.chunks(pixels).zip(&labels) {
            let answer = answer(&reference.scores(image));
            expected[usize::from(label)][usize::from(answer)] += 1;
        }
        let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        for kernel in Kernel::available() {
            let matrix = pool.install(|| evaluate(&network, &images, &labels, kernel)).unwrap();
            let rows: Vec<_> = matrix.rows().map(<[u64]>::to_vec).collect();
            prop_assert_eq!(&rows, &expected, "{:?}", kernel);
            prop_assert_eq!(matrix.total(), labels.len() as u64);

            let predictions = pool.install(|| predict_all(&network, &images, kernel)).unwrap();
            let images = images.chunks(pixels);
            let expected: Vec<_> = images.map(|image| prediction(&reference.scores(image))).collect();
            prop_assert_eq!(predictions, expected, "{:?}", kernel);
        }
    }
}

#[test]
fn an_evaluation_of_no_images_has_no_accuracy() {
    let network = Perceptron::random(Shape::new(3, 5).unwrap(), 1);
    for kernel in Kernel::available() {
        let matrix = evaluate(&network, &[], &[], kernel).unwrap();
        assert_eq!((matrix.classes(), matrix.total()), (3, 0), "{kernel:?}");
        assert_eq!(matrix.accuracy(), None, "{kernel:?}");
    }
}

#[test]
fn predictions_are_of_whole_images() {
    let network = Perceptron::random(Shape::new(3, 5).unwrap(), 1);
    for kernel in Kernel::available() {
        let error = predict_all(&network, &[0; 14], kernel).unwrap_err();
        let (expected, images, bytes) = (5, 2, 14);
        assert_eq!(
            error,
            Error::ImageSize {
                expected,
                images,
                bytes
            }
        );
    }
}
