//! The model file: safetensors that `torch.nn.Linear` loads as it is.
//!
//! `weight` `[classes, pixels]` and `bias` `[classes]` are F32 and hold the network's integers, in
//! units of 1/255. All metadata is one key, so that the same network is the same file.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail, ensure};
use mnist_kernel::{BIAS_LIMIT, Perceptron, Shape};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use super::{Metadata, Model};
use crate::files;
use crate::terminal::usage;

/// The metadata key.
const KEY: &str = "mnist";

/// The size of the largest file: 2²⁸ weights in F64, biases, and the header.
const MOST_BYTES: u64 = (8 << 28) + (1 << 20);

/// What is said of a file that `torch.save` has written.
const PYTORCH: &str = "a file of PyTorch: save it as safetensors by\n\
     \x20 import torch, safetensors.torch\n\
     \x20 safetensors.torch.save_file(torch.load(\"FILE\", weights_only=True), \"layer.safetensors\")\n\
     (of a whole module, take its state_dict() first)";

/// Where layers of other programs are read.
const IMPORT: &str = "`import` reads layers that were trained elsewhere";

impl Model {
    /// Writes the model file.
    pub fn save(&self, path: &Path) -> Result<()> {
        files::write(path, &self.to_bytes()?)
    }

    /// Reads a model file.
    pub fn load(path: &Path) -> Result<Self> {
        let name = path.display();
        if path.is_dir() {
            usage!("{name}: a folder, not a model file: --data names the folder of a data set");
        }
        let bytes = read(path)?;
        Self::from_bytes(&bytes).with_context(|| format!("{name}: not a model file"))
    }

    fn to_bytes(&self) -> Result<Vec<u8>> {
        let shape = self.network.shape();
        let (classes, pixels) = (shape.classes(), shape.pixels());
        let weights = (0..classes).flat_map(|class| self.network.weights(class));
        let weights = floats(weights.map(f32::from));
        // Biases stay within ±2²⁴, which an F32 holds exactly.
        let biases = floats(self.network.biases().iter().map(|&bias| bias as f32));
        let weight = TensorView::new(Dtype::F32, vec![classes, pixels], &weights)?;
        let bias = TensorView::new(Dtype::F32, vec![classes], &biases)?;
        let metadata = serde_json::to_string(&self.metadata)?;
        let metadata = HashMap::from([(KEY.to_owned(), metadata)]);
        Ok(safetensors::serialize(
            [("weight", weight), ("bias", bias)],
            Some(metadata),
        )?)
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let tensors = parse(bytes, "safetensors, as `train --save` writes")?;
        let mut names = tensors.names();
        names.sort_unstable();
        ensure!(
            names == ["bias", "weight"],
            "its tensors are {}: a model has \"weight\" and \"bias\" and no others ({IMPORT})",
            names.join(", ")
        );
        let (weight, bias) = (tensors.tensor("weight")?, tensors.tensor("bias")?);
        let (classes, pixels) = match (weight.shape(), bias.shape()) {
            (&[classes, pixels], &[biases]) if classes == biases => (classes, pixels),
            (weight, bias) => bail!(
                "\"weight\" is {weight:?} and \"bias\" {bias:?}: a model has [classes, pixels] \
                 and [classes]"
            ),
        };
        let metadata = metadata(bytes)?.with_context(|| {
            format!("it has no metadata \"{KEY}\": not a model of this program ({IMPORT})")
        })?;
        let metadata: Metadata = serde_json::from_str(&metadata)
            .with_context(|| format!("its metadata \"{KEY}\" can't be read"))?;
        metadata.check(classes, pixels)?;

        let shape = Shape::new(classes, pixels)?;
        let weights = integers("weight", &weight, [i16::MIN.into(), i16::MAX.into()])?;
        let weights: Vec<i16> = weights.into_iter().map(|weight| weight as i16).collect();
        let biases = integers("bias", &bias, [-BIAS_LIMIT, BIAS_LIMIT])?;
        let network = Perceptron::from_parts(shape, &weights, &biases)?;
        Ok(Self { network, metadata })
    }
}

/// Whether a file begins as safetensors do: with the length of a JSON object.
pub fn is_safetensors(path: &Path) -> bool {
    let mut start = [0; 9];
    let read = |mut file: File| file.read_exact(&mut start);
    // Reading would take it from a pipe.
    path.is_file() && File::open(path).and_then(read).is_ok() && is_start(&start)
}

/// Whether bytes begin as safetensors do.
fn is_start(bytes: &[u8]) -> bool {
    // What begins with two zeros is IDX.
    bytes.get(8) == Some(&b'{') && !bytes.starts_with(&[0, 0])
}

/// The bytes of a safetensors file, up to the size of the largest network's.
pub(super) fn read(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = File::open(path).map(|file| file.take(MOST_BYTES));
    file.and_then(|mut file| file.read_to_end(&mut bytes))
        .with_context(|| format!("{}: can't be read", path.display()))?;
    Ok(bytes)
}

/// The tensors of a safetensors file. What is `expected` is said of a file of another kind.
pub(super) fn parse<'a>(bytes: &'a [u8], expected: &str) -> Result<SafeTensors<'a>> {
    SafeTensors::deserialize(bytes).map_err(|error| {
        let start = &bytes[..bytes.len().min(256)];
        if start.starts_with(b"\x80") || start.windows(8).any(|name| name == b"data.pkl") {
            anyhow!(PYTORCH)
        } else if is_start(start) {
            anyhow!(error).context("not a whole safetensors file")
        } else if start.is_empty() {
            anyhow!("it is empty")
        } else {
            anyhow!("expected {expected}")
        }
    })
}

/// The text of a model's metadata in a valid safetensors file; none if it is no model.
pub(super) fn metadata(bytes: &[u8]) -> Result<Option<String>> {
    let (_, header) = SafeTensors::read_metadata(bytes)?;
    Ok(header
        .metadata()
        .as_ref()
        .and_then(|map| map.get(KEY).cloned()))
}

/// The bytes of F32 numbers, little-endian.
fn floats(numbers: impl Iterator<Item = f32>) -> Vec<u8> {
    numbers.flat_map(f32::to_le_bytes).collect()
}

/// The integers that an F32 tensor holds.
fn integers(name: &str, tensor: &TensorView, [smallest, largest]: [i32; 2]) -> Result<Vec<i32>> {
    ensure!(
        tensor.dtype() == Dtype::F32,
        "\"{name}\" is {:?}: a model's numbers are F32",
        tensor.dtype()
    );
    let (numbers, _) = tensor.data().as_chunks();
    let integer = |(index, &bytes)| {
        let found = f32::from_le_bytes(bytes);
        // The limits are exact in F32, and NaN is not within them.
        let within = (smallest as f32..=largest as f32).contains(&found);
        ensure!(
            within && found.fract() == 0.0,
            "\"{name}\" number {index} is {found}: a model's numbers are integers from {smallest} \
             to {largest}, in units of 1/255 ({IMPORT})"
        );
        Ok(found as i32)
    };
    numbers.iter().enumerate().map(integer).collect()
}
