//! One pass over the 60,000 training images on one core: the rule, with a margin, with the
//! average, and the article's arithmetic in `f64`; and the evaluation of the same images, which
//! is what a pass costs without learning.
//!
//!     cargo bench -p mnist-benches --bench training

use criterion::Throughput;
use mnist_benches::Wanted::{Any, AtMost};
use mnist_benches::{measure, mnist, mnist_shape, ratio};
use mnist_idx::Split;
use mnist_kernel::{Kernel, Perceptron, Training, evaluate};

fn main() {
    let train = mnist(Split::Train);
    let (images, labels) = (train.images(), train.labels());
    let start = Perceptron::random(mnist_shape(), 0);

    let mut criterion = mnist_benches::criterion();
    let mut group = criterion.benchmark_group("training");
    group.throughput(Throughput::Elements(train.len() as u64));
    let evaluation = measure(&mut group, "evaluation", 1, || {
        evaluate(&start, images, labels, Kernel::Simd)
    });
    let rule = measure(&mut group, "rule", 1, || {
        Training::new(&mut start.clone(), Kernel::Simd).pass(images, labels)
    });
    let margin = measure(&mut group, "margin 150", 1, || {
        Training::new(&mut start.clone(), Kernel::Simd)
            .with_margin(150)
            .pass(images, labels)
    });
    let average = measure(&mut group, "average", 1, || {
        let mut network = start.clone();
        let mut training = Training::new(&mut network, Kernel::Simd).with_average();
        training.pass(images, labels).map(|_| training.average())
    });
    group.sample_size(10);
    let float = measure(&mut group, "f64 loop", 1, || {
        float_pass(&start, images, labels)
    });
    group.finish();

    ratio(
        "a pass costs, in evaluations",
        rule,
        evaluation,
        AtMost(1.25),
    );
    ratio("the average costs, in passes", average, rule, AtMost(1.4));
    ratio("a margin costs, in passes", margin, rule, Any);
    ratio("a pass is faster than the f64 loop by", float, rule, Any);
}

/// The article's pass as it is written there, in `f64` on pixels of 0…1; the count of mistakes.
fn float_pass(start: &Perceptron, images: &[u8], labels: &[u8]) -> usize {
    let fraction = |weight: i16| f64::from(weight) / 255.0;
    let classes = start.shape().classes();
    let mut weights: Vec<Vec<f64>> = (0..classes)
        .map(|class| start.weights(class).into_iter().map(fraction).collect())
        .collect();
    let mut biases: Vec<f64> = start
        .biases()
        .iter()
        .map(|&bias| f64::from(bias) / 255.0)
        .collect();
    let mut mistakes = 0;
    for (image, &label) in images.chunks_exact(start.shape().pixels()).zip(labels) {
        let pixels: Vec<f64> = image
            .iter()
            .map(|&pixel| f64::from(pixel) / 255.0)
            .collect();
        let (mut predicted, mut largest) = (0, 0.0);
        for class in 0..classes {
            let mut score = biases[class];
            for (weight, pixel) in weights[class].iter().zip(&pixels) {
                score += weight * pixel;
            }
            if score > largest {
                (predicted, largest) = (class, score);
            }
        }
        let label = usize::from(label);
        if predicted != label {
            mistakes += 1;
            for (class, sign) in [(label, 1.0), (predicted, -1.0)] {
                for (weight, pixel) in weights[class].iter_mut().zip(&pixels) {
                    *weight += sign * pixel;
                }
                biases[class] += sign;
            }
        }
    }
    mistakes
}
