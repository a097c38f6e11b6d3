//! The integers are the article's arithmetic, not an approximation of it.

use mnist_kernel::{Kernel, Perceptron, Shape};

use crate::digits::{PIXELS, TRAIN};

/// The article's network: weights and biases are real numbers, pixels are divided by 255.
struct FloatNetwork {
    weights: Vec<Vec<f64>>,
    biases: Vec<f64>,
}

impl FloatNetwork {
    fn of(network: &Perceptron) -> Self {
        let row = |class| {
            let weights = network.weights(class).into_iter();
            weights.map(|weight| f64::from(weight) / 255.0).collect()
        };
        let biases = network.biases().iter();
        Self {
            weights: (0..network.biases().len()).map(row).collect(),
            biases: biases.map(|&bias| f64::from(bias) / 255.0).collect(),
        }
    }

    /// One step of the article's training; returns the prediction.
    fn train(&mut self, image: &[f64], label: usize) -> usize {
        let output = |(weights, bias): (&Vec<f64>, &f64)| {
            let products = weights.iter().zip(image).map(|(w, x)| w * x);
            (products.sum::<f64>() + bias).max(0.0)
        };
        let outputs: Vec<f64> = self.weights.iter().zip(&self.biases).map(output).collect();
        let largest = outputs.iter().copied().fold(0.0, f64::max);
        let predicted = outputs.iter().position(|&o| o == largest).unwrap();
        if predicted != label {
            for (index, x) in image.iter().enumerate() {
                self.weights[predicted][index] -= x;
                self.weights[label][index] += x;
            }
            self.biases[predicted] -= 1.0;
            self.biases[label] += 1.0;
        }
        predicted
    }
}

#[test]
fn floating_point_makes_the_same_mistakes_and_ends_with_the_same_weights() {
    let (images, labels) = TRAIN.first(10_000);
    let start = Perceptron::random(Shape::new(10, PIXELS).unwrap(), 1);
    let mut float = FloatNetwork::of(&start);
    let mut predictions = Vec::new();
    for (image, &label) in images.chunks(PIXELS).zip(labels) {
        let image: Vec<f64> = image.iter().map(|&p| f64::from(p) / 255.0).collect();
        predictions.push(float.train(&image, label.into()) as u8);
    }

    for kernel in Kernel::available() {
        let mut network = start.clone();
        for (index, (image, label)) in images.chunks(PIXELS).zip(labels.chunks(1)).enumerate() {
            let predicted = network.predict(image, kernel).unwrap().class;
            assert_eq!(predicted, predictions[index], "{kernel:?}: image {index}");
            network.train_pass(image, label, kernel).unwrap();
        }

        let end = FloatNetwork::of(&network);
        let close = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-9;
        for (class, row) in end.weights.iter().enumerate() {
            let same = row.iter().zip(&float.weights[class]).all(close);
            assert!(same, "{kernel:?}: class {class}");
        }
        assert!(
            end.biases.iter().zip(&float.biases).all(close),
            "{kernel:?}"
        );
    }
}
