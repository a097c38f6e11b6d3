//! `import`.

use std::fs;
use std::path::Path;
use std::slice;

use half::{bf16, f16};
use mnist_idx::{Dataset, Split};
use mnist_kernel::{Kernel, Perceptron, Shape};
use safetensors::Dtype;
use tempfile::TempDir;

use crate::fixtures::{Model, Tensor, read_model, safetensors, zeros};
use crate::program::{DATA, error, file_in, json, mnist_cli, text};

/// A layer of two classes, in F64.
fn layer(weights: &[f64], biases: &[f64; 2]) -> [Tensor; 2] {
    let bytes = |numbers: &[f64]| numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
    let mut tensors = [
        zeros("weight", Dtype::F64, &[2, weights.len() / 2]),
        zeros("bias", Dtype::F64, &[2]),
    ];
    tensors[0].bytes = bytes(weights);
    tensors[1].bytes = bytes(biases);
    tensors
}

/// A folder with a file `layer` of these tensors.
fn folder(tensors: &[Tensor]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let bytes = safetensors(tensors, None);
    fs::write(file_in(&folder, "layer"), bytes).unwrap();
    folder
}

/// Imports the folder's `layer` as its `model`.
fn import(folder: &TempDir, more: &[&str]) -> Model {
    let (layer, model) = (file_in(folder, "layer"), file_in(folder, "model"));
    text(&[&["import", &layer, "-o", &model], more].concat());
    read_model(model)
}

#[test]
fn the_largest_weight_is_32767_and_halves_are_rounded_away_from_zero() {
    // Half of what comes out, so that quarters become halves.
    let weights = [16383.5, 0.25, -0.25, 0.75, -8000.0, 0.2, 0.3, -0.75];
    let model = import(&folder(&layer(&weights, &[10_000.25, -0.75])), &[]);
    let expected = [32767.0, 1.0, -1.0, 2.0, -16000.0, 0.0, 1.0, -2.0];
    assert_eq!(model.weights, expected);
    assert_eq!(model.biases, [20_001.0, -2.0]);
    assert_eq!(model.metadata["scale"], 2.0);
}

#[test]
fn a_negative_weight_may_be_the_largest() {
    let model = import(&folder(&layer(&[-0.5, 0.25], &[0.0, 1.0])), &[]);
    assert_eq!(model.weights, [-32767.0, 16384.0]);
}

#[test]
fn every_float_type_gives_the_same_model() {
    let weights = [1.0, -0.5, 0.25, 0.0, 0.75, -1.0, 0.0, 0.5];
    let in_f64 = layer(&weights, &[1.5, -2.0]);
    let expected = folder(&in_f64);
    import(&expected, &[]);
    let of_type = |dtype, bytes: fn(f64) -> Vec<u8>| {
        in_f64.clone().map(|mut tensor| {
            let (numbers, _) = tensor.bytes.as_chunks();
            let numbers = numbers.iter().map(|&bytes| f64::from_le_bytes(bytes));
            tensor.bytes = numbers.flat_map(bytes).collect();
            Tensor { dtype, ..tensor }
        })
    };
    for tensors in [
        of_type(Dtype::F32, |x| (x as f32).to_le_bytes().to_vec()),
        of_type(Dtype::F16, |x| f16::from_f64(x).to_le_bytes().to_vec()),
        of_type(Dtype::BF16, |x| bf16::from_f64(x).to_le_bytes().to_vec()),
    ] {
        let folder = folder(&tensors);
        import(&folder, &[]);
        let [model, expected] = [&folder, &expected].map(|folder| file_in(folder, "model"));
        assert!(fs::read(model).unwrap() == fs::read(expected).unwrap());
    }
}

#[test]
fn tensors_of_other_names_and_among_others_are_found() {
    let [mut weight, mut bias] = layer(&[1.0, 2.0], &[0.0, 0.5]);
    (weight.name, bias.name) = ("net.0.weight", "net.0.bias");
    let folder = folder(&[weight, bias, zeros("steps", Dtype::I64, &[1])]);
    let names = ["--weight", "net.0.weight", "--bias", "net.0.bias"];
    assert_eq!(import(&folder, &names).weights, [16384.0, 32767.0]);
}

