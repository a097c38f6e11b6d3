//! A linear layer that was trained elsewhere, as a network of integers.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use mnist_kernel::{BIAS_LIMIT, Perceptron, Shape};
use safetensors::tensor::{Dtype, SafeTensors};

use super::file;
use crate::data::npy::Header;

/// The largest weight of an imported network.
const LARGEST: f64 = i16::MAX as f64;

/// The result of an import.
pub struct Imported {
    pub network: Perceptron,
    /// The factor by which the layer's numbers were multiplied before they were rounded half away
    /// from zero.
    pub scale: f64,
    /// What was then added to every bias, a whole number, so that relu hides no answer.
    pub lift: f64,
}

/// A tensor's shape, and its numbers in the order of the shape.
type Numbers = (Vec<usize>, Vec<f64>);

/// Reads a layer's weight, `[classes, pixels]` or transposed, and bias `[classes]`, which is 0
/// without a name: the tensors of these names in a safetensors file, or an `.npy` file and another
/// one named `bias`. Where a pixel is x, from 0 to 1, the layer takes factor · x − shift.
pub fn import(
    path: &Path,
    weight: &str,
    bias: Option<&str>,
    [factor, shift]: [f64; 2],
) -> Result<Imported> {
    let bytes = file::read(path)?;
    let imported = match bytes.starts_with(Header::MAGIC) {
        true => arrays(&bytes, bias),
        false => tensors(&bytes, weight, bias),
    };
    imported
        .and_then(|(weight, bias)| from_numbers(weight, bias, [factor, shift]))
        .with_context(|| format!("{}: can't be imported", path.display()))
}

fn arrays(weight: &[u8], bias: Option<&str>) -> Result<(Numbers, Option<Numbers>)> {
    let bias = bias.map(|bias| {
        let read = file::read(Path::new(bias)).and_then(|bytes| array(&bytes));
        read.context("the file of the biases, which --bias names")
    });
    Ok((array(weight)?, bias.transpose()?))
}

fn array(mut bytes: &[u8]) -> Result<Numbers> {
    let header = Header::read(&mut bytes)?;
    let (kind, shape) = (header.kind, header.shape);
    let mut numbers: Vec<f64> = match &*kind {
        "<f8" => each(bytes, f64::from_le_bytes),
        "<f4" => each(bytes, |bytes| f32::from_le_bytes(bytes).into()),
        _ => bail!("its numbers are {kind}: a layer's are float32 or float64"),
    };
    let count = |count: usize, &side: &usize| count.checked_mul(side);
    let expected = shape.iter().try_fold(1, count);
    let found = numbers.len();
    ensure!(
        expected == Some(found),
        "it has {found} numbers, but its shape is {shape:?}"
    );
    if let (&[rows, _], true) = (&shape[..], header.fortran_order) {
        numbers = transposed(&numbers, rows);
    }
    Ok((shape, numbers))
}

fn tensors(bytes: &[u8], weight: &str, bias: Option<&str>) -> Result<(Numbers, Option<Numbers>)> {
    let tensors = file::parse(bytes, "safetensors or .npy")?;
    ensure!(
        file::metadata(bytes)?.is_none(),
        "it is a model already: --model names it to predict, and evaluate takes it as it is"
    );
    let others = tensors.tensors().into_iter();
    let others = others.filter(|(name, _)| Some(&**name) != bias);
    let layers = others.filter(|(_, tensor)| tensor.shape().len() > 1);
    let shapes: BTreeSet<_> = layers
        .map(|(_, layer)| format!("{:?}", layer.shape()))
        .collect();
    ensure!(
        shapes.len() < 2,
        "its weights {} are those of a deeper network: one layer of it alone can't answer",
        Vec::from_iter(shapes).join(" and ")
    );
    if bias.is_none() && tensors.names().iter().any(|name| name.ends_with("bias")) {
        bail!("it has a bias, which --no-bias would ignore: --bias names its tensor");
    }
    let bias = bias.map(|bias| numbers(&tensors, bias)).transpose();
    Ok((numbers(&tensors, weight)?, bias?))
}

