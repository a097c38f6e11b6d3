//! Model files that are wrong.

use std::fs;

use safetensors::Dtype;

use crate::fixtures::{self, Tensor, f32s, safetensors, zeros};
use crate::program::{error, file_in, text};

/// The metadata of a model for images of this height, 28 pixels wide.
fn metadata(height: usize) -> String {
    fixtures::metadata([height, 28])
}

/// A tensor of one number again and again.
fn tensor(name: &'static str, shape: &[usize], number: f32) -> Tensor {
    f32s(name, shape, &vec![number; shape.iter().product()])
}

/// Evaluates, on MNIST, the model of these tensors and this metadata.
fn evaluate_model(tensors: &[Tensor], metadata: Option<String>) -> String {
    evaluate_bytes(&safetensors(tensors, metadata))
}

fn evaluate_bytes(bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let model = file_in(&folder, "model");
    fs::write(&model, bytes).unwrap();
    let message = error(1, &["evaluate", &model]);
    let message = message.replace(&model, "MODEL");
    assert!(
        message.contains("MODEL"),
        "the message names the file: {message}"
    );
    message
}

#[test]
fn a_model_that_is_cut_or_missing_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let model = file_in(&folder, "model");
    let message = error(1, &["evaluate", &model]);
    assert!(
        message.starts_with(&format!("{model}: can't be read: ")),
        "{message}"
    );
    text(&["--epochs", "0", "--save", &model]);
    let whole = fs::read(&model).unwrap();
    for length in [9, 100, whole.len() - 1] {
        let message = evaluate_bytes(&whole[..length]);
        let expected = "MODEL: not a model file: not a whole safetensors file: ";
        assert!(message.starts_with(expected), "{length}: {message}");
    }
    assert_eq!(evaluate_bytes(b""), "MODEL: not a model file: it is empty");
    for other in [
        &whole[..8],
        b"some text of a person\n",
        b"\xff\xd8\xff\xe0\0\x10JFIF\0",
    ] {
        assert_eq!(
            evaluate_bytes(other),
            "MODEL: not a model file: expected safetensors, as `train --save` writes"
        );
    }
    let message = error(2, &["evaluate", folder.path().to_str().unwrap()]);
    assert!(message.contains("--data names the folder"), "{message}");
    let message = evaluate_bytes(&[&whole[..], b"x"].concat());
    assert!(
        message.contains("not a whole safetensors file"),
        "{message}"
    );
}

#[test]
fn a_model_of_other_tensors_is_an_error_that_says_which() {
    let weight = || tensor("weight", &[10, 784], 1.0);
    let bias = || tensor("bias", &[10], 1.0);
    for (tensors, part) in [
        (vec![weight()], "its tensors are weight: a model has"),
        (
            vec![weight(), bias(), tensor("scale", &[1], 1.0)],
            "its tensors are bias, scale, weight",
        ),
        (
            vec![tensor("fc.weight", &[10, 784], 1.0), bias()],
            "its tensors are bias, fc.weight",
        ),
        (
            vec![tensor("weight", &[7840], 1.0), bias()],
            r#""weight" is [7840] and "bias" [10]"#,
        ),
        (
            vec![weight(), tensor("bias", &[11], 1.0)],
            r#""weight" is [10, 784] and "bias" [11]"#,
        ),
        (
            vec![tensor("weight", &[1, 784], 1.0), tensor("bias", &[1], 1.0)],
            "2 to 256",
        ),
    ] {
        let message = evaluate_model(&tensors, Some(metadata(28)));
        assert!(message.contains(part), "{part} is not in: {message}");
    }
}

#[test]
fn a_model_of_other_types_or_numbers_is_an_error_that_says_which() {
    let weight = |number| tensor("weight", &[10, 784], number);
    let bias = |number| tensor("bias", &[10], number);
    let f64s = |name, shape: &[usize]| zeros(name, Dtype::F64, shape);
    for (tensors, part) in [
        (
            [f64s("weight", &[10, 784]), bias(0.0)],
            r#""weight" is F64: a model's numbers are F32"#,
        ),
        ([weight(0.0), f64s("bias", &[10])], r#""bias" is F64"#),
        ([weight(0.5), bias(0.0)], r#""weight" number 0 is 0.5"#),
        ([weight(f32::NAN), bias(0.0)], r#""weight" number 0 is NaN"#),
        (
            [weight(32_768.0), bias(0.0)],
            "is 32768: a model's numbers are integers from -32768 to 32767",
        ),
        ([weight(-32_769.0), bias(0.0)], "is -32769"),
        ([weight(0.0), bias(0.25)], r#""bias" number 0 is 0.25"#),
        (
            [weight(0.0), bias(f32::INFINITY)],
            r#""bias" number 0 is inf"#,
        ),
        (
            [weight(0.0), bias(16_777_218.0)],
            "is 16777218: a model's numbers are integers from -16777216",
        ),
    ] {
        let message = evaluate_model(&tensors, Some(metadata(28)));
        assert!(message.contains(part), "{part} is not in: {message}");
    }
}

#[test]
fn a_model_without_right_metadata_is_an_error_that_says_so() {
    let tensors = [
        tensor("weight", &[10, 784], 1.0),
        tensor("bias", &[10], 1.0),
    ];
    for (metadata, part) in [
        (None, r#"it has no metadata "mnist""#),
        (
            Some("{".to_owned()),
            r#"its metadata "mnist" can't be read: EOF"#,
        ),
        (Some("{}".to_owned()), "missing field `format`"),
        (
            Some(metadata(28).replace("\"format\":1", "\"format\":2")),
            "format 2: this program reads format 1",
        ),
        (
            Some(metadata(28).replace("1/255", "1")),
            r#"the unit "1": this program reads "1/255""#,
        ),
        (
            Some(metadata(28).replace(
                "\"format\":1",
                r#""format":1,"training":{"seed":1,"rule":"adam","epochs":1,"margin":0}"#,
            )),
            "unknown variant `adam`, expected `perceptron` or `averaged`",
        ),
        (
            Some(metadata(27)),
            r#"says 27 × 28 pixels, but "weight" has 784 a class"#,
        ),
    ] {
        let message = evaluate_model(&tensors, metadata);
        assert!(message.contains(part), "{part} is not in: {message}");
    }
}

#[test]
fn a_model_that_does_not_fit_the_data_is_an_error_with_both_numbers() {
    let tensors = [tensor("weight", &[5, 784], 1.0), tensor("bias", &[5], 1.0)];
    let message = evaluate_model(&tensors, Some(metadata(28)));
    assert!(
        message.contains("t10k-labels-idx1-ubyte: the largest label is 9, but"),
        "{message}"
    );
    assert!(message.ends_with("has 5 classes (0 to 4)"), "{message}");

    let tensors = [tensor("weight", &[10, 56], 1.0), tensor("bias", &[10], 1.0)];
    let message = evaluate_model(&tensors, Some(metadata(2)));
    assert!(
        message.contains("the images are 28 × 28 pixels, but"),
        "{message}"
    );
    assert!(message.ends_with("was trained on 2 × 28"), "{message}");
}
