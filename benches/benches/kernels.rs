//! The kernels side by side on the 10,000 test images, one core, from bytes to classes; and the
//! peak: as many multiply-adds as the test set takes, in registers only, so the least time that
//! any code of these instructions can need.
//!
//!     cargo bench -p mnist-benches --bench kernels

use criterion::Throughput;
use mnist_benches::Wanted::{Any, AtLeast};
use mnist_benches::float::{self, FloatNetwork};
use mnist_benches::{is_measuring, measure, mnist, peak, ratio, trained_network};
use mnist_idx::Split;
use mnist_kernel::{Kernel, evaluate};

fn main() {
    let test = mnist(Split::Test);
    let network = trained_network();
    let floats = FloatNetwork::new(&network);
    let multiply_adds = test.len() * network.shape().classes() * network.shape().pixels();
    if is_measuring() {
        peak::refuse_if_impossible(multiply_adds);
    }

    let mut criterion = mnist_benches::criterion();
    let mut group = criterion.benchmark_group("kernels");
    group.throughput(Throughput::Elements(multiply_adds as u64));
    let float = measure(&mut group, "f32 loop", 1, || {
        floats.correct(test.images(), test.labels(), float::in_order)
    });
    let kernels = Kernel::ALL.map(|kernel| {
        let name = format!("{kernel:?}").to_lowercase();
        let time = measure(&mut group, &name, 1, || {
            evaluate(&network, test.images(), test.labels(), kernel)
        });
        (kernel, time)
    });
    let time = |wanted| {
        let found = kernels.iter().find(|(kernel, _)| *kernel == wanted);
        found.and_then(|&(_, time)| time)
    };
    let (scalar, simd) = (time(Kernel::Scalar), time(Kernel::Simd));
    let peak = measure(&mut group, "peak", 1, || peak::multiply_add(multiply_adds));
    group.finish();

    ratio(
        "simd is faster than the f32 loop by",
        float,
        simd,
        AtLeast(20.0),
    );
    ratio("simd is faster than scalar by", scalar, simd, AtLeast(1.5));
    ratio("scalar is faster than the f32 loop by", float, scalar, Any);
    ratio("simd's share of the peak", peak, simd, AtLeast(0.75));
}
