//! The model file: safetensors that `torch.nn.Linear` loads as it is.
//!
//! `weight` `[classes, pixels]` and `bias` `[classes]` are F32 and hold the network's integers, in
//! units of 1/255. All metadata is one key, so that the same network is the same file.

use std::collections::HashMap;
use std::fmt::Display;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use mnist_idx::Dataset;
use mnist_kernel::{Perceptron, Shape};
use safetensors::tensor::{Dtype, SafeTensorError, SafeTensors, TensorView};
use serde::{Deserialize, Serialize};

use crate::arguments::{ReadingOptions, RuleOptions};
use crate::class_names::{self, ClassNames};
use crate::data::Data;
use crate::output_file;
use crate::training::Trained;

/// The metadata key.
const KEY: &str = "mnist";

/// Of 2²⁸ weights, of the biases and the header.
const MOST_BYTES: u64 = (8 << 28) + (1 << 20);

/// The unit of weights and biases.
const UNIT: &str = "1/255";

/// The version of the metadata that this program writes and reads.
const VERSION: u32 = 1;

/// A network and where it comes from.
pub struct Model {
    pub network: Perceptron,
    pub metadata: Metadata,
}

/// What is known of a network beside its weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Metadata {
    /// The version of this metadata.
    pub format: u32,
    /// The unit of weights and biases.
    pub unit: String,
    /// The image's height in pixels.
    pub height: usize,
    /// The image's width in pixels.
    pub width: usize,
    /// Whether the training images were stored column by column, and turned.
    pub transposed: bool,
    /// What the classes are called, if they have names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_names: Option<ClassNames>,
    /// How it was trained, if it was trained here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub training: Option<TrainingMetadata>,
    /// If it was trained elsewhere: its numbers are those of that layer times this, rounded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<f64>,
}

/// How a network was trained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrainingMetadata {
    pub seed: u64,
    pub epochs: u32,
    /// `"perceptron"` or `"averaged"`.
    pub rule: String,
    /// In full pixels.
    pub margin: u16,
}

impl Metadata {
    /// The metadata of a network for images of this size.
    pub fn new(height: usize, width: usize, transposed: bool) -> Self {
        Self {
            format: VERSION,
            unit: UNIT.to_owned(),
            height,
            width,
            transposed,
            class_names: None,
            training: None,
            scale: None,
        }
    }
}

impl TrainingMetadata {
    /// What the options say.
    pub fn new(rule: &RuleOptions) -> Self {
        Self {
            seed: rule.seed,
            epochs: rule.passes.epochs,
            rule: rule.name().to_owned(),
            margin: rule.passes.margin,
        }
    }
}

