//! The kernels side by side on the 10,000 test images, one core, from bytes to classes; and the
//! peak of each: as many multiply-adds as the test set takes, in registers only, so the least time
//! that any code of the same instructions can need.
//!
//!     cargo bench -p mnist-benches --bench kernels

use criterion::Throughput;
use mnist_benches::Wanted::{Any, AtLeast};
use mnist_benches::float::{FloatNetwork, in_order};
use mnist_benches::{is_measuring, measure, mnist, peak, ratio, trained_network};
use mnist_idx::Split;
use mnist_kernel::{Kernel, evaluate};

fn main() {
    let test = mnist(Split::Test);
    let network = trained_network();
    let mut floats = FloatNetwork::new(&network, in_order::<f32>);
    let multiply_adds = test.len() * network.shape().classes() * network.shape().pixels();
    let kernels: Vec<Kernel> = Kernel::available().collect();
    if is_measuring() {
        for &kernel in &kernels {
            peak::refuse_if_impossible(kernel, multiply_adds);
        }
    }

    let mut criterion = mnist_benches::criterion();
    let mut group = criterion.benchmark_group("kernels");
    group.throughput(Throughput::Elements(multiply_adds as u64));
    let float = measure(&mut group, "f32 loop", 1, || {
        floats.correct(test.images(), test.labels())
    });
    let times: Vec<_> = kernels
        .iter()
        .map(|&kernel| {
            let time = measure(&mut group, kernel.name(), 1, || {
                evaluate(&network, test.images(), test.labels(), kernel)
            });
            let peak = measure(&mut group, &format!("peak of {kernel}"), 1, || {
                peak::multiply_add(kernel, multiply_adds)
            });
            (kernel, time, peak)
        })
        .collect();
    group.finish();

    for (kernel, time, peak) in times {
        let wanted = match kernel.name() {
            "scalar" => Any,
            _ => AtLeast(10.0),
        };
        let text = format!("{kernel} is faster than the f32 loop by");
        ratio(&text, float, time, wanted);
        ratio(&format!("{kernel}'s share of its peak"), peak, time, Any);
    }
}
