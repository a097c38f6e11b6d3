//! The integers are the article's arithmetic, not an approximation of it.

use mnist_kernel::{Perceptron, Shape};

use crate::digits::{PIXELS, TRAIN};
use crate::float_network::{FloatNetwork, in_order};
use crate::per_kernel::per_kernel;

per_kernel! {
    fn floating_point_makes_the_same_mistakes_and_ends_with_the_same_weights(kernel) {
        let (images, labels) = TRAIN.first(10_000);
        let mut network = Perceptron::random(Shape::new(10, PIXELS).unwrap(), 1);
        let mut float = FloatNetwork::new(&network, in_order::<f64>);
        for (image, &label) in images.chunks(PIXELS).zip(labels) {
            let predicted = network.predict(image, kernel).unwrap().class;
            assert_eq!(usize::from(predicted), float.train(image, label));
            network.train_pass(image, &[label], kernel).unwrap();
        }

        let end = FloatNetwork::new(&network, in_order::<f64>);
        let close = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-9;
        assert!(end.weights.iter().zip(&float.weights).all(close));
        assert!(end.biases.iter().zip(&float.biases).all(close));
    }
}
