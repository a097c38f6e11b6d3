//! The MNIST files of `data/`, without their headers.

use std::fs;
use std::sync::LazyLock;

pub const PIXELS: usize = 784;

pub struct Digits {
    pub images: Vec<u8>,
    pub labels: Vec<u8>,
}

pub static TRAIN: LazyLock<Digits> = LazyLock::new(|| Digits::read("train"));
pub static TEST: LazyLock<Digits> = LazyLock::new(|| Digits::read("t10k"));

impl Digits {
    fn read(prefix: &str) -> Self {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data");
        let file = |name: &str, header: usize| {
            let bytes = fs::read(format!("{folder}/{prefix}-{name}")).unwrap();
            bytes[header..].to_vec()
        };
        Self {
            images: file("images-idx3-ubyte", 16),
            labels: file("labels-idx1-ubyte", 8),
        }
    }

    /// The first `count` images and their labels.
    pub fn first(&self, count: usize) -> (&[u8], &[u8]) {
        (&self.images[..count * PIXELS], &self.labels[..count])
    }
}
