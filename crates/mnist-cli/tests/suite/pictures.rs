//! Small data sets of a few pictures, made in a temporary folder.

use mnist_idx::write;
use tempfile::TempDir;

const HEIGHT: usize = 28;
const WIDTH: usize = 28;

/// How a data set is made.
pub struct Pictures {
    /// How the names of the files begin.
    prefix: &'static str,
    /// How they end.
    end: &'static str,
    /// The classes in the order in which they come, again and again.
    classes: Vec<u8>,
    /// Whether images are stored column by column.
    transposed: bool,
}

/// A picture of a class, the same each time but for some noise.
fn picture(class: u8, noise: usize) -> Vec<u8> {
    let mut state = u64::from(class) * 2 + 1;
    let mut random = move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 56) as u8
    };
    let mut picture: Vec<u8> = (0..HEIGHT * WIDTH)
        .map(|_| if random() < 64 { 255 } else { 0 })
        .collect();
    let at = noise * 37 % picture.len();
    picture[at] ^= 255;
    picture
}

impl Pictures {
    /// The folder, with ten images of each class for training, and one to test.
    pub fn folder(&self) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (split, times) in [("train", 10), ("test", 1)] {
            let labels: Vec<u8> = self.labels(times);
            let path = |what: &str| {
                let Self { prefix, end, .. } = self;
                folder.path().join(format!("{prefix}{split}-{what}{end}"))
            };
            let images: Vec<u8> = labels
                .iter()
                .enumerate()
                .flat_map(|(index, &class)| self.stored(picture(class, index + times)))
                .collect();
            let shape = [labels.len(), HEIGHT, WIDTH];
            write(path("images-idx3-ubyte"), &shape, &images).unwrap();
            write(path("labels-idx1-ubyte"), &[labels.len()], &labels).unwrap();
        }
        folder
    }

    pub fn labels(&self, times: usize) -> Vec<u8> {
        self.classes.repeat(times)
    }

    fn stored(&self, picture: Vec<u8>) -> Vec<u8> {
        if !self.transposed {
            return picture;
        }
        let column = |x| (0..HEIGHT).map(move |y| y * WIDTH + x);
        (0..WIDTH).flat_map(column).map(|at| picture[at]).collect()
    }
}

/// Raw files of upright images.
pub fn plain(prefix: &'static str, classes: &[u8]) -> Pictures {
    Pictures {
        prefix,
        end: "",
        classes: classes.to_vec(),
        transposed: false,
    }
}

/// EMNIST's letters: gzip, a prefix, stored column by column, 26 classes from 1.
pub fn emnist() -> Pictures {
    Pictures {
        prefix: "emnist-letters-",
        end: ".gz",
        classes: (0..26).map(|index| 1 + index * 7 % 26).collect(),
        transposed: true,
    }
}

/// The same, but stored row by row.
pub fn upright_emnist() -> Pictures {
    Pictures {
        transposed: false,
        ..emnist()
    }
}