/// What can be wrong with a model file.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    #[error("not a whole safetensors file")]
    Format(#[from] SafeTensorError),
    #[error(
        "its tensors are {found}: a model has \"weight\" and \"bias\" and no others (`import` \
         reads layers that were trained elsewhere)"
    )]
    Tensors { found: String },
    #[error("\"{tensor}\" is {found:?}: a model's numbers are F32")]
    Type { tensor: &'static str, found: Dtype },
    #[error(
        "\"weight\" is {weight:?} and \"bias\" {bias:?}: a model has [classes, pixels] and [classes]"
    )]
    Shapes {
        weight: Vec<usize>,
        bias: Vec<usize>,
    },
    #[error(
        "\"{tensor}\" number {index} is {found}: a model's numbers are integers from {smallest} \
         to {largest}, in units of 1/255 (`import` reads layers that were trained elsewhere)"
    )]
    Value {
        tensor: &'static str,
        index: usize,
        found: f32,
        smallest: i32,
        largest: i32,
    },
    #[error(
        "it has no metadata \"{KEY}\": not a model of this program (`import` reads layers that were trained elsewhere)"
    )]
    NoMetadata,
    #[error("its metadata \"{KEY}\" can't be read")]
    Metadata(#[from] serde_json::Error),
    #[error("its metadata has format {found}: this program reads format {VERSION}")]
    Version { found: u32 },
    #[error("its metadata has the unit {found:?}: this program reads \"{UNIT}\"")]
    Unit { found: String },
    #[error("its metadata says {height} × {width} pixels, but \"weight\" has {pixels} a class")]
    ImageSize {
        height: usize,
        width: usize,
        pixels: usize,
    },
    #[error("its metadata has {names} class names, but \"weight\" has {classes} classes")]
    ClassNames { names: usize, classes: usize },
    #[error(transparent)]
    Network(#[from] mnist_kernel::Error),
}

impl Model {
    /// The network that training was for, and how it was made of this data.
    pub fn trained(
        trained: &Trained,
        data: &Data,
        reading: &ReadingOptions,
        rule: &RuleOptions,
    ) -> Self {
        let transposed = reading.transpose.unwrap_or(false);
        let (height, width) = (data.train.height(), data.train.width());
        let mut metadata = Metadata::new(height, width, transposed);
        metadata.class_names = data.names.clone();
        metadata.training = Some(TrainingMetadata::new(rule));
        Self {
            network: trained.network().clone(),
            metadata,
        }
    }

    /// Checks that the network takes the images of a data set, has a class for each label, and
    /// calls the classes as the data set does, if that has names.
    /// `name` is what the message calls the network.
    pub fn check(&self, name: &dyn Display, data: &Dataset) -> Result<()> {
        ensure!(
            (data.height(), data.width()) == (self.metadata.height, self.metadata.width),
            "{}: the images are {} × {} pixels, but {name} was trained on {} × {}",
            data.images_path().display(),
            data.height(),
            data.width(),
            self.metadata.height,
            self.metadata.width
        );
        let classes = self.network.shape().classes();
        ensure!(
            data.classes() <= classes,
            "{}: the largest label is {}, but {name} has {classes} classes (0 to {})",
            data.labels_path().display(),
            data.classes() - 1,
            classes - 1
        );
        if let (Some(folder), Some(names)) =
            (data.labels_path().parent(), &self.metadata.class_names)
            && let Some(found) = ClassNames::read(folder, data.classes())?
            && let Some(class) = (0..classes).find(|&class| found.get(class) != names.get(class))
        {
            bail!(
                "{}: class {class} is called {:?}, but in {name} {:?}: the same numbers must be \
                 the same classes",
                folder.join(class_names::FILE).display(),
                found.get(class).unwrap_or_default(),
                names.get(class).unwrap_or_default(),
            );
        }
        Ok(())
    }

    /// Writes the model file.
    pub fn save(&self, path: &Path) -> Result<()> {
        output_file::write(path, &self.to_bytes()?)
    }

    /// Reads a model file.
    pub fn load(path: &Path) -> Result<Self> {
        let bytes = read(path)?;
        Self::from_bytes(&bytes).with_context(|| format!("{}: not a model", path.display()))
    }

    fn to_bytes(&self) -> Result<Vec<u8>> {
        let shape = self.network.shape();
        let weights = (0..shape.classes()).flat_map(|class| self.network.weights(class));
        let weights = floats(weights.map(f32::from));
        // Biases stay within ±2²⁴, which an F32 holds exactly.
        let biases = floats(self.network.biases().iter().map(|&bias| bias as f32));
        let weight_shape = vec![shape.classes(), shape.pixels()];
        let tensors = [
            (
                "weight",
                TensorView::new(Dtype::F32, weight_shape, &weights)?,
            ),
            (
                "bias",
                TensorView::new(Dtype::F32, vec![shape.classes()], &biases)?,
            ),
        ];
        let metadata = serde_json::to_string(&self.metadata)?;
        let metadata = HashMap::from([(KEY.to_owned(), metadata)]);
        Ok(safetensors::serialize(tensors, Some(metadata))?)
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        let tensors = SafeTensors::deserialize(bytes)?;
        let mut names = tensors.names();
        names.sort_unstable();
        if names != ["bias", "weight"] {
            let found = names.join(", ");
            return Err(ModelError::Tensors { found });
        }
        let (weight, bias) = (tensors.tensor("weight")?, tensors.tensor("bias")?);
        let &[classes, pixels] = weight.shape() else {
            return Err(shapes(&weight, &bias));
        };
        if bias.shape() != [classes] {
            return Err(shapes(&weight, &bias));
        }

        let (_, header) = SafeTensors::read_metadata(bytes)?;
        let metadata = header.metadata().as_ref().and_then(|map| map.get(KEY));
        let metadata: Metadata = serde_json::from_str(metadata.ok_or(ModelError::NoMetadata)?)?;
        let Metadata {
            format,
            height,
            width,
            ref class_names,
            ..
        } = metadata;
        if format != VERSION {
            return Err(ModelError::Version { found: format });
        }
        if metadata.unit != UNIT {
            let found = metadata.unit;
            return Err(ModelError::Unit { found });
        }
        if height.checked_mul(width) != Some(pixels) {
            return Err(ModelError::ImageSize {
                height,
                width,
                pixels,
            });
        }
        if let Some(names) = class_names.as_ref().map(ClassNames::len)
            && names != classes
        {
            return Err(ModelError::ClassNames { names, classes });
        }

        let shape = Shape::new(classes, pixels)?;
        let limits = [i32::from(i16::MIN), i32::from(i16::MAX)];
        let weights = integers("weight", &weight, limits)?.map(|weight| Ok(weight? as i16));
        let weights = weights.collect::<Result<Vec<i16>, ModelError>>()?;
        let limits = [-mnist_kernel::BIAS_LIMIT, mnist_kernel::BIAS_LIMIT];
        let biases = integers("bias", &bias, limits)?.collect::<Result<Vec<i32>, _>>()?;
        let network = Perceptron::from_parts(shape, &weights, &biases)?;
        Ok(Self { network, metadata })
    }
}

/// The bytes of a safetensors file, but no more than the largest network in F64 and its header have.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = File::open(path).map(|file| file.take(MOST_BYTES));
    file.and_then(|mut file| file.read_to_end(&mut bytes))
        .with_context(|| format!("{}: can't be read", path.display()))?;
    Ok(bytes)
}

fn shapes(weight: &TensorView, bias: &TensorView) -> ModelError {
    ModelError::Shapes {
        weight: weight.shape().to_vec(),
        bias: bias.shape().to_vec(),
    }
}

/// The bytes of F32 numbers, little-endian.
fn floats(numbers: impl Iterator<Item = f32>) -> Vec<u8> {
    numbers.flat_map(f32::to_le_bytes).collect()
}

/// The integers that an F32 tensor holds.
fn integers<'data>(
    tensor: &'static str,
    view: &TensorView<'data>,
    [smallest, largest]: [i32; 2],
) -> Result<impl Iterator<Item = Result<i32, ModelError>> + 'data, ModelError> {
    if view.dtype() != Dtype::F32 {
        return Err(ModelError::Type {
            tensor,
            found: view.dtype(),
        });
    }
    let (numbers, _) = view.data().as_chunks();
    Ok(numbers.iter().enumerate().map(move |(index, &bytes)| {
        let found = f32::from_le_bytes(bytes);
        // The limits are exact in F32, and NaN is not within them.
        let within = (smallest as f32..=largest as f32).contains(&found);
        match within && found.fract() == 0.0 {
            true => Ok(found as i32),
            false => Err(ModelError::Value {
                tensor,
                index,
                found,
                smallest,
                largest,
            }),
        }
    }))
}
