//! A sample of MNIST inside the program, for a first minute without files.

use std::sync::Once;

use anyhow::Result;
use mnist_idx::{IdxFile, Split};

use super::split::{Files, split_name};
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

/// The files of a split of the sample. The first time, it says on stderr what the figures will be of.
pub fn files(split: Split) -> Result<Files> {
    static SAID: Once = Once::new();
    SAID.call_once(|| {
        note(
            "no data/ folder here: this is the embedded sample, 5,000 training and 1,000 test images \
             of MNIST's 70,000; for all of them, name a folder with the four files of \
             http://yann.lecun.com/exdb/mnist/ by --data",
        );
    });
    let [images, labels] = match split {
        Split::Train => split!("train"),
        Split::Test => split!("t10k"),
    };
    let open = |what, bytes: &[u8]| {
        let name = format!("{SAMPLE}/{} {what}", split_name(split));
        IdxFile::from_bytes(name, bytes.to_vec())
    };
    Ok((open("images", images)?, Some(open("labels", labels)?)))
}
