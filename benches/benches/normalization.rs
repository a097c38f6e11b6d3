//! Normalization of the test set on one thread and on all, what decides which pixels are ink, and
//! a large picture.
//!
//!     cargo bench -p mnist-benches --bench normalization

use std::thread;
use std::time::Duration;

use criterion::Throughput;
use mnist_benches::Wanted::{Any, AtMost};
use mnist_benches::{measure, mnist, ratio};
use mnist_idx::Split;
use mnist_kernel::{Ink, Size, normalize};

const DIGIT: Size = Size {
    height: 28,
    width: 28,
};

fn main() {
    let test = mnist(Split::Test);
    let images = test.images();
    let cores = thread::available_parallelism().map_or(1, usize::from);

    let mut criterion = mnist_benches::criterion();
    let mut group = criterion.benchmark_group("normalization of 10000");
    group.throughput(Throughput::Elements(test.len() as u64));
    let digits = || normalize(images, DIGIT, Ink::Light, DIGIT);
    let one = measure(&mut group, "threads 1", 1, digits);
    let all = measure(&mut group, &format!("threads {cores}"), cores, digits);
    measure(&mut group, "ink or background, threads 1", 1, || {
        Ink::of(images, DIGIT)
    });
    group.finish();

    let (picture, size) = enlarged(&images[..DIGIT.pixels()], 100);
    let mut group = criterion.benchmark_group("normalization of a picture");
    group.throughput(Throughput::Elements(size.pixels() as u64));
    measure(&mut group, &size.to_string(), 1, || {
        normalize(&picture, size, Ink::Light, DIGIT)
    });
    group.finish();

    let two_microseconds = Duration::from_micros(2) * test.len() as u32;
    ratio(
        "one core takes, in 2 µs an image,",
        one,
        Some(two_microseconds),
        AtMost(1.0),
    );
    ratio("all cores are faster than one by", one, all, Any);
}

/// The picture with each pixel as high and wide as `times`.
fn enlarged(image: &[u8], times: usize) -> (Vec<u8>, Size) {
    let size = Size {
        height: DIGIT.height * times,
        width: DIGIT.width * times,
    };
    let pixels = (0..size.pixels()).map(|i| {
        let (y, x) = (i / size.width, i % size.width);
        image[y / times * DIGIT.width + x / times]
    });
    (pixels.collect(), size)
}
