//! The start: recorded random values, given parts, shapes.

use mnist_kernel::{Perceptron, Shape};

#[test]
fn the_first_random_values_are_the_recorded_ones() {
    // A change here makes another network of every seed.
    let recorded = [
        (0, [8, 11, 12, -2, 0, 10, 3, -22, -16, 19]),
        (1, [3, -5, 25, -21, -15, 5, -6, -14, 17, -11]),
        (u64::MAX, [20, 9, 5, -4, -24, -6, 5, -3, 4, 8]),
    ];
    for (seed, values) in recorded {
        let network = Perceptron::random(Shape::new(10, 784).unwrap(), seed);
        assert_eq!(network.weights(0)[..10], values, "seed {seed}");
    }
}

#[test]
fn random_values_fill_the_weights_row_by_row_and_then_the_biases() {
    let network = Perceptron::random(Shape::new(2, 4).unwrap(), 1);
    assert_eq!(network.weights(0), [3, -5, 25, -21]);
    assert_eq!(network.weights(1), [-15, 5, -6, -14]);
    assert_eq!(network.biases(), [17, -11]);
}

#[test]
fn random_values_are_all_those_from_minus_25_to_25() {
    let network = Perceptron::random(Shape::new(10, 784).unwrap(), 1);
    let mut counts = [0; 51];
    for class in 0..10 {
        for weight in network.weights(class) {
            counts[usize::try_from(weight + 25).unwrap()] += 1;
        }
    }
    // 7840 / 51 = 154 of each, give or take five standard deviations of 12.
    assert!(counts.iter().all(|count| (92..216).contains(count)));
}

#[test]
fn a_network_and_its_bytes_have_the_parts_it_was_given() {
    for (classes, pixels) in [(2, 1), (3, 15), (10, 784), (11, 17), (256, 2)] {
        let shape = Shape::new(classes, pixels).unwrap();
        let weights: Vec<i16> = (0..classes * pixels).map(|i| i as i16 - 99).collect();
        let biases: Vec<i32> = (0..classes).map(|class| 1000 * class as i32).collect();
        let network = Perceptron::from_parts(shape, &weights, &biases).unwrap();
        assert_eq!(network.shape(), shape);
        assert_eq!((shape.classes(), shape.pixels()), (classes, pixels));
        for (class, row) in weights.chunks(pixels).enumerate() {
            assert_eq!(network.weights(class), row);
        }
        assert_eq!(network.biases(), biases);

        let sizes = [classes as u32, pixels as u32].map(u32::to_le_bytes);
        let weights = weights.iter().flat_map(|weight| weight.to_le_bytes());
        let biases = biases.iter().flat_map(|bias| bias.to_le_bytes());
        let bytes: Vec<u8> = sizes
            .concat()
            .into_iter()
            .chain(weights)
            .chain(biases)
            .collect();
        assert_eq!(network.canonical_bytes(), bytes);
    }
}
