//! `import`.

use std::fs;
use std::path::Path;
use std::slice;

use half::{bf16, f16};
use mnist_idx::{Dataset, Split};
use mnist_kernel::{Kernel, Perceptron, Shape};
use safetensors::Dtype;
use serde_json::Value;
use tempfile::TempDir;

use crate::fixtures::{Model, Tensor, f32s, forget_metadata, read_model, safetensors, zeros};
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
    let floats = read_model(&layer);
    let message = error(1, &["import", &layer, "-o", &model]);
    assert!(message.contains("it is a model already"), "{message}");
    forget_metadata(&layer);
    let integers = import(&folder, &[]);
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
            "no tensor \"bias\", but weight: choose by --weight and --bias\n",
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
        let refused = refused(tensors) + "\n";
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
    fs::write(&layer, "PK\x03\x04 and more").unwrap();
    let message = error(1, &["import", &layer, "-o", &model]);
    assert!(
        message.ends_with("expected safetensors or .npy"),
        "{message}"
    );
    fs::remove_file(&layer).unwrap();
    let message = error(1, &["import", &layer, "-o", &model]);
    assert!(message.contains("layer: can't be read"), "{message}");
    mnist_cli(&["import", &layer]).assert().code(2);
}

/// The averaged network of one epoch over MNIST, as a layer of floats for pixels from 0 to 1, and
/// its right answers to the test images.
fn trained_layer(folder: &TempDir) -> (Vec<f64>, Vec<f64>, u64) {
    let model = file_in(folder, "trained");
    let trained = json(&["train", "--average", "--seed", "2", "--save", &model]);
    let Model {
        weights, biases, ..
    } = read_model(model);
    let [weights, biases] =
        [weights, biases].map(|numbers| numbers.iter().map(|&x| f64::from(x) / 255.0).collect());
    (weights, biases, trained["correct"].as_u64().unwrap())
}

/// The tensors of a layer of MNIST in F64.
fn mnist_layer(weights: &[f64], biases: Option<&[f64]>) -> Vec<Tensor> {
    let bytes = |numbers: &[f64]| numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
    let mut tensors = vec![zeros("weight", Dtype::F64, &[10, 784])];
    tensors[0].bytes = bytes(weights);
    if let Some(biases) = biases {
        tensors.push(zeros("bias", Dtype::F64, &[10]));
        tensors[1].bytes = bytes(biases);
    }
    tensors
}

/// Writes a layer of MNIST, imports it, and evaluates the model.
fn imported(folder: &TempDir, weights: &[f64], biases: Option<&[f64]>, more: &[&str]) -> Value {
    let tensors = mnist_layer(weights, biases);
    fs::write(file_in(folder, "layer"), safetensors(&tensors, None)).unwrap();
    import(folder, more);
    json(&["evaluate", &file_in(folder, "model")])
}

#[test]
fn a_layer_of_normalized_inputs_answers_as_it_does_on_them() {
    let folder = tempfile::tempdir().unwrap();
    let (weights, biases, correct) = trained_layer(&folder);
    assert_eq!(correct, 9213);
    // With x = std · z + mean, Σ w · x + b = Σ (w · std) · z + (b + mean · Σ w).
    let (mean, std) = (0.1307, 0.3081);
    let scaled: Vec<f64> = weights.iter().map(|w| w * std).collect();
    let rows = weights.chunks_exact(784).zip(&biases);
    let shifted: Vec<f64> = rows
        .map(|(row, b)| b + mean * row.iter().sum::<f64>())
        .collect();
    let told = imported(
        &folder,
        &scaled,
        Some(&shifted),
        &["--mean", "0.1307", "--std", "0.3081"],
    );
    assert_eq!(told["correct"], correct);
    let untold = imported(&folder, &scaled, Some(&shifted), &[]);
    assert!(
        untold["correct"].as_u64().unwrap() < 9000,
        "{}",
        untold["correct"]
    );
    // What they would do is said.
    let (layer, model) = (file_in(&folder, "layer"), file_in(&folder, "model"));
    let check = ["import", &layer, "-o", &model, "--data", DATA];
    let warning = String::from_utf8(mnist_cli(&check).unwrap().stderr).unwrap();
    let expected = "warning: with --pixels 1 --mean 0.1307 --std 0.3081 the result would be: accuracy 0.9213 \
                    (9213 of 10000)";
    assert!(
        warning.starts_with(expected) && warning.lines().count() == 1,
        "{warning}"
    );

    // The same with 0 to 255 in place of 0 to 1, before and after normalization.
    let bytes: Vec<f64> = weights.iter().map(|w| w / 255.0).collect();
    let refused = refused(&mnist_layer(&bytes, Some(&biases)));
    assert!(refused.contains("--pixels 255"), "{refused}");
    let told = imported(&folder, &bytes, Some(&biases), &["--pixels", "255"]);
    assert_eq!(told["correct"], correct);
    let of_bytes = ["--pixels", "255", "--mean", "33.3285", "--std", "78.5655"];
    assert_eq!(
        imported(&folder, &scaled, Some(&shifted), &of_bytes)["correct"],
        correct
    );
}

