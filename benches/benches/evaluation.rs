//! The test set and the six times larger training set, evaluated on 1, 2, 4, … threads.
//!
//!     cargo bench -p mnist-benches --bench evaluation

use std::iter;
use std::thread;

use criterion::Throughput;
use mnist_benches::Wanted::{Any, AtLeast};
use mnist_benches::{measure, mnist, ratio, trained_network};
use mnist_idx::Split;
use mnist_kernel::{Kernel, evaluate};

fn main() {
    let network = trained_network();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let doubled = iter::successors(Some(1), |threads| Some(threads * 2));
    let mut counts: Vec<usize> = doubled.take_while(|&threads| threads < cores).collect();
    counts.push(cores);

    let mut criterion = mnist_benches::criterion();
    for (split, least) in [(Split::Test, 1.6), (Split::Train, 1.8)] {
        let set = mnist(split);
        let images = set.len();
        let mut group = criterion.benchmark_group(format!("evaluation of {images}"));
        group.throughput(Throughput::Elements(images as u64));
        let times: Vec<_> = counts
            .iter()
            .map(|&threads| {
                measure(&mut group, &format!("threads {threads}"), threads, || {
                    evaluate(&network, set.images(), set.labels(), Kernel::best())
                })
            })
            .collect();
        group.finish();
        for (&threads, &time) in counts.iter().zip(&times).skip(1) {
            let wanted = if threads == 2 { AtLeast(least) } else { Any };
            let text = format!("{images} images, {threads} threads are faster than one by");
            ratio(&text, times[0], time, wanted);
        }
    }
}
