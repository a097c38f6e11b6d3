//! The heap of a run on mapped files: this test's allocator counts, over all threads.

use dhat::{HeapStats, Profiler};
use mnist_idx::{Dataset, Split};
use mnist_kernel::{Kernel, Perceptron, Shape, Training, evaluate};

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

const MIB: usize = 1 << 20;

/// The peak of the heap, in bytes: open a split, train a pass on it with the average, evaluate
/// both networks on it.
fn peak(split: Split, images: usize) -> usize {
    let _profiler = Profiler::builder().testing().build();
    // SAFETY: nobody changes the files in data/ while a test runs.
    let set = unsafe { Dataset::map("../../data", split) }.unwrap();
    assert_eq!(set.len(), images);
    let mut last = Perceptron::random(Shape::new(10, set.pixels()).unwrap(), 1);
    let mut training = Training::new(&mut last, Kernel::Simd).with_average();
    training.pass(set.images(), set.labels()).unwrap();
    let average = training.average().unwrap();
    for network in [&last, &average] {
        let matrix = evaluate(network, set.images(), set.labels(), Kernel::Simd).unwrap();
        assert_eq!(matrix.total(), images as u64);
    }
    HeapStats::get().max_bytes
}

/// The one test of this program, because the count is of all its threads.
#[test]
fn the_heap_is_small_and_does_not_grow_with_the_images() {
    let (few, many) = (peak(Split::Test, 10_000), peak(Split::Train, 60_000));
    assert!(few < 4 * MIB && many < 4 * MIB, "{few} and {many} bytes");
    // Threads come and go as they like, but 50,000 more images do not show.
    assert!(many < few + MIB / 4, "{many} bytes after {few}");
}
