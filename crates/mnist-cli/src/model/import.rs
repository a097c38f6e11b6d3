//! A linear layer that was trained elsewhere, as a network of integers.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use mnist_kernel::{BIAS_LIMIT, Perceptron, Shape};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use super::file;

/// The largest weight of an imported network.
const LARGEST: f64 = i16::MAX as f64;

/// The result of an import.
pub struct Imported {
    pub network: Perceptron,
    /// The factor by which the layer's numbers were multiplied before they were rounded half away
    /// from zero.
    pub scale: f64,
    /// What was then added to every bias, so that relu hides no answer.
    pub lift: i64,
}

/// Reads the layer of the tensors `weight` `[classes, pixels]` and `bias` `[classes]`, trained for
/// pixels 0…1, from a safetensors file.
pub fn import(path: &Path, weight: &str, bias: &str) -> Result<Imported> {
    let bytes = file::read(path)?;
    from_bytes(&bytes, weight, bias)
        .with_context(|| format!("{}: can't be imported", path.display()))
}

fn from_bytes(bytes: &[u8], weight_name: &str, bias_name: &str) -> Result<Imported> {
    let tensors = file::parse(bytes)?;
    let weight = tensor(&tensors, weight_name)?;
    let bias = tensor(&tensors, bias_name)?;
    let shape = match (weight.shape(), bias.shape()) {
        (&[classes, pixels], &[biases]) if classes == biases => Shape::new(classes, pixels)?,
        (weight, bias) => bail!(
            "the weight is {weight:?} and the bias {bias:?}: a layer has [classes, pixels] and \
             [classes], and a weight of [pixels, classes] is to be transposed first"
        ),
    };
    to_network(
        shape,
        &numbers(weight_name, &weight)?,
        &numbers(bias_name, &bias)?,
    )
}

fn tensor<'data>(tensors: &SafeTensors<'data>, name: &str) -> Result<TensorView<'data>> {
    tensors.tensor(name).with_context(|| {
        let mut found = tensors.names();
        found.sort_unstable();
        let found = match found.is_empty() {
            true => "none at all".to_owned(),
            false => found.join(", "),
        };
        format!("it has no tensor \"{name}\", but {found}: choose by --weight and --bias")
    })
}

/// The numbers of a tensor, all of them finite.
fn numbers(name: &str, tensor: &TensorView) -> Result<Vec<f64>> {
    let data = tensor.data();
    let numbers: Vec<f64> = match tensor.dtype() {
        Dtype::F64 => each(data, f64::from_le_bytes),
        Dtype::F32 => each(data, |bytes| f32::from_le_bytes(bytes).into()),
        Dtype::F16 => each(data, |bytes| from_f16(u16::from_le_bytes(bytes))),
        Dtype::BF16 => each(data, |bytes| from_bf16(u16::from_le_bytes(bytes))),
        found => bail!("\"{name}\" is {found:?}: a layer's numbers are F64, F32, F16 or BF16"),
    };
    if let Some(index) = numbers.iter().position(|number| !number.is_finite()) {
        let found = numbers[index];
        bail!("\"{name}\" number {index} is {found}: a layer's numbers are finite");
    }
    Ok(numbers)
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
        scale.is_finite(),
        "the largest weight is {largest:e}, which can't be scaled to {LARGEST}"
    );
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

fn check_biases(biases: &[f64]) -> Result<()> {
    let limit = f64::from(BIAS_LIMIT);
    if let Some(class) = biases.iter().position(|bias| bias.abs() > limit) {
        let bias = biases[class];
        bail!(
            "beside weights of at most {LARGEST} the bias of class {class} would be {bias:e}, \
             outside ±{BIAS_LIMIT}: the layer's weights are too small for its biases, or it has \
             too many pixels"
        );
    }
    Ok(())
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