#[test]
fn a_layer_without_a_bias_has_zeros() {
    let folder = tempfile::tempdir().unwrap();
    let (weights, _, _) = trained_layer(&folder);
    let without = imported(&folder, &weights, None, &["--no-bias"]);
    let zeros = imported(&folder, &weights, Some(&[0.0; 10]), &[]);
    assert_eq!(without["fingerprint"], zeros["fingerprint"]);
    let layer = file_in(&folder, "layer");
    let without = [
        "import",
        &layer,
        "-o",
        &file_in(&folder, "none"),
        "--no-bias",
    ];
    let message = error(2, &[&without[..], &["--bias", "b"]].concat());
    assert!(message.contains("--no-bias"), "{message}");
    // One that is there is not lost.
    let message = error(1, &without);
    assert!(
        message.contains("it has a bias, which --no-bias would ignore"),
        "{message}"
    );
}

#[test]
fn data_checks_an_import_and_an_accuracy_near_guessing_is_warned_of() {
    let folder = tempfile::tempdir().unwrap();
    let (weights, biases, correct) = trained_layer(&folder);
    // The classes are others.
    let (mut rows, mut others) = (weights.clone(), biases.clone());
    rows.rotate_left(784);
    others.rotate_left(1);
    imported(&folder, &rows, Some(&others), &[]);
    let (layer, model) = (file_in(&folder, "layer"), file_in(&folder, "model"));
    let arguments = ["import", &layer, "-o", &model, "--data", DATA];
    let output = mnist_cli(&arguments)
        .assert()
        .success()
        .get_output()
        .clone();
    let warning = String::from_utf8(output.stderr).unwrap();
    assert!(
        warning.contains("the accuracy is near that of guessing"),
        "{warning}"
    );
    imported(&folder, &weights, Some(&biases), &[]);
    let output = mnist_cli(&arguments).unwrap();
    assert_eq!(output.stderr, b"");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains(&format!(
            "check       accuracy 0.9213 ({correct} of 10000)\n"
        )),
        "{text}"
    );
    // A layer of other images does not fit, and is not saved.
    fs::remove_file(&model).unwrap();
    let small = [
        f32s("weight", &[10, 100], &[1.0; 1000]),
        zeros("bias", Dtype::F32, &[10]),
    ];
    fs::write(&layer, safetensors(&small, None)).unwrap();
    let message = error(1, &arguments);
    assert!(message.contains("was trained on 10 × 10"), "{message}");
    assert!(!Path::new(&model).exists());
}

#[test]
fn a_file_of_several_layers_is_refused_as_a_deeper_network() {
    let [one, two] = [[128, 784], [10, 128]];
    let layers = [
        zeros("fc1.weight", Dtype::F32, &one),
        zeros("fc1.bias", Dtype::F32, &one[..1]),
        zeros("fc2.weight", Dtype::F32, &two),
        zeros("fc2.bias", Dtype::F32, &two[..1]),
    ];
    let folder = folder(&layers);
    let (layer, model) = (file_in(&folder, "layer"), file_in(&folder, "model"));
    for names in [
        ["weight", "bias"],
        ["fc1.weight", "fc1.bias"],
        ["fc2.weight", "fc2.bias"],
    ] {
        let names = ["--weight", names[0], "--bias", names[1]];
        let message = error(1, &[&["import", &layer, "-o", &model], &names[..]].concat());
        let expected = "its weights [10, 128] and [128, 784] are those of a deeper network";
        assert!(message.contains(expected), "{message}");
    }
}

/// An `.npy` file as NumPy writes it.
fn npy(kind: &str, fortran_order: &str, shape: &str, numbers: &[u8]) -> Vec<u8> {
    let header =
        format!("{{'descr': '{kind}', 'fortran_order': {fortran_order}, 'shape': {shape}, }}");
    let header = format!("{header:<117}\n");
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    [&bytes[..], header.as_bytes(), numbers].concat()
}