#[test]
fn images_are_square_or_as_the_options_say() {
    let square = folder(&layer(&[1.0; 18], &[0.0; 2]));
    let other = folder(&layer(&[1.0; 12], &[0.0; 2]));
    for (folder, options, height, width) in [
        (&square, &[][..], 3, 3),
        (&square, &["--height", "1"], 1, 9),
        (&other, &["--height", "2"], 2, 3),
        (&other, &["--width", "2"], 3, 2),
        (&other, &["--height", "1", "--width", "6"], 1, 6),
    ] {
        let metadata = import(folder, options).metadata;
        assert_eq!(metadata["height"], height, "{options:?}");
        assert_eq!(metadata["width"], width, "{options:?}");
    }
    let (layer, model) = (file_in(&other, "layer"), file_in(&other, "none"));
    for options in [
        &[][..],
        &["--height", "4"],
        &["--width", "7"],
        &["--height", "3", "--width", "3"],
        &["--height", "0"],
    ] {
        let message = error(2, &[&["import", &layer, "-o", &model], options].concat());
        assert!(message.contains("--height"), "{options:?}: {message}");
        assert!(!Path::new(&model).exists());
    }
}

#[test]
fn no_answer_hides_behind_relu_and_no_bias_moves_without_need() {
    // All images of four pixels that are 0, 100 or 255.
    let images: Vec<[i64; 4]> = (0..81)
        .map(|image| [1, 3, 9, 27].map(|place| [0, 100, 255][image / place % 3]))
        .collect();
    let negative = [-1.0, -0.5, -0.25, -1.0, -0.75, -1.0, -1.0, -0.5];
    let opposite = [0.5, -0.5, 1.0, -1.0, -0.5, 0.5, -1.0, 1.0];
    for (weights, biases, moved) in [
        (negative, [-0.5, -0.25], true),
        (opposite, [0.0, 0.0], true),
        (opposite, [-2.0, 2.1], false),
    ] {
        let model = import(&folder(&layer(&weights, &biases)), &[]);
        for pixels in &images {
            let scores = [0, 1].map(|class| {
                let weights = &model.weights[4 * class..][..4];
                let products = weights.iter().zip(pixels).map(|(&w, &x)| w as i64 * x);
                products.sum::<i64>() + 255 * model.biases[class] as i64
            });
            assert!(scores[0].max(scores[1]) > 0, "{pixels:?}: {scores:?}");
        }
        let scaled = biases.map(|bias| (bias * 32767.0).round() as f32);
        let lifts = [0, 1].map(|class| model.biases[class] - scaled[class]);
        assert_eq!(lifts[0], lifts[1]);
        assert_eq!(lifts[0] > 0.0, moved, "{lifts:?}");
    }
}

#[test]
fn an_imported_layer_answers_as_its_floats_do() {
    let folder = tempfile::tempdir().unwrap();
    let (layer, model) = (file_in(&folder, "layer"), file_in(&folder, "model"));
    text(&["train", "--average", "--holdout", "50000", "--save", &layer]);
    let (floats, integers) = (read_model(&layer), import(&folder, &[]));
    let report = json(&["evaluate", &model]);

    let weights: Vec<i16> = integers.weights.iter().map(|&w| w as i16).collect();
    let biases: Vec<i32> = integers.biases.iter().map(|&b| b as i32).collect();
    let shape = Shape::new(10, 784).unwrap();
    let network = Perceptron::from_parts(shape, &weights, &biases).unwrap();
    let test = Dataset::read(DATA, Split::Test).unwrap();
    let (mut different, mut correct) = (0, 0);
    for (image, &label) in test.images().chunks_exact(784).zip(test.labels()) {
        let outputs = floats.weights.chunks_exact(784).zip(&floats.biases);
        let outputs = outputs.map(|(weights, &bias)| {
            let products = weights.iter().zip(image);
            let products = products.map(|(&w, &x)| f64::from(w) * f64::from(x) / 255.0);
            products.sum::<f64>() + f64::from(bias)
        });
        let outputs: Vec<f64> = outputs.collect();
        let answer = network.predict(image, Kernel::best()).unwrap().class;
        let largest = outputs[usize::from(answer)];
        different += u32::from(outputs.iter().any(|&output| output > largest));
        correct += u32::from(answer == label);
    }
    assert!(different <= 10, "{different} answers differ");
    assert_eq!(report["correct"], correct);
}

