//! The kernels side by side on the 10,000 test images, one core, from bytes to classes; and the
//! peak: as many multiply-adds as the test set takes, in registers only, so the least time that
//! any code of these instructions can need.
//!
//!     cargo bench -p mnist-benches --bench kernels

use criterion::Throughput;
use mnist_benches::Wanted::Any;
use mnist_benches::float::{FloatNetwork, in_order};
use mnist_benches::{is_measuring, measure, mnist, peak, ratio, trained_network};
use mnist_idx::Split;
use mnist_kernel::{Kernel, evaluate};

fn main() {
    let test = mnist(Split::Test);
    let network = trained_network();
    let mut floats = FloatNetwork::new(&network, in_order::<f32>);
    let multiply_adds = test.len() * network.shape().classes() * network.shape().pixels();
    if is_measuring() {
        peak::refuse_if_impossible(multiply_adds);
    }

    let mut criterion = mnist_benches::criterion();
    let mut group = criterion.benchmark_group("kernels");
    group.throughput(Throughput::Elements(multiply_adds as u64));
    let float = measure(&mut group, "f32 loop", 1, || {
        floats.correct(test.images(), test.labels())
    });
    let kernels: Vec<_> = Kernel::available()
        .map(|kernel| {
            let time = measure(&mut group, kernel.name(), 1, || {
                evaluate(&network, test.images(), test.labels(), kernel)
            });
            (kernel, time)
        })
        .collect();
    let peak = measure(&mut group, "peak", 1, || peak::multiply_add(multiply_adds));
    group.finish();

    for (kernel, time) in kernels {
        let text = format!("{kernel} is faster than the f32 loop by");
        ratio(&text, float, time, Any);
        let text = format!("{kernel}'s share of the peak");
        ratio(&text, peak, time, Any);
    }
}
