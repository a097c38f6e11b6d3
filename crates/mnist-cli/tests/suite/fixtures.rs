//! Small data sets and safetensors files, made in temporary folders.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use mnist_idx::{Dataset, Split, write};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::DATA;

/// Writes the two files of a split, raw or gzip as `end` says: `""` or `".gz"`. `images` are
/// `[labels.len(), height, width]`.
pub fn write_split(
    folder: &Path,
    (stem, end): (&str, &str),
    [height, width]: [usize; 2],
    images: &[u8],
    labels: &[u8],
) {
    let path = |what: &str| folder.join(format!("{stem}-{what}-ubyte{end}"));
    let count = labels.len();
    write(path("images-idx3"), &[count, height, width], images).unwrap();
    write(path("labels-idx1"), &[count], labels).unwrap();
}

/// A folder with a data set whose training and test set are the same images.
pub fn data_set(size: [usize; 2], images: &[u8], labels: &[u8]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for stem in ["train", "t10k"] {
        write_split(folder.path(), (stem, ""), size, images, labels);
    }
    folder
}

/// A folder with the first images of MNIST's training set and of its test set.
pub fn first_of_mnist(train: usize, test: usize) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (split, stem, count) in [(Split::Train, "train", train), (Split::Test, "t10k", test)] {
        let data = Dataset::read(DATA, split).unwrap();
        let images = &data.images()[..count * data.pixels()];
        let labels = &data.labels()[..count];
        write_split(folder.path(), (stem, ""), [28, 28], images, labels);
    }
    folder
}

const HEIGHT: usize = 28;
const WIDTH: usize = 28;

/// A data set of images of 28 × 28 pixels that are easy to learn.
pub struct Noise {
    /// How the names of the files begin.
    prefix: &'static str,
    /// How they end.
    end: &'static str,
    /// The classes in the order in which they come, again and again.
    classes: Vec<u8>,
    /// Whether images are stored column by column.
    transposed: bool,
}

/// An image of a class, the same each time but for one pixel.
fn image(class: u8, number: usize) -> Vec<u8> {
    let mut state = u64::from(class) * 2 + 1;
    let mut random = move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 56) as u8
    };
    let mut image: Vec<u8> = (0..HEIGHT * WIDTH)
        .map(|_| if random() < 64 { 255 } else { 0 })
        .collect();
    let at = number * 37 % image.len();
    image[at] ^= 255;
    image
}

impl Noise {
    /// The folder, with ten training images of each class, and one test image.
    pub fn folder(&self) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (split, times) in [("train", 10), ("test", 1)] {
            let labels: Vec<u8> = self.labels(times);
            let images = labels.iter().enumerate();
            let images = images.map(|(index, &class)| self.stored(image(class, index + times)));
            write_split(
                folder.path(),
                (&format!("{}{split}", self.prefix), self.end),
                [HEIGHT, WIDTH],
                &images.collect::<Vec<_>>().concat(),
                &labels,
            );
        }
        folder
    }

    pub fn labels(&self, times: usize) -> Vec<u8> {
        self.classes.repeat(times)
    }

    fn stored(&self, image: Vec<u8>) -> Vec<u8> {
        if !self.transposed {
            return image;
        }
        let column = |x| (0..HEIGHT).map(move |y| y * WIDTH + x);
        (0..WIDTH).flat_map(column).map(|at| image[at]).collect()
    }
}

/// Raw files of upright images.
pub fn plain(prefix: &'static str, classes: &[u8]) -> Noise {
    Noise {
        prefix,
        end: "",
        classes: classes.to_vec(),
        transposed: false,
    }
}

/// Like EMNIST's letters: gzip, a prefix, stored column by column, 26 classes from 1.
pub fn emnist() -> Noise {
    Noise {
        prefix: "emnist-letters-",
        end: ".gz",
        classes: (0..26).map(|index| 1 + index * 7 % 26).collect(),
        transposed: true,
    }
}

/// The same, but stored row by row.
pub fn upright_emnist() -> Noise {
    Noise {
        transposed: false,
        ..emnist()
    }
}

/// A tensor of a safetensors file.
#[derive(Clone)]
pub struct Tensor {
    pub name: &'static str,
    pub dtype: Dtype,
    pub shape: Vec<usize>,
    pub bytes: Vec<u8>,
}

/// A tensor of zeros: zero bytes are zero in every type.
pub fn zeros(name: &'static str, dtype: Dtype, shape: &[usize]) -> Tensor {
    let bits = shape.iter().product::<usize>() * dtype.bitsize();
    Tensor {
        name,
        dtype,
        shape: shape.to_vec(),
        bytes: vec![0; bits / 8],
    }
}

/// A tensor of F32 numbers.
pub fn f32s(name: &'static str, shape: &[usize], numbers: &[f32]) -> Tensor {
    Tensor {
        name,
        dtype: Dtype::F32,
        shape: shape.to_vec(),
        bytes: numbers.iter().flat_map(|x| x.to_le_bytes()).collect(),
    }
}

/// The bytes of a safetensors file with these tensors, and the metadata of a model if it is given.
pub fn safetensors(tensors: &[Tensor], metadata: Option<String>) -> Vec<u8> {
    let views = tensors.iter().map(|tensor| {
        let view = TensorView::new(tensor.dtype, tensor.shape.clone(), &tensor.bytes);
        (tensor.name, view.unwrap())
    });
    let metadata = metadata.map(|metadata| HashMap::from([("mnist".to_owned(), metadata)]));
    safetensors::serialize(views, metadata).unwrap()
}

/// Makes the file of a model one of another program: without what only this one knows.
pub fn forget_metadata(path: impl AsRef<Path>) {
    let Model {
        weights, biases, ..
    } = read_model(&path);
    let classes = biases.len();
    let tensors = [
        f32s("weight", &[classes, weights.len() / classes], &weights),
        f32s("bias", &[classes], &biases),
    ];
    fs::write(path, safetensors(&tensors, None)).unwrap();
}

/// The metadata of a model for images of this size.
pub fn metadata([height, width]: [usize; 2]) -> String {
    let metadata = json!({
        "format": 1, "unit": "1/255", "height": height, "width": width, "transposed": false,
    });
    metadata.to_string()
}

/// What a model file holds.
pub struct Model {
    pub weights: Vec<f32>,
    pub biases: Vec<f32>,
    pub metadata: Value,
}

/// Reads a model file.
pub fn read_model(path: impl AsRef<Path>) -> Model {
    let bytes = fs::read(path).unwrap();
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    let numbers = |name| {
        let tensor = tensors.tensor(name).unwrap();
        assert_eq!(tensor.dtype(), Dtype::F32);
        let (numbers, _) = tensor.data().as_chunks();
        let numbers = numbers.iter().map(|&bytes| f32::from_le_bytes(bytes));
        numbers.collect()
    };
    let (_, header) = SafeTensors::read_metadata(&bytes).unwrap();
    let metadata = &header.metadata().as_ref().unwrap()["mnist"];
    Model {
        weights: numbers("weight"),
        biases: numbers("bias"),
        metadata: serde_json::from_str(metadata).unwrap(),
    }
}
