//! What the benches in `benches/` share: the MNIST files, a measured routine, and a ratio.
//!
//! Each bench prints Criterion's own lines, with the throughput, and then the ratios that this
//! project promises, each of the least times of one run: a time depends on the machine, a ratio
//! hardly does.

pub mod float;
#[path = "../../crates/mnist-kernel/tests/suite/float_network.rs"]
mod float_network;
pub mod integer;
pub mod peak;

use std::env;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion};
use mnist_idx::{Dataset, Split};
use mnist_kernel::{Kernel, Perceptron, Shape};
use rayon::{ThreadPool, ThreadPoolBuilder};

/// Ten classes of 28 × 28 pixels.
pub fn mnist_shape() -> Shape {
    Shape::new(10, 784).expect("MNIST has a shape")
}

/// The folder of the MNIST files.
pub fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data")
}

/// A split of MNIST, mapped.
pub fn mnist(split: Split) -> Dataset {
    // SAFETY: nobody changes the files in data/ while a bench runs.
    unsafe { Dataset::map(data(), split) }.expect("data/ holds the MNIST files")
}

/// A network after one pass over MNIST.
pub fn trained_network() -> Perceptron {
    let train = mnist(Split::Train);
    let mut network = Perceptron::random(mnist_shape(), 0);
    network
        .train_pass(train.images(), train.labels(), Kernel::best())
        .expect("MNIST fits its shape");
    network
}

/// A thread pool of so many threads.
pub fn pool(threads: usize) -> ThreadPool {
    ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .expect("threads can be had")
}

/// Criterion with times that let all benches finish in a few minutes.
pub fn criterion() -> Criterion {
    Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .sample_size(50)
        .configure_from_args()
}

/// Has Criterion measure `routine` on a pool of so many threads, and returns the least time that
/// it took; `None` if Criterion was told to leave it out or only to try it.
pub fn measure<T>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    threads: usize,
    mut routine: impl FnMut() -> T + Send,
) -> Option<Duration> {
    let pool = pool(threads);
    let mut least = None;
    group.bench_function(name, |bencher| {
        bencher.iter_custom(|iterations| {
            // On a thread of the pool: handing it each iteration would cost a wake-up.
            pool.install(|| {
                let mut total = Duration::ZERO;
                for _ in 0..iterations {
                    let start = Instant::now();
                    black_box(routine());
                    let time = start.elapsed();
                    least = Some(least.map_or(time, |least| time.min(least)));
                    total += time;
                }
                total
            })
        });
    });
    least.filter(|_| is_measuring())
}

/// Whether this is `cargo bench`, not a `--test` that runs everything once.
pub fn is_measuring() -> bool {
    let has = |option| env::args().any(|argument| argument == option);
    has("--bench") && !has("--test")
}

/// What a ratio is to be.
#[derive(Debug, Clone, Copy)]
pub enum Wanted {
    /// This or more.
    AtLeast(f64),
    /// This or less.
    AtMost(f64),
    /// Shown for its own sake.
    Any,
}

/// Prints `numerator / denominator`, if both were measured.
pub fn ratio(
    text: &str,
    numerator: Option<Duration>,
    denominator: Option<Duration>,
    wanted: Wanted,
) {
    let (Some(numerator), Some(denominator)) = (numerator, denominator) else {
        return;
    };
    let ratio = numerator.as_secs_f64() / denominator.as_secs_f64();
    let verdict = |kept| if kept { "kept" } else { "MISSED" };
    let wanted = match wanted {
        Wanted::AtLeast(least) => format!("  (at least {least}: {})", verdict(ratio >= least)),
        Wanted::AtMost(most) => format!("  (at most {most}: {})", verdict(ratio <= most)),
        Wanted::Any => String::new(),
    };
    println!("ratio: {text}: {ratio:.2}{wanted}");
}
