//! The integers are the article's arithmetic, not an approximation of it.

use mnist_kernel::{Kernel, Perceptron, Shape};

use crate::digits::{PIXELS, TRAIN};
use crate::float_network::{FloatNetwork, in_order};

#[test]
fn floating_point_makes_the_same_mistakes_and_ends_with_the_same_weights() {
    let (images, labels) = TRAIN.first(10_000);
    let start = Perceptron::random(Shape::new(10, PIXELS).unwrap(), 1);
    let mut float = FloatNetwork::new(&start, in_order::<f64>);
    let images = || images.chunks(PIXELS).zip(labels);
    let predict = |(image, &label)| float.train(image, label) as u8;
    let predictions: Vec<u8> = images().map(predict).collect();

    for kernel in Kernel::available() {
        let mut network = start.clone();
        for ((image, &label), &prediction) in images().zip(&predictions) {
            let predicted = network.predict(image, kernel).unwrap().class;
            assert_eq!(predicted, prediction, "{kernel:?}");
            network.train_pass(image, &[label], kernel).unwrap();
        }

        let end = FloatNetwork::new(&network, in_order::<f64>);
        let close = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-9;
        assert!(
            end.weights.iter().zip(&float.weights).all(close),
            "{kernel:?}"
        );
        assert!(
            end.biases.iter().zip(&float.biases).all(close),
            "{kernel:?}"
        );
    }
}