fn from_numbers(
    (weight_shape, mut weights): Numbers,
    bias: Option<Numbers>,
    [factor, shift]: [f64; 2],
) -> Result<Imported> {
    let bias_shape = bias.as_ref().map(|(shape, _)| &shape[..]);
    let (classes, pixels) = match (&weight_shape[..], bias_shape) {
        (&[classes, pixels], Some(&[biases])) if classes == biases => (classes, pixels),
        // As other programs than PyTorch store it. No network has more than 256 classes.
        (&[pixels, classes], bias) if bias.map_or(pixels > 256, |bias| bias == [classes]) => {
            weights = transposed(&weights, classes);
            (classes, pixels)
        }
        (&[classes, pixels], None) => (classes, pixels),
        (weight, None) => bail!("the weight is {weight:?}: a layer has [classes, pixels]"),
        (weight, Some(bias)) => bail!(
            "the weight is {weight:?} and the bias {bias:?}: a layer has [classes, pixels] and \
             [classes]"
        ),
    };
    let shape = Shape::new(classes, pixels)?;
    let mut biases = bias.map_or_else(|| vec![0.0; shape.classes()], |(_, biases)| biases);
    for (name, numbers) in [("weight", &weights), ("bias", &biases)] {
        if let Some(index) = numbers.iter().position(|number| !number.is_finite()) {
            let found = numbers[index];
            bail!("\"{name}\" number {index} is {found}: a layer's numbers are finite");
        }
    }
    // Σ w · (factor · x − shift) + b, as a layer for x.
    let rows = weights.chunks_exact_mut(shape.pixels());
    for (row, bias) in rows.zip(&mut biases) {
        *bias -= shift * row.iter().sum::<f64>();
        row.iter_mut().for_each(|w| *w *= factor);
    }
    to_network(shape, &weights, &biases)
}

/// The numbers of a matrix with rows of this width, column by column.
fn transposed(numbers: &[f64], width: usize) -> Vec<f64> {
    let column = |column| numbers.iter().skip(column).step_by(width);
    // Of an empty matrix the width may be any.
    let width = width.min(numbers.len());
    (0..width).flat_map(column).copied().collect()
}

/// The numbers of a tensor.
fn numbers(tensors: &SafeTensors, name: &str) -> Result<Numbers> {
    let tensor = tensors.tensor(name).ok().with_context(|| {
        let mut found = tensors.names();
        found.sort_unstable();
        let found = match found.is_empty() {
            true => "none at all".to_owned(),
            false => found.join(", "),
        };
        format!("it has no tensor \"{name}\", but {found}: choose by --weight and --bias")
    })?;
    let data = tensor.data();
    let numbers: Vec<f64> = match tensor.dtype() {
        Dtype::F64 => each(data, f64::from_le_bytes),
        Dtype::F32 => each(data, |bytes| f32::from_le_bytes(bytes).into()),
        Dtype::F16 => each(data, |bytes| from_f16(u16::from_le_bytes(bytes))),
        Dtype::BF16 => each(data, |bytes| from_bf16(u16::from_le_bytes(bytes))),
        found => bail!("\"{name}\" is {found:?}: a layer's numbers are F64, F32, F16 or BF16"),
    };
    Ok((tensor.shape().to_vec(), numbers))
}

fn each<const BYTES: usize>(data: &[u8], number: impl Fn([u8; BYTES]) -> f64) -> Vec<f64> {
    let (numbers, _) = data.as_chunks();
    numbers.iter().map(|&bytes| number(bytes)).collect()
}

/// The number of a 16-bit float: IEEE 754's binary16, with 5 bits of exponent and 10 of fraction.
fn from_f16(bits: u16) -> f64 {
    let magnitude = u64::from(bits & 0x7fff);
    let magnitude = match magnitude {
        // As an f64, whose exponents are counted from 1008 less: that is a factor of 2¹⁰⁰⁸.
        0..0x7c00 => f64::from_bits(magnitude << 42) * f64::from_bits((1023 + 1008) << 52),
        0x7c00 => f64::INFINITY,
        _ => f64::NAN,
    };
    if bits >> 15 == 0 {
        magnitude
    } else {
        -magnitude
    }
}

