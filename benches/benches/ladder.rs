//! From the article's loop to all cores, one step at a time: the rungs of `docs/speed.md`, on the
//! 10,000 test images, from bytes to classes. Beside it, what the order of a sum does to floats.
//!
//!     cargo bench -p mnist-benches --bench ladder

use std::array;
use std::thread;

use criterion::Throughput;
use mnist_benches::float::{self, Dot, FloatNetwork};
use mnist_benches::{is_measuring, measure, mnist, mnist_shape, peak, trained_network};
use mnist_idx::{Dataset, Split};
use mnist_kernel::{Kernel, Perceptron, evaluate, predicted_class};
use wide::{i16x16, i32x8, u8x16};

const CLASSES: usize = 10;
const LANES: usize = 16;

fn main() {
    let (train, test) = (mnist(Split::Train), mnist(Split::Test));
    let network = trained_network();
    let floats = FloatNetwork::new(&network);
    let lanes = Lanes::new(&network);
    let (images, labels) = (test.images(), test.labels());
    let multiply_adds = test.len() * CLASSES * network.shape().pixels();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    if is_measuring() {
        peak::refuse_if_impossible(multiply_adds);
        show_what_order_does(&train, &test);
    }

    let mut criterion = mnist_benches::criterion();
    let mut group = criterion.benchmark_group("ladder");
    group.throughput(Throughput::Elements(test.len() as u64));
    let mut rungs = vec![
        measure(&mut group, "1 f32 loop", 1, || {
            floats.correct(images, labels, float::in_order)
        }),
        measure(&mut group, "2 f32 lanes", 1, || {
            floats.correct(images, labels, float::in_lanes)
        }),
        measure(&mut group, "3 i16 loop", 1, || {
            evaluate(&network, images, labels, Kernel::Scalar)
        }),
        measure(&mut group, "4 i16 lanes", 1, || {
            lanes.correct::<1, 1>(images, labels)
        }),
        measure(&mut group, "5 ten classes at a time", 1, || {
            lanes.correct::<10, 1>(images, labels)
        }),
        measure(&mut group, "6 two images at a time", 1, || {
            lanes.correct::<5, 2>(images, labels)
        }),
        measure(&mut group, "7 Kernel::Simd", 1, || {
            evaluate(&network, images, labels, Kernel::Simd)
        }),
        measure(&mut group, "8 Kernel::Simd on all cores", cores, || {
            evaluate(&network, images, labels, Kernel::Simd)
        }),
    ];
    rungs.push(measure(&mut group, "peak of a core", 1, || {
        peak::multiply_add(multiply_adds)
    }));
    group.finish();

    println!("rung            ms  times rung 1  % of a core's peak");
    for (rung, time) in rungs.iter().enumerate() {
        if let (Some(first), Some(time), Some(peak)) = (rungs[0], time, rungs[8]) {
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

/// A network's weights as `i16x16` chunks: rungs 4 to 6 are one code with other block sizes.
struct Lanes {
    /// Chunks of a row.
    length: usize,
    /// `[classes, length]`.
    rows: Vec<i16x16>,
    biases: Vec<i64>,
}

impl Lanes {
    fn new(network: &Perceptron) -> Self {
        let weights: Vec<i16> = (0..CLASSES)
            .flat_map(|class| network.weights(class))
            .collect();
        let (rows, _) = weights.as_chunks::<LANES>();
        Self {
            length: network.shape().pixels() / LANES,
            rows: rows.iter().map(|&chunk| i16x16::new(chunk)).collect(),
            biases: network
                .biases()
                .iter()
                .map(|&b| 255 * i64::from(b))
                .collect(),
        }
    }

    /// The count of images whose predicted class is their label, scored in blocks of `C` classes
    /// and `N` images.
    fn correct<const C: usize, const N: usize>(&self, images: &[u8], labels: &[u8]) -> usize {
        let pixels = self.length * LANES;
        let mut correct = 0;
        for (images, labels) in images.chunks_exact(N * pixels).zip(labels.chunks_exact(N)) {
            let images: [&[[u8; LANES]]; N] =
                array::from_fn(|n| images[n * pixels..][..pixels].as_chunks().0);
            let mut scores = [[0; CLASSES]; N];
            for first in (0..CLASSES).step_by(C) {
                let rows = &self.rows[first * self.length..][..C * self.length];
                let sums = dot_products::<C, N>(rows, images, self.length);
                for n in 0..N {
                    for class in 0..C {
                        let sum: i64 = sums[class][n].to_array().map(i64::from).iter().sum();
                        scores[n][first + class] = self.biases[first + class] + sum;
                    }
                }
            }
            for (scores, &label) in scores.iter().zip(labels) {
                correct += usize::from(predicted_class(scores) == label);
            }
        }
        correct
    }
}

/// The dot products of `C` rows with `N` images, in eight lanes each: a chunk of pixels is loaded
/// once for `C` rows, and a chunk of weights once for `N` images.
#[inline]
fn dot_products<const C: usize, const N: usize>(
    rows: &[i16x16],
    images: [&[[u8; LANES]]; N],
    length: usize,
) -> [[i32x8; N]; C] {
    let rows: [&[i16x16]; C] = array::from_fn(|class| &rows[class * length..][..length]);
    let images = images.map(|image| &image[..length]);
    let mut sums = [[i32x8::ZERO; N]; C];
    for chunk in 0..length {
        let pixels: [i16x16; N] = array::from_fn(|n| i16x16::from(u8x16::new(images[n][chunk])));
        for class in 0..C {
            for n in 0..N {
                sums[class][n] += rows[class][chunk].dot(pixels[n]);
            }
        }
    }
    sums
}

/// Trains a pass from one start for each order in which a dot product can be summed.
fn show_what_order_does(train: &Dataset, test: &Dataset) {
    let start = Perceptron::random(mnist_shape(), 0);
    println!("one start, one rule, one order of images; only the order of the sums differs:");
    let orders: [(&str, Dot); 3] = [
        ("f32, first to last", float::in_order),
        ("f32, last to first", float::backwards),
        ("f32, eight lanes", float::in_lanes),
    ];
    let mut first: Option<Vec<usize>> = None;
    for (name, dot) in orders {
        let mut network = FloatNetwork::new(&start);
        let mistakes = network.train_pass(train.images(), train.labels(), dot);
        let mut room = vec![0.0; test.pixels()];
        let answers = test.images().chunks_exact(test.pixels());
        let answers = answers.map(|image| network.predict(image, &mut room, dot));
        show(name, mistakes as u64, answers.collect(), &mut first);
    }
    let mut first = None;
    for (name, kernel) in [
        ("integers, plain loop", Kernel::Scalar),
        ("integers, lanes", Kernel::Simd),
    ] {
        let mut network = start.clone();
        let mistakes = network.train_pass(train.images(), train.labels(), kernel);
        let answers = test.images().chunks_exact(test.pixels());
        let answers =
            answers.map(|image| usize::from(network.predict(image, kernel).expect("an image")));
        show(
            name,
            mistakes.expect("MNIST fits"),
            answers.collect(),
            &mut first,
        );
    }
}

fn show(name: &str, mistakes: u64, answers: Vec<usize>, first: &mut Option<Vec<usize>>) {
    let first = first.get_or_insert_with(|| answers.clone());
    let differ = first.iter().zip(&answers).filter(|(a, b)| a != b).count();
    println!(
        "  {name:22} {mistakes} mistakes, {differ} of {} answers differ",
        answers.len()
    );
}
