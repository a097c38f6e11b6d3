//! A linear layer that was trained elsewhere, made a network of integers.

use std::path::Path;

use anyhow::{Context, Result};
use half::{bf16, f16};
use mnist_kernel::{BIAS_LIMIT, Perceptron, Shape};
use safetensors::tensor::{Dtype, SafeTensorError, SafeTensors, TensorView};

use crate::model;

/// The largest weight of an imported network.
const LARGEST: f64 = i16::MAX as f64;

/// What can be wrong with a file to be imported.
#[derive(Debug, thiserror::Error)]
pub enum LayerError {
    #[error("not a whole safetensors file")]
    Format(#[from] SafeTensorError),
    #[error("it has no tensor \"{name}\", but {found}: say which by --weight and --bias")]
    Missing { name: String, found: String },
    #[error("\"{name}\" is {found:?}: a layer's numbers are F64, F32, F16 or BF16")]
    Type { name: String, found: Dtype },
    #[error(
        "the weight is {weight:?} and the bias {bias:?}: a layer has [classes, pixels] and \
         [classes], and a weight of [pixels, classes] is to be transposed first"
    )]
    Shapes {
        weight: Vec<usize>,
        bias: Vec<usize>,
    },
    #[error("\"{name}\" number {index} is {found}: a layer's numbers are finite")]
    NotFinite {
        name: String,
        index: usize,
        found: f64,
    },
    #[error("the largest weight is {largest:e}, which can't be scaled to {LARGEST}")]
    Scale { largest: f64 },
    #[error(
        "beside weights of at most {LARGEST} the bias of class {class} would be {bias:e}, outside \
         of ±{BIAS_LIMIT}: the layer's weights are too small for its biases, or it has too many \
         pixels"
    )]
    Bias { class: usize, bias: f64 },
    #[error(transparent)]
    Network(#[from] mnist_kernel::Error),
}

/// What an import gives.
#[derive(Debug)]
pub struct Imported {
    pub network: Perceptron,
    /// The network's numbers are the layer's times this, rounded half away from zero.
    pub scale: f64,
    /// What was then added to every bias, so that relu hides no answer.
    pub lift: i64,
}

/// Reads the layer of the tensors `weight` `[classes, pixels]` and `bias` `[classes]`, trained for
/// pixels 0…1, from a safetensors file.
pub fn import(path: &Path, weight: &str, bias: &str) -> Result<Imported> {
    let bytes = model::read(path)?;
    from_bytes(&bytes, weight, bias)
        .with_context(|| format!("{}: can't be imported", path.display()))
}

fn from_bytes(bytes: &[u8], weight: &str, bias: &str) -> Result<Imported, LayerError> {
    let tensors = SafeTensors::deserialize(bytes)?;
    let (weight_name, bias_name) = (weight, bias);
    let (weight, bias) = (tensor(&tensors, weight)?, tensor(&tensors, bias)?);
    let shapes = || LayerError::Shapes {
        weight: weight.shape().to_vec(),
        bias: bias.shape().to_vec(),
    };
    let &[classes, pixels] = weight.shape() else {
        return Err(shapes());
    };
    if bias.shape() != [classes] {
        return Err(shapes());
    }
    let shape = Shape::new(classes, pixels)?;
    to_network(
        shape,
        &numbers(weight_name, &weight)?,
        &numbers(bias_name, &bias)?,
    )
}

fn tensor<'data>(
    tensors: &SafeTensors<'data>,
    name: &str,
) -> Result<TensorView<'data>, LayerError> {
    tensors.tensor(name).map_err(|_| {
        let mut found = tensors.names();
        found.sort_unstable();
        LayerError::Missing {
            name: name.to_owned(),
            found: match found.is_empty() {
                true => "none at all".to_owned(),
                false => found.join(", "),
            },
        }
    })
}

/// The numbers of a tensor, all of them finite.
fn numbers(name: &str, tensor: &TensorView) -> Result<Vec<f64>, LayerError> {
    let data = tensor.data();
    let numbers: Vec<f64> = match tensor.dtype() {
        Dtype::F64 => each(data, f64::from_le_bytes),
        Dtype::F32 => each(data, |bytes| f32::from_le_bytes(bytes).into()),
        Dtype::F16 => each(data, |bytes| f16::from_le_bytes(bytes).into()),
        Dtype::BF16 => each(data, |bytes| bf16::from_le_bytes(bytes).into()),
        found => {
            return Err(LayerError::Type {
                name: name.to_owned(),
                found,
            });
        }
    };
    match numbers.iter().position(|number| !number.is_finite()) {
        None => Ok(numbers),
        Some(index) => Err(LayerError::NotFinite {
            name: name.to_owned(),
            index,
            found: numbers[index],
        }),
    }
}

/// Every `SIZE` bytes as a number.
fn each<const SIZE: usize>(data: &[u8], number: impl Fn([u8; SIZE]) -> f64) -> Vec<f64> {
    let (numbers, _) = data.as_chunks();
    numbers.iter().map(|&bytes| number(bytes)).collect()
}

/// Scales and rounds finite weights `[classes, pixels]` and biases `[classes]`.
///
/// With pixels 0…255 in place of 0…1, `Σ w·x/255 + b` is `(Σ w·x + 255·b) / 255`: weights and biases
/// go by the same scale, and all scores by 255 times it.
fn to_network(shape: Shape, weights: &[f64], biases: &[f64]) -> Result<Imported, LayerError> {
    let largest = weights.iter().fold(0.0, |max: f64, w| max.max(w.abs()));
    let scale = LARGEST / largest;
    if !scale.is_finite() {
        return Err(LayerError::Scale { largest });
    }
    // `round` rounds half away from zero, and no weight is above the largest.
    let weights: Vec<i16> = weights.iter().map(|w| (w * scale).round() as i16).collect();
    let biases: Vec<f64> = biases.iter().map(|b| (b * scale).round()).collect();
    check_biases(&biases)?;
    let biases: Vec<i64> = biases.into_iter().map(|bias| bias as i64).collect();

    let lift = lift(shape, &weights, &biases);
    let biases: Vec<f64> = biases.iter().map(|bias| (bias + lift) as f64).collect();
    check_biases(&biases)?;
    let biases: Vec<i32> = biases.into_iter().map(|bias| bias as i32).collect();
    Ok(Imported {
        network: Perceptron::from_parts(shape, &weights, &biases)?,
        scale,
        lift,
    })
}

fn check_biases(biases: &[f64]) -> Result<(), LayerError> {
    let limit = f64::from(BIAS_LIMIT);
    match biases.iter().position(|bias| bias.abs() > limit) {
        None => Ok(()),
        Some(class) => Err(LayerError::Bias {
            class,
            bias: biases[class],
        }),
    }
}

/// The constant for all biases with which the largest score is positive whatever the image, so that
/// relu leaves it the largest; 0 if it is so already.
///
/// The largest score is at least the mean of all, and the sum of all is least on the image that
/// is white where the sum of the classes' weights is negative.
fn lift(shape: Shape, weights: &[i16], biases: &[i64]) -> i64 {
    let pixel_sum = |pixel| -> i64 {
        let class_weights = weights[pixel..].iter().step_by(shape.pixels());
        class_weights.map(|&weight| i64::from(weight)).sum()
    };
    let negative: i64 = (0..shape.pixels())
        .map(|pixel| pixel_sum(pixel).min(0))
        .sum();
    let least_sum = negative + biases.iter().sum::<i64>();
    // The least constant c with least_sum + classes · c > 0.
    let constant = (-least_sum).div_euclid(shape.classes() as i64) + 1;
    constant.max(0)
}
