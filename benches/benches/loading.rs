//! Opening the training set: mapped, which reads nothing yet; read into memory; and inflated from
//! gzip, beside the program `gzip` on the same file, where there is one.
//!
//!     cargo bench -p mnist-benches --bench loading

use std::process::{Command, Stdio};
use std::time::Duration;

use criterion::Throughput;
use mnist_benches::Wanted::{Any, AtMost};
use mnist_benches::{data, measure, mnist, ratio};
use mnist_idx::{Dataset, IdxFile, Split};

fn main() {
    let train = mnist(Split::Train);
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let gzip = folder.path().join("train-images-idx3-ubyte.gz");
    let dimensions = [train.len(), train.height(), train.width()];
    mnist_idx::write(&gzip, &dimensions, train.images()).expect("the gzip file can be written");

    let mut criterion = mnist_benches::criterion();
    let mut group = criterion.benchmark_group("loading");
    group.throughput(Throughput::Elements(train.len() as u64));
    let map = measure(&mut group, "map", 1, || mnist(Split::Train));
    let read = measure(&mut group, "read", 1, || {
        Dataset::read(data(), Split::Train)
    });
    group.sample_size(10);
    let inflate = measure(&mut group, "inflate gzip", 1, || IdxFile::read(&gzip));
    let has_gzip = Command::new("gzip").arg("--version").output().is_ok();
    let program = has_gzip.then(|| {
        measure(&mut group, "gzip -dc", 1, || {
            let mut command = Command::new("gzip");
            command.arg("-dc").arg(&gzip).stdout(Stdio::null()).status()
        })
    });
    group.finish();

    let millisecond = Some(Duration::from_millis(1));
    ratio(
        "opening a map takes, in milliseconds",
        map,
        millisecond,
        AtMost(1.0),
    );
    ratio("a map opens faster than reading by", read, map, Any);
    ratio(
        "inflating takes, in times of gzip -dc",
        inflate,
        program.flatten(),
        AtMost(1.3),
    );
}