/// The number of a brain float: the upper half of an f32.
fn from_bf16(bits: u16) -> f64 {
    f32::from_bits(u32::from(bits) << 16).into()
}

/// Scales and rounds finite weights `[classes, pixels]` and biases `[classes]`.
///
/// With pixels 0…255 in place of 0…1, `Σ w·x/255 + b` is `(Σ w·x + 255·b) / 255`: weights and
/// biases are scaled by the same factor, and all scores by 255 times it.
fn to_network(shape: Shape, weights: &[f64], biases: &[f64]) -> Result<Imported> {
    let largest = weights.iter().fold(0.0, |max: f64, w| max.max(w.abs()));
    let scale = LARGEST / largest;
    ensure!(
        scale.is_normal(),
        "the largest weight is {largest:e}, which can't be scaled to {LARGEST}"
    );
    // `round` rounds half away from zero, and no weight is above the largest.
    let weights: Vec<i16> = weights.iter().map(|w| (w * scale).round() as i16).collect();
    let biases: Vec<f64> = biases.iter().map(|b| (b * scale).round()).collect();
    let lift = lift(shape, &weights, &biases);
    let lifted: Vec<f64> = biases.iter().map(|bias| bias + lift).collect();
    // One that is out of the limit by itself lifts the others there, too.
    for biases in [&biases, &lifted] {
        let is_within = |bias: &f64| bias.abs() <= BIAS_LIMIT.into();
        if let Some(class) = biases.iter().position(|bias| !is_within(bias)) {
            let bias = biases[class];
            bail!(
                "beside weights of at most {LARGEST} the bias of class {class} would be {bias:e}, \
                 outside ±{BIAS_LIMIT}: the layer's weights are too small for its biases (--pixels \
                 255 if it was trained on pixels from 0 to 255), or it has too many pixels"
            );
        }
    }
    let biases: Vec<i32> = lifted.into_iter().map(|bias| bias as i32).collect();
    Ok(Imported {
        network: Perceptron::from_parts(shape, &weights, &biases)?,
        scale,
        lift,
    })
}

/// The constant for all biases with which the largest score is positive whatever the image, so that
/// relu leaves it the largest; 0 if it is so already.
///
/// The largest score is at least the mean of all, and the sum of all is least on the image that
/// is white where the sum of the classes' weights is negative.
fn lift(shape: Shape, weights: &[i16], biases: &[f64]) -> f64 {
    let pixel_sum = |pixel| -> i64 {
        let class_weights = weights[pixel..].iter().step_by(shape.pixels());
        class_weights.map(|&weight| i64::from(weight)).sum()
    };
    let negative: i64 = (0..shape.pixels())
        .map(|pixel| pixel_sum(pixel).min(0))
        .sum();
    // Whole numbers below 2⁵³, which are exact, unless the biases are far beyond their limit.
    let least_sum = negative as f64 + biases.iter().sum::<f64>();
    // The least whole constant c with least_sum + classes · c > 0.
    let constant = (-least_sum / shape.classes() as f64).floor() + 1.0;
    constant.clamp(0.0, f64::MAX)
}

#[cfg(test)]
mod tests {
    use half::{bf16, f16};

    use super::*;

    #[test]
    fn all_16_bit_floats_are_the_numbers_that_the_crate_half_makes_of_them() {
        for bits in 0..=u16::MAX {
            let pairs = [
                (from_f16(bits), f64::from(f16::from_bits(bits))),
                (from_bf16(bits), f64::from(bf16::from_bits(bits))),
            ];
            for (number, expected) in pairs {
                let equal = number.to_bits() == expected.to_bits();
                assert!(equal || number.is_nan() && expected.is_nan(), "{bits:#x}");
            }
        }
    }
}
