//! Training and evaluation do not allocate for each image: this test's allocator counts.

use dhat::{HeapStats, Profiler};
use mnist_kernel::{Kernel, Perceptron, Shape, Training, evaluate};
use rayon::ThreadPoolBuilder;

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

const PIXELS: usize = 40;
const IMAGES: usize = 20_000;

/// The network's own few, and those of the test harness and of the pool, which run meanwhile: far
/// from one for each image, or for each hundred.
const FEW: u64 = 100;

/// The one test of this program, because the count is of all its threads.
#[test]
fn the_count_of_allocations_does_not_grow_with_the_images() {
    let _profiler = Profiler::builder().testing().build();
    let allocations = || HeapStats::get().total_blocks;
    let images: Vec<u8> = (0..IMAGES * PIXELS).map(|i| (i * i % 251) as u8).collect();
    let labels: Vec<u8> = (0..IMAGES).map(|i| (i % 10) as u8).collect();
    let mut network = Perceptron::random(Shape::new(10, PIXELS).unwrap(), 1);
    // One thread steals no work, so the images are cut into as few parts as can be.
    let pool = ThreadPoolBuilder::new().num_threads(1).build().unwrap();

    for kernel in Kernel::available() {
        let before = allocations();
        let mut training = Training::new(&mut network, kernel)
            .with_margin(10)
            .with_average();
        let counts = training.pass(&images, &labels).unwrap();
        let trained = allocations() - before;
        assert!(counts.mistakes > 1000 && counts.margin_updates > 100);
        assert!(trained < FEW, "{kernel:?}: training: {trained}");

        let before = allocations();
        let matrix = pool.install(|| evaluate(&network, &images, &labels, kernel));
        let evaluated = allocations() - before;
        assert_eq!(matrix.unwrap().total(), IMAGES as u64);
        assert!(evaluated < FEW, "{kernel:?}: evaluation: {evaluated}");
    }
}
