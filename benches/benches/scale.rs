//! The cost of an image, of 60 thousand and of 6 million: MNIST a hundred times over, a file of
//! 4.7 GB in the target folder, deleted after. Each run maps the file anew, so that the page
//! faults count; and a plain sum of the same bytes shows what the machine can read at all.
//!
//! Needs twice the room of the file, on the disk and as page cache, so it runs only by name:
//!
//!     cargo bench -p mnist-benches --bench scale

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::thread;
use std::time::Duration;

use criterion::Throughput;
use mnist_benches::Wanted::{Any, AtMost};
use mnist_benches::{is_measuring, measure, mnist, ratio, trained_network};
use mnist_idx::{Dataset, ElementType, Header, Split};
use mnist_kernel::{Kernel, evaluate};
use rayon::prelude::*;

const TIMES: usize = 100;

fn main() {
    let train = mnist(Split::Train);
    let network = trained_network();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let mut criterion = mnist_benches::criterion().sample_size(10);
    // A path that is deleted when `folder` is dropped.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder can be made");

    let mut costs = Vec::new();
    for times in [1, if is_measuring() { TIMES } else { 2 }] {
        write_times(&train, times, folder.path());
        let images = times * train.len();
        let mut group = criterion.benchmark_group(format!("{images} images"));
        group.throughput(Throughput::Elements(images as u64));
        for threads in [1, cores] {
            let name = |what| format!("{what}, threads {threads}");
            let evaluation = measure(&mut group, &name("evaluate"), threads, || {
                let set = map(folder.path());
                evaluate(&network, set.images(), set.labels(), Kernel::best())
            });
            let reading = measure(&mut group, &name("read"), threads, || {
                let set = map(folder.path());
                set.images().par_chunks(1 << 20).map(sum).sum::<u64>()
            });
            let text = format!("{images} images, threads {threads}: share of the bandwidth");
            ratio(&text, reading, evaluation, Any);
            costs.push(evaluation.map(|time| time.div_f64(images as f64)));
        }
        group.finish();
    }
    let [one, all, one_scaled, all_scaled]: [Option<Duration>; 4] =
        costs.try_into().expect("two sizes, two thread counts");
    let text = |threads| format!("an image of many costs, in images of few, threads {threads}");
    ratio(&text(1), one_scaled, one, AtMost(1.1));
    ratio(&text(cores), all_scaled, all, AtMost(1.1));
}

/// The training set written so many times over, as a data set.
fn write_times(set: &Dataset, times: usize, folder: &Path) {
    let dimensions = [times * set.len(), set.height(), set.width()];
    for (name, dimensions, bytes) in [
        ("train-images-idx3-ubyte", &dimensions[..], set.images()),
        ("train-labels-idx1-ubyte", &dimensions[..1], set.labels()),
    ] {
        let write = || {
            let mut file = File::create(folder.join(name))?;
            Header::new(ElementType::U8, dimensions)
                .expect("a header of many images")
                .write(&mut file)?;
            (0..times).try_for_each(|_| file.write_all(bytes))
        };
        write().expect("there is room in the target folder for 4.7 GB");
    }
}

fn map(folder: &Path) -> Dataset {
    // SAFETY: nobody else knows the folder, and the bench writes nothing while the map lives.
    unsafe { Dataset::map(folder, Split::Train) }.expect("the bench wrote the data set")
}

/// The sum of the bytes, eight at a time: little more than reading them.
fn sum(bytes: &[u8]) -> u64 {
    let words = bytes.as_chunks().0.iter();
    words.fold(0, |sum, &word| sum.wrapping_add(u64::from_le_bytes(word)))
}
