//! A sample of MNIST inside the program, for a first minute without files.

use std::sync::Once;

use mnist_idx::{Error, IdxFile, Split};

use crate::terminal::note;

/// What messages call the sample, in place of a folder.
pub const SAMPLE: &str = "the embedded sample";

/// Images and labels of a split, in gzip.
macro_rules! split {
    ($stem:literal) => {
        [
            include_bytes!(concat!("../../sample/", $stem, "-images-idx3-ubyte.gz")).as_slice(),
            include_bytes!(concat!("../../sample/", $stem, "-labels-idx1-ubyte.gz")),
        ]
    };
}

/// The images and the labels of a split of the sample. The first call notes on stderr that figures are of the sample.
pub fn files(split: Split) -> Result<[IdxFile; 2], Error> {
    static SAID: Once = Once::new();
    SAID.call_once(|| {
        note(
            "no data/ folder here: this is the embedded sample, 5,000 training and 1,000 test images \
             of MNIST's 70,000; for the full set, download the four files from \
             https://ossci-datasets.s3.amazonaws.com/mnist/ and name their folder by --data",
        );
    });
    let [images, labels] = match split {
        Split::Train => split!("train"),
        Split::Test => split!("t10k"),
    };
    let open = |what, bytes: &[u8]| {
        let name = format!("{SAMPLE}/{split} {what}");
        IdxFile::from_bytes(name, bytes.to_vec())
    };
    Ok([open("images", images)?, open("labels", labels)?])
}
