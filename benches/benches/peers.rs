//! From the bytes of the 60,000 training images to their classes, beside float matrix libraries as
//! their users would write it well: a block of images at a time, so that the floats stay in the
//! cache, one matrix product a block, on one thread and on two.
//!
//!     cargo bench -p mnist-benches --bench peers

use std::time::Duration;

use criterion::Throughput;
use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};
use mnist_benches::Wanted::AtLeast;
use mnist_benches::{measure, mnist, ratio, trained_network};
use mnist_idx::Split;
use mnist_kernel::{Kernel, evaluate};
use ndarray::linalg::general_mat_mul;
use ndarray::{Array1, Array2, ArrayView2, ArrayViewMut2};
use rayon::prelude::*;

const CLASSES: usize = 10;
const PIXELS: usize = 784;

/// Images of a block.
const BLOCK: usize = 200;

fn main() {
    let set = mnist(Split::Train);
    let network = trained_network();
    let (images, labels) = (set.images(), set.labels());

    // Floats of the same integers: pixels need no division, and the answers are the same.
    let rows = (0..CLASSES).flat_map(|class| network.weights(class));
    let weights = Array2::from_shape_vec((CLASSES, PIXELS), rows.map(f32::from).collect()).unwrap();
    let biases = Array1::from_iter(network.biases().iter().map(|&bias| 255.0 * bias as f32));
    let by_ndarray = |pixels: &[f32], scores: &mut [f32]| {
        let pixels = ArrayView2::from_shape((scores.len() / CLASSES, PIXELS), pixels).unwrap();
        let mut scores = ArrayViewMut2::from_shape((pixels.nrows(), CLASSES), scores).unwrap();
        scores.assign(&biases);
        general_mat_mul(1.0, &pixels, &weights.t(), 1.0, &mut scores);
    };
    let (weights, biases) = (weights.as_slice().unwrap(), biases.as_slice().unwrap());
    let by_faer = |pixels: &[f32], scores: &mut [f32]| {
        let images = scores.len() / CLASSES;
        for scores in scores.chunks_exact_mut(CLASSES) {
            scores.copy_from_slice(biases);
        }
        let pixels = MatRef::from_row_major_slice(pixels, images, PIXELS);
        let weights = MatRef::from_row_major_slice(weights, CLASSES, PIXELS);
        let scores = MatMut::from_row_major_slice_mut(scores, images, CLASSES);
        matmul(
            scores,
            Accum::Add,
            pixels,
            weights.transpose(),
            1.0,
            Par::Seq,
        );
    };
    let matrix = evaluate(&network, images, labels, Kernel::best()).expect("MNIST fits");
    assert_eq!(correct(images, labels, by_ndarray) as u64, matrix.correct());
    assert_eq!(correct(images, labels, by_faer) as u64, matrix.correct());

    let mut criterion = mnist_benches::criterion().sample_size(20);
    let mut group = criterion.benchmark_group("peers");
    group.throughput(Throughput::Elements(set.len() as u64));
    for threads in [1, 2] {
        let own = measure(
            &mut group,
            &format!("mnist-kernel, threads {threads}"),
            threads,
            || evaluate(&network, images, labels, Kernel::best()),
        );
        let ndarray = measure(
            &mut group,
            &format!("ndarray, threads {threads}"),
            threads,
            || correct(images, labels, by_ndarray),
        );
        let faer = measure(
            &mut group,
            &format!("faer, threads {threads}"),
            threads,
            || correct(images, labels, by_faer),
        );
        let fastest: Option<Duration> = ndarray.min(faer);
        let text = format!("threads {threads}: faster than the fastest float library by");
        ratio(&text, fastest, own, AtLeast(4.0));
    }
    group.finish();
}

/// The count of right answers. The blocks are shared out over the threads of the pool; `product`
/// makes the scores `[images, classes]` of the pixels `[images, pixels]` of a block.
fn correct(images: &[u8], labels: &[u8], product: impl Fn(&[f32], &mut [f32]) + Sync) -> usize {
    let room = || (vec![0.0; BLOCK * PIXELS], vec![0.0; BLOCK * CLASSES]);
    images
        .par_chunks(BLOCK * PIXELS)
        .zip(labels.par_chunks(BLOCK))
        .map_init(room, |(pixels, scores), (images, labels)| {
            let pixels = &mut pixels[..images.len()];
            let scores = &mut scores[..labels.len() * CLASSES];
            for (float, &pixel) in pixels.iter_mut().zip(images) {
                *float = f32::from(pixel);
            }
            product(pixels, scores);
            scores
                .chunks_exact(CLASSES)
                .zip(labels)
                .filter(|&(scores, &label)| predicted_class(scores) == usize::from(label))
                .count()
        })
        .sum()
}

/// The first of the largest outputs, after relu.
fn predicted_class(scores: &[f32]) -> usize {
    let (mut best, mut largest) = (0, 0.0);
    for (class, &score) in scores.iter().enumerate() {
        if score > largest {
            (best, largest) = (class, score);
        }
    }
    best
}
