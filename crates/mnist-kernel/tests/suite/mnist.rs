//! End to end on the real MNIST: the recorded networks come out again, on every kernel, any number
//! of threads and every build.

use mnist_kernel::{Kernel, PassCounts, Perceptron, Shape, Training, evaluate};
use rayon::ThreadPoolBuilder;
use sha2::{Digest, Sha256};

use crate::digits::{PIXELS, TEST, TRAIN};

fn start() -> Perceptron {
    Perceptron::random(Shape::new(10, PIXELS).unwrap(), 1)
}

/// SHA-256 of the canonical bytes, in hexadecimal.
fn fingerprint(network: &Perceptron) -> String {
    let hash = Sha256::digest(network.canonical_bytes());
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn correct(network: &Perceptron, kernel: Kernel) -> u64 {
    let matrix = evaluate(network, &TEST.images, &TEST.labels, kernel).unwrap();
    assert_eq!(matrix.total(), 10_000);
    matrix.correct()
}

#[test]
fn one_pass_of_the_default_seed_makes_the_recorded_network() {
    for kernel in Kernel::available() {
        let mut network = start();
        let mistakes = network.train_pass(&TRAIN.images, &TRAIN.labels, kernel);
        assert_eq!(mistakes, Ok(8487), "{kernel:?}");
        assert_eq!(
            fingerprint(&network),
            "5c46a0a875f107eede7cd1b28218f1a025ffee6dc2d6ca1bb19d9a7150bf6751",
            "{kernel:?}"
        );
        assert_eq!(correct(&network, kernel), 8831, "{kernel:?}");
        assert_eq!(network.saturated(), 0, "{kernel:?}");
    }
}

#[test]
fn the_average_of_one_pass_is_the_recorded_network() {
    for kernel in Kernel::available() {
        let mut network = start();
        let mut training = Training::new(&mut network, kernel).with_average();
        training.pass(&TRAIN.images, &TRAIN.labels).unwrap();
        let average = training.average().unwrap();
        assert_eq!(
            fingerprint(training.network()),
            "5c46a0a875f107eede7cd1b28218f1a025ffee6dc2d6ca1bb19d9a7150bf6751",
            "{kernel:?}"
        );
        assert_eq!(
            fingerprint(&average),
            "b4d1989136a2b368493552e45778f4ac477e6c30c0954db92cc92580fd02d092",
            "{kernel:?}"
        );
        assert_eq!(correct(&average, kernel), 9220, "{kernel:?}");
    }
}

#[test]
fn thirty_passes_with_a_margin_of_150_make_the_recorded_networks() {
    for kernel in Kernel::available() {
        let mut network = start();
        let mut training = Training::new(&mut network, kernel)
            .with_margin(150)
            .with_average();
        let pass = |_| {
            let PassCounts {
                mistakes,
                margin_updates,
            } = training.pass(&TRAIN.images, &TRAIN.labels).unwrap();
            (mistakes, margin_updates)
        };
        let counts: Vec<(u64, u64)> = (0..30).map(pass).collect();
        assert_eq!(counts[..2], [(6224, 8002), (5193, 5866)], "{kernel:?}");
        assert_eq!(counts[28..], [(4148, 4858), (4166, 4800)], "{kernel:?}");

        let average = training.average().unwrap();
        assert_eq!(
            fingerprint(&average),
            "4fca69632233fb313f6842fae099c86b76483b1c9bcfda13dd0035886a7331cd",
            "{kernel:?}"
        );
        assert_eq!(correct(&average, kernel), 9298, "{kernel:?}");
        // Weights that have reached their limits are among the last ones.
        assert_eq!(network.saturated(), 13, "{kernel:?}");
        assert_eq!(
            fingerprint(&network),
            "da0821962dcebb73c537d9cb0eac87bdd9d3f3bab8fa86e41d5bcaf9f2486ba8",
            "{kernel:?}"
        );
        assert_eq!(correct(&network, kernel), 9098, "{kernel:?}");
    }
}

#[test]
fn the_confusion_matrix_is_the_same_on_1_2_and_7_threads() {
    let mut network = start();
    network
        .train_pass(&TRAIN.images, &TRAIN.labels, Kernel::best())
        .unwrap();
    // A plain loop over the images, without threads.
    let mut expected = [[0; 10]; 10];
    for (image, &label) in TEST.images.chunks(PIXELS).zip(&TEST.labels) {
        let scalar = "scalar".parse().unwrap();
        let answer = network.predict(image, scalar).unwrap().class;
        expected[usize::from(label)][usize::from(answer)] += 1;
    }
    for threads in [1, 2, 7] {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build();
        let pool = pool.unwrap();
        for kernel in Kernel::available() {
            let matrix = pool
                .install(|| evaluate(&network, &TEST.images, &TEST.labels, kernel))
                .unwrap();
            assert!(matrix.rows().eq(&expected), "{kernel:?}, {threads} threads");
            assert_eq!(matrix.accuracy(), Some(0.8831));
        }
    }
}
