//! End to end on the real MNIST: the recorded networks come out again, on every kernel, any number
//! of threads and every build.

use mnist_kernel::{Kernel, PassCounts, Perceptron, Shape, Training, evaluate};
use rayon::ThreadPoolBuilder;
use sha2::{Digest, Sha256};

use crate::digits::{PIXELS, TEST, TRAIN};
use crate::per_kernel::per_kernel;

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

per_kernel! {
    fn one_pass_of_the_default_seed_makes_the_recorded_network(kernel) {
        let mut network = start();
        let mistakes = network.train_pass(&TRAIN.images, &TRAIN.labels, kernel);
        assert_eq!(mistakes, Ok(8487));
        assert_eq!(
            fingerprint(&network),
            "5c46a0a875f107eede7cd1b28218f1a025ffee6dc2d6ca1bb19d9a7150bf6751"
        );
        assert_eq!(correct(&network, kernel), 8831);
        assert_eq!(network.saturated(), 0);
    }

    fn the_average_of_one_pass_is_the_recorded_network(kernel) {
        let mut network = start();
        let mut training = Training::new(&mut network, kernel).with_average();
        training.pass(&TRAIN.images, &TRAIN.labels).unwrap();
        let average = training.average().unwrap();
        assert_eq!(
            fingerprint(training.network()),
            "5c46a0a875f107eede7cd1b28218f1a025ffee6dc2d6ca1bb19d9a7150bf6751"
        );
        assert_eq!(
            fingerprint(&average),
            "b4d1989136a2b368493552e45778f4ac477e6c30c0954db92cc92580fd02d092"
        );
        assert_eq!(correct(&average, kernel), 9220);
    }

    fn thirty_passes_with_a_margin_of_150_make_the_recorded_networks(kernel) {
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
        assert_eq!(counts[..2], [(6224, 8002), (5193, 5866)]);
        assert_eq!(counts[28..], [(4148, 4858), (4166, 4800)]);

        let average = training.average().unwrap();
        assert_eq!(
            fingerprint(&average),
            "4fca69632233fb313f6842fae099c86b76483b1c9bcfda13dd0035886a7331cd"
        );
        assert_eq!(correct(&average, kernel), 9298);
        // Weights that have reached their limits are among the last ones.
        assert_eq!(network.saturated(), 13);
        assert_eq!(
            fingerprint(&network),
            "da0821962dcebb73c537d9cb0eac87bdd9d3f3bab8fa86e41d5bcaf9f2486ba8"
        );
        assert_eq!(correct(&network, kernel), 9098);
    }

    fn the_confusion_matrix_is_the_same_on_1_2_and_7_threads(kernel) {
        let mut network = start();
        network.train_pass(&TRAIN.images, &TRAIN.labels, kernel).unwrap();
        // A plain loop over the images, without threads.
        let mut expected = [[0; 10]; 10];
        let scalar = "scalar".parse().unwrap();
        for (image, &label) in TEST.images.chunks(PIXELS).zip(&TEST.labels) {
            let answer = network.predict(image, scalar).unwrap().class;
            expected[usize::from(label)][usize::from(answer)] += 1;
        }
        for threads in [1, 2, 7] {
            let pool = ThreadPoolBuilder::new().num_threads(threads).build();
            let evaluate = || evaluate(&network, &TEST.images, &TEST.labels, kernel);
            let matrix = pool.unwrap().install(evaluate).unwrap();
            assert!(matrix.rows().eq(&expected), "{threads} threads");
            assert_eq!(matrix.accuracy(), Some(0.8831));
        }
    }
}