#[test]
fn arrays_of_numpy_are_a_layer_row_by_row_or_column_by_column() {
    let numbers = [1.0, -0.5, 0.25, 0.0, 0.75, -1.0, 0.0, 0.5];
    let folder = folder(&layer(&numbers, &[1.5, -2.0]));
    import(&folder, &[]);
    let expected = fs::read(file_in(&folder, "model")).unwrap();
    let (layer, bias) = (file_in(&folder, "layer"), file_in(&folder, "b.npy"));
    let f64s = |numbers: &[f64]| {
        numbers
            .iter()
            .flat_map(|x| x.to_le_bytes())
            .collect::<Vec<_>>()
    };
    let f32s = |numbers: &[f64]| {
        numbers
            .iter()
            .flat_map(|&x| (x as f32).to_le_bytes())
            .collect()
    };
    let columns: Vec<f64> = (0..8).map(|at| numbers[at % 2 * 4 + at / 2]).collect();
    fs::write(&bias, npy("<f8", "False", "(2,)", &f64s(&[1.5, -2.0]))).unwrap();
    for array in [
        npy("<f8", "False", "(2, 4)", &f64s(&numbers)),
        npy("<f8", "True", "(2, 4)", &f64s(&columns)),
        npy("<f4", "False", "(2, 4)", &f32s(&numbers) as &Vec<u8>),
    ] {
        fs::write(&layer, array).unwrap();
        import(&folder, &["--bias", &bias]);
        assert!(fs::read(file_in(&folder, "model")).unwrap() == expected);
    }
    let whole = npy("<f8", "False", "(2, 4)", &f64s(&numbers));
    let huge = "(4294967296, 4294967296)";
    for (array, message) in [
        (
            npy("<i8", "False", "(2, 4)", &f64s(&numbers)),
            "its numbers are <i8",
        ),
        (
            npy("<f8", "False", "(3, 4)", &f64s(&numbers)),
            "has 8 numbers, but its shape is [3, 4]",
        ),
        (npy("<f8", "False", huge, &f64s(&numbers)), "has 8 numbers"),
        (npy("<f8", "False", "()", &f64s(&[1.0])), "the weight is []"),
        (
            npy("<f8", "False", "(-1,)", &[]),
            "its header is not understood",
        ),
        (
            npy("<f8", "False", "(2, 1)", &f64s(&[f64::NAN, 1.0])),
            "number 0 is NaN",
        ),
        (whole[..9].to_vec(), "can't be imported"),
        (whole[..40].to_vec(), "its header is not understood"),
    ] {
        fs::write(&layer, array).unwrap();
        let model = file_in(&folder, "none");
        let refused = error(1, &["import", &layer, "--no-bias", "-o", &model]);
        assert!(refused.contains(message), "{message}: {refused}");
    }
    fs::write(&layer, whole).unwrap();
    let none = file_in(&folder, "none");
    let refused = error(1, &["import", &layer, "-o", &none, "--bias", "gone.npy"]);
    assert!(refused.contains("which --bias names"), "{refused}");
    let refused = error(2, &["import", "W.npy", "-o", &none]);
    assert!(
        refused.contains("W.npy: the weight alone") && refused.contains("--no-bias"),
        "{refused}"
    );
}

#[test]
fn a_weight_of_pixels_by_classes_is_transposed_where_the_bias_tells_which_are_the_classes() {
    let numbers = [1.0, -0.5, 0.25, 0.0, 0.75, -1.0, 0.0, 0.5];
    let tensors = layer(&numbers, &[1.5, -2.0]);
    let upright = folder(&tensors);
    let expected = import(&upright, &[]);
    let columns: Vec<f64> = (0..8).map(|at| numbers[at % 2 * 4 + at / 2]).collect();
    let [mut weight, bias] = layer(&columns, &[1.5, -2.0]);
    weight.shape = vec![4, 2];
    let found = import(&folder(&[weight, bias]), &[]);
    assert_eq!(found.weights, expected.weights);
    assert_eq!(found.biases, expected.biases);
    assert_eq!(found.metadata, expected.metadata);

    // Without a bias, more than 256 are no classes.
    let numbers: Vec<f64> = (0..600).map(f64::from).collect();
    let [mut weight, _] = layer(&numbers, &[0.0; 2]);
    weight.shape = vec![300, 2];
    let found = import(&folder(&[weight]), &["--no-bias", "--height", "1"]);
    assert_eq!(
        [found.weights[299], found.weights[599]],
        [32_712.0, 32_767.0]
    );
}

#[test]
fn a_file_of_pytorch_is_told_with_the_lines_that_make_safetensors_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = file_in(&folder, "layer.pt");
    for start in [
        &b"PK\x03\x04..........................layer/data.pkl..."[..],
        b"\x80\x02\x8a\x0al",
    ] {
        fs::write(&file, start).unwrap();
        let import = ["import", &file, "-o", &file_in(&folder, "model")];
        for arguments in [&import[..], &["evaluate", &file]] {
            let output = mnist_cli(arguments).assert().code(1).get_output().clone();
            let message = String::from_utf8(output.stderr).unwrap();
            assert!(message.contains("a file of PyTorch"), "{message}");
            assert!(
                message.contains("\n  safetensors.torch.save_file(torch.load("),
                "{message}"
            );
        }
    }
}
