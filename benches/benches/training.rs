//! One pass over the 60,000 training images on one core: the rule, with a margin, with the
//! average, and the article's arithmetic in `f64`; and the evaluation of the same images, which
//! is what a pass costs without learning.
//!
//!     cargo bench -p mnist-benches --bench training

use criterion::Throughput;
use mnist_benches::Wanted::{Any, AtMost};
use mnist_benches::float::{FloatNetwork, in_order};
use mnist_benches::{measure, mnist, mnist_shape, ratio};
use mnist_idx::Split;
use mnist_kernel::{Kernel, Perceptron, Training, evaluate};

fn main() {
    let train = mnist(Split::Train);
    let (images, labels) = (train.images(), train.labels());
    let start = Perceptron::random(mnist_shape(), 0);
    let kernel = Kernel::best();

    let mut criterion = mnist_benches::criterion();
    let mut group = criterion.benchmark_group("training");
    group.throughput(Throughput::Elements(train.len() as u64));
    let evaluation = measure(&mut group, "evaluation", 1, || {
        evaluate(&start, images, labels, kernel)
    });
    let rule = measure(&mut group, "rule", 1, || {
        Training::new(&mut start.clone(), kernel).pass(images, labels)
    });
    let margin = measure(&mut group, "margin 150", 1, || {
        Training::new(&mut start.clone(), kernel)
            .with_margin(150)
            .pass(images, labels)
    });
    let average = measure(&mut group, "average", 1, || {
        let mut network = start.clone();
        let mut training = Training::new(&mut network, kernel).with_average();
        training.pass(images, labels).map(|_| training.average())
    });
    group.sample_size(10);
    let float = measure(&mut group, "f64 loop", 1, || {
        FloatNetwork::new(&start, in_order::<f64>).train_pass(images, labels)
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