/// The message for a layer that can't be imported over an older model.
fn refused(tensors: &[Tensor]) -> String {
    let folder = folder(tensors);
    let (layer, model) = (file_in(&folder, "layer"), file_in(&folder, "model"));
    fs::write(&model, "old").unwrap();
    let message = error(1, &["import", &layer, "-o", &model]);
    assert_eq!(fs::read(&model).unwrap(), b"old");
    let start = format!("{layer}: can't be imported: ");
    message.strip_prefix(&start).expect(&message).to_owned()
}

#[test]
fn tensors_that_are_no_layer_are_refused() {
    use Dtype::{F32, F64, I64, U8};
    let [weight, bias] = layer(&[1.0, 2.0], &[0.0, 0.0]);
    let shaped =
        |weight: &[usize], bias: &[usize]| [zeros("weight", F32, weight), zeros("bias", F64, bias)];
    for (tensors, message) in [
        (&[][..], "no tensor \"weight\", but none at all"),
        (
            slice::from_ref(&weight),
            "no tensor \"bias\", but weight: choose by",
        ),
        (
            &[zeros("weight", I64, &[2, 1]), bias.clone()],
            "\"weight\" is I64",
        ),
        (&[weight.clone(), zeros("bias", U8, &[2])], "\"bias\" is U8"),
        (&shaped(&[2], &[2]), "the weight is [2] and the bias [2]"),
        (&shaped(&[1, 2, 1], &[2]), "the weight is [1, 2, 1]"),
        (&shaped(&[2, 1], &[3]), "the bias [3]"),
        (&shaped(&[2, 1], &[2, 1]), "the bias [2, 1]"),
        (&shaped(&[1, 4], &[1]), "2 to 256 classes, not 1"),
        (&shaped(&[257, 4], &[257]), "2 to 256 classes, not 257"),
        (&shaped(&[2, 0], &[2]), "images of 0 pixels"),
    ] {
        let refused = refused(tensors);
        assert!(refused.contains(message), "{message}: {refused}");
    }
}

#[test]
fn numbers_that_cannot_be_scaled_are_refused() {
    for (weights, biases, message) in [
        ([1.0, f64::NAN], [0.0; 2], "\"weight\" number 1 is NaN"),
        (
            [f64::NEG_INFINITY, 1.0],
            [0.0; 2],
            "\"weight\" number 0 is -inf",
        ),
        ([1.0, 1.0], [0.0, f64::INFINITY], "\"bias\" number 1 is inf"),
        ([0.0, -0.0], [1.0, 2.0], "the largest weight is 0e0"),
        ([1e-310, 0.0], [0.0; 2], "the largest weight is 1e-310"),
        // 2²⁴ is 512.02 times 32767.
        (
            [1.0, 1.0],
            [0.0, 513.0],
            "bias of class 1 would be 1.6809471e7",
        ),
        ([1.0, 0.0], [-1e306, 0.0], "bias of class 0 would be -inf"),
        // Within the limits until the mean of the two scores is lifted above 0.
        (
            [-1.0, -1.0],
            [-511.0, 512.0],
            "bias of class 1 would be 1.6793088e7",
        ),
    ] {
        let refused = refused(&layer(&weights, &biases));
        assert!(refused.contains(message), "{message}: {refused}");
    }
    let most = import(&folder(&layer(&[1.0, 1.0], &[0.0, 512.0])), &[]);
    assert_eq!(most.biases, [0.0, 16_776_704.0]);
}

#[test]
fn a_file_that_is_cut_or_missing_is_refused() {
    let folder = folder(&layer(&[1.0, 2.0], &[0.0, 0.0]));
    let (layer, model) = (file_in(&folder, "layer"), file_in(&folder, "model"));
    let bytes = fs::read(&layer).unwrap();
    fs::write(&layer, &bytes[..bytes.len() - 1]).unwrap();
    let message = error(1, &["import", &layer, "-o", &model]);
    assert!(
        message.contains("not a whole safetensors file"),
        "{message}"
    );
    fs::remove_file(&layer).unwrap();
    let message = error(1, &["import", &layer, "-o", &model]);
    assert!(message.contains("layer: can't be read"), "{message}");
    mnist_cli(&["import", &layer]).assert().code(2);
}
