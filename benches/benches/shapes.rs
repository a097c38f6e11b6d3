//! Other shapes than MNIST's: 2 to 62 classes, 64 to 4096 pixels. The throughput is in
//! multiply-adds, so that shapes compare: a shape that fits the lanes badly shows at once.
//!
//!     cargo bench -p mnist-benches --bench shapes

use std::time::Duration;

use criterion::Throughput;
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion};
use mnist_benches::Wanted::{Any, AtMost};
use mnist_benches::{measure, mnist, ratio};
use mnist_idx::Split;
use mnist_kernel::{Kernel, Perceptron, Shape, evaluate};

fn main() {
    let test = mnist(Split::Test);
    let mut criterion: Criterion = mnist_benches::criterion();
    let mut group = criterion.benchmark_group("shapes");
    let mut time = |classes, pixels| measure_shape(&mut group, classes, pixels, test.images());

    time(2, 784);
    let ten = time(10, 784);
    time(26, 784);
    let balanced = time(47, 784);
    time(62, 784);
    time(10, 64);
    time(10, 256);
    let odd = time(10, 785);
    time(10, 1024);
    time(10, 4096);
    group.finish();

    ratio(
        "47 classes cost, in ten classes",
        balanced,
        ten,
        AtMost(5.5),
    );
    ratio("785 pixels cost, in 784 pixels", odd, ten, Any);
}

/// The least time of one image, of a set whose pixels are those of the MNIST images, cut anew.
fn measure_shape(
    group: &mut BenchmarkGroup<'_, WallTime>,
    classes: usize,
    pixels: usize,
    bytes: &[u8],
) -> Option<Duration> {
    let network = Perceptron::random(Shape::new(classes, pixels).expect("a shape"), 0);
    let images = bytes.len() / pixels;
    let (bytes, labels) = (&bytes[..images * pixels], vec![0; images]);
    group.throughput(Throughput::Elements((images * classes * pixels) as u64));
    let name = format!("{classes} classes of {pixels} pixels");
    let time = measure(group, &name, 1, || {
        evaluate(&network, bytes, &labels, Kernel::best())
    });
    time.map(|time| time.div_f64(images as f64))
}
