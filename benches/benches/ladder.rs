//! From the article's loop to all cores, one step at a time: the rungs of `docs/speed.md`, on the
//! 60,000 training images, from bytes to classes. Beside it, what the order of a sum does to floats.
//!
//!     cargo bench -p mnist-benches --bench ladder

use std::thread;

use criterion::Throughput;
use mnist_benches::float::{self, FloatNetwork};
use mnist_benches::integer::IntegerNetwork;
use mnist_benches::{is_measuring, measure, mnist, mnist_shape, peak, trained_network};
use mnist_idx::{Dataset, Split};
use mnist_kernel::{Kernel, Perceptron, evaluate};

fn main() {
    let (train, test) = (mnist(Split::Train), mnist(Split::Test));
    let network = trained_network();
    let mut float_loop = FloatNetwork::new(&network, float::in_order::<f32>);
    let mut float_lanes = FloatNetwork::new(&network, float::in_fused_lanes);
    let integers = IntegerNetwork::new(&network);
    let (images, labels) = (train.images(), train.labels());
    let multiply_adds = train.len() * network.shape().classes() * network.shape().pixels();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let portable = "portable".parse().expect("every processor can run it");
    let best = Kernel::best();
    if is_measuring() {
        peak::refuse_if_impossible(best, multiply_adds);
        show_what_order_does(&train, &test);
    }

    let mut criterion = mnist_benches::criterion().sample_size(10);
    let mut group = criterion.benchmark_group("ladder");
    group.throughput(Throughput::Elements(train.len() as u64));
    let mut rungs = vec![
        measure(&mut group, "1 f32 loop", 1, || {
            float_loop.correct(images, labels)
        }),
        measure(&mut group, "2 f32 lanes", 1, || {
            float_lanes.correct(images, labels)
        }),
        measure(&mut group, "3 i16 loop", 1, || {
            integers.correct_by_loop(images, labels)
        }),
        measure(&mut group, "4 i16 lanes", 1, || {
            integers.correct::<1, 1>(images, labels)
        }),
        measure(&mut group, "5 ten classes at a time", 1, || {
            integers.correct::<10, 1>(images, labels)
        }),
        measure(&mut group, "6 two images at a time", 1, || {
            integers.correct::<5, 2>(images, labels)
        }),
        measure(&mut group, "7 the portable kernel", 1, || {
            evaluate(&network, images, labels, portable)
        }),
        measure(&mut group, "8 the best kernel, image by image", 1, || {
            let images = images.chunks_exact(network.shape().pixels());
            let predictions = images.map(|image| network.predict(image, best));
            let correct = predictions.zip(labels).filter(|(prediction, label)| {
                prediction.as_ref().is_ok_and(|p| p.class == **label)
            });
            correct.count()
        }),
        measure(&mut group, "9 the best kernel, prefetching", 1, || {
            evaluate(&network, images, labels, best)
        }),
        measure(&mut group, "10 the same on all cores", cores, || {
            evaluate(&network, images, labels, best)
        }),
    ];
    rungs.push(measure(&mut group, "peak of a core", 1, || {
        peak::multiply_add(best, multiply_adds)
    }));
    group.finish();

    println!("rung            ms  times rung 1  % of a core's peak");
    for (rung, time) in rungs.iter().enumerate() {
        if let (Some(first), Some(time), Some(peak)) = (rungs[0], time, rungs[10]) {
            let [first, time, peak] = [first, *time, peak].map(|time| time.as_secs_f64());
            println!(
                "{:4}    {:10.3}  {:12.1}  {:18.1}",
                rung + 1,
                time * 1e3,
                first / time,
                peak / time * 100.0
            );
        }
    }
}

/// A start from which one answer of the training pass hangs on the order of a sum, as from one in a
/// hundred.
const CLOSE_CALL: u64 = 750;

type Dot = fn(&[f32], &[f32]) -> f32;

/// Scores and trains with every order of the sums: from one start, by one rule, image by image
/// in one order.
fn show_what_order_does(train: &Dataset, test: &Dataset) {
    let start = Perceptron::random(mnist_shape(), CLOSE_CALL);
    println!(
        "seed {CLOSE_CALL}, summed as        scores changed   mistakes in training   accuracy"
    );
    let orders: [(&str, Dot); 3] = [
        ("f32, first to last", float::in_order),
        ("f32, last to first", float::backwards),
        ("f32, eight lanes", float::in_lanes),
    ];
    let mut first = None;
    for (name, dot) in orders {
        let mut network = FloatNetwork::new(&start, dot);
        let images = test.images().chunks_exact(test.pixels());
        let scores = images.flat_map(|image| network.scores(image).collect::<Vec<_>>());
        let changed = changed(scores.map(f32::to_bits).collect(), &mut first);
        let mistakes = network.train_pass(train.images(), train.labels());
        let correct = network.correct(test.images(), test.labels());
        println!(
            "{name:22} {changed:12} {mistakes:22} {:10.2} %",
            correct as f64 / 100.0
        );
    }
    let mut first = None;
    for (name, kernel) in [
        ("integers, a loop", "scalar".parse().expect("a kernel")),
        ("integers, lanes", Kernel::best()),
    ] {
        let mut network = start.clone();
        let images = test.images().chunks_exact(test.pixels());
        let scores = images.flat_map(|image| network.scores(image, kernel).expect("an image"));
        let changed = changed(scores.collect(), &mut first);
        let mistakes = network.train_pass(train.images(), train.labels(), kernel);
        let mistakes = mistakes.expect("MNIST fits its shape");
        let matrix = evaluate(&network, test.images(), test.labels(), kernel);
        let accuracy = 100.0
            * matrix
                .expect("MNIST fits its shape")
                .accuracy()
                .expect("images");
        println!("{name:22} {changed:12} {mistakes:22} {accuracy:10.2} %");
    }
}

/// How many of the scores are not those of the first call.
fn changed<T: Clone + PartialEq>(scores: Vec<T>, first: &mut Option<Vec<T>>) -> usize {
    let first = first.get_or_insert_with(|| scores.clone());
    first.iter().zip(&scores).filter(|(a, b)| a != b).count()
}
