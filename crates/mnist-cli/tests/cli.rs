//! Training, evaluating and model files, by the program run as a process.

mod program;

use std::collections::{BTreeSet, HashMap};
use std::fs;

use mnist_idx::write;
use program::{DATA, error, json, mnist_cli, text};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The network of seed 1 after one pass over MNIST.
const FINGERPRINT: &str = "5c46a0a875f107eede7cd1b28218f1a025ffee6dc2d6ca1bb19d9a7150bf6751";

/// Its right answers to the 10,000 test images.
const CORRECT: u64 = 8831;

fn file_in(folder: &TempDir, name: &str) -> String {
    folder.path().join(name).to_str().unwrap().to_owned()
}

#[test]
fn without_arguments_it_trains_and_evaluates_on_mnist() {
    let assert = mnist_cli(&[]).assert().success();
    let text = str::from_utf8(&assert.get_output().stdout).unwrap();
    for line in [
        "data        60,000 training and 10,000 test images, 28 × 28 pixels, 10 classes\n",
        "mistakes    8,487 (14.1 %)\n",
        "\naccuracy 0.8831 (8831 of 10000)\n",
        " true    0     1    2    3    4    5    6    7    8    9  precision  recall\n",
        "    1    ·  1108    2    2    1    5    3    2   12    ·     0.9104  0.9762\n",
        &format!("fingerprint {}\n", &FINGERPRINT[..16]),
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    assert!(
        text.lines().all(|line| line.chars().count() <= 80),
        "{text}"
    );
    assert!(
        !text.contains('\x1b'),
        "no colour where there is no terminal"
    );
    let stderr = str::from_utf8(&assert.get_output().stderr).unwrap();
    let others = stderr
        .lines()
        .filter(|line| !line.starts_with("warning: this build uses"));
    assert_eq!(
        others.count(),
        0,
        "no progress where there is no terminal: {stderr}"
    );
    // The rest of both has times in it.
    assert_eq!(json(&[])["fingerprint"], json(&["train"])["fingerprint"]);
}

#[test]
fn kernel_threads_and_way_of_reading_can_be_chosen() {
    let trained = json(&["--kernel", "scalar", "--threads", "7", "--no-mmap"]);
    assert_eq!(trained["kernel"], "scalar");
    assert_eq!(trained["threads"], 7);
    assert_eq!(trained["fingerprint"], FINGERPRINT);
    assert_eq!(trained["correct"], CORRECT);
}

#[test]
fn the_seed_makes_the_network() {
    let fingerprint = |seed: &str| json(&["--seed", seed])["fingerprint"].clone();
    assert_eq!(fingerprint("1"), FINGERPRINT);
    let other = fingerprint("18446744073709551615");
    assert_ne!(other, FINGERPRINT);
    assert_eq!(fingerprint("18446744073709551615"), other);
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

#[test]
fn json_of_train_has_all_that_the_text_has() {
    let trained = json(&["train", "--epochs", "2", "--average"]);
    let expected = "seed epochs rule margin holdout mistakes margin_updates saturated kernel \
                    instructions threads evaluated_on correct total accuracy confusion fingerprint \
                    last milliseconds";
    assert_eq!(keys(&trained), expected.split(' ').collect());
    assert_eq!(
        keys(&trained["last"]),
        BTreeSet::from(["correct", "accuracy", "fingerprint"])
    );
    let times = &trained["milliseconds"];
    assert_eq!(keys(times), BTreeSet::from(["load", "train", "evaluate"]));
    assert!(times["train"].as_f64().unwrap() > 0.0);

    for (key, value) in [
        ("seed", json!(1)),
        ("epochs", json!(2)),
        ("rule", json!("averaged")),
        ("margin", json!(0)),
        ("holdout", Value::Null),
        ("margin_updates", json!([0, 0])),
        ("saturated", json!(0)),
        ("kernel", json!("simd")),
        ("evaluated_on", json!("test")),
        ("total", json!(10_000)),
    ] {
        assert_eq!(trained[key], value, "{key}");
    }
    let mistakes = trained["mistakes"].as_array().unwrap();
    assert_eq!((mistakes.len(), &mistakes[0]), (2, &json!(8487)));
    let correct = trained["correct"].as_u64().unwrap();
    assert_eq!(trained["accuracy"], correct as f64 / 10_000.0);
    let confusion: Vec<Vec<u64>> = serde_json::from_value(trained["confusion"].clone()).unwrap();
    assert_eq!(confusion.iter().flatten().sum::<u64>(), 10_000);
    assert_eq!(
        (0..10).map(|class| confusion[class][class]).sum::<u64>(),
        correct
    );
    // Rows are true classes: there are 1,135 ones in the test set.
    assert_eq!(confusion[1].iter().sum::<u64>(), 1_135);
    assert_ne!(trained["last"]["fingerprint"], trained["fingerprint"]);
    let plain = json(&["train", "--epochs", "2"]);
    assert_eq!(plain["rule"], "perceptron");
    assert_eq!(plain["last"]["fingerprint"], plain["fingerprint"]);
    assert_eq!(plain["last"], trained["last"]);
}

#[test]
fn json_of_evaluate_has_what_does_not_depend_on_training() {
    let folder = tempfile::tempdir().unwrap();
    let model = file_in(&folder, "model");
    text(&["--save", &model]);
    let evaluated = json(&["evaluate", &model]);
    let expected = "kernel instructions threads evaluated_on correct total accuracy confusion \
                    fingerprint milliseconds";
    assert_eq!(keys(&evaluated), expected.split(' ').collect());
    assert_eq!(
        keys(&evaluated["milliseconds"]),
        BTreeSet::from(["load", "evaluate"])
    );
    assert_eq!(evaluated["evaluated_on"], "test");
    let on_training = json(&["evaluate", &model, "--split", "train"]);
    assert_eq!(on_training["evaluated_on"], "train");
    assert_eq!(on_training["total"], 60_000);
}

#[test]
fn a_saved_network_evaluates_to_the_same_accuracy_and_fingerprint() {
    let folder = tempfile::tempdir().unwrap();
    for options in [&[][..], &["--average"], &["--epochs", "0"]] {
        let model = file_in(&folder, "model");
        let trained = json(&[options, &["--save", &model]].concat());
        for kernel in ["simd", "scalar"] {
            let evaluated = json(&["evaluate", &model, "--kernel", kernel, "--no-mmap"]);
            for key in ["correct", "accuracy", "confusion", "fingerprint"] {
                assert_eq!(evaluated[key], trained[key], "{options:?}: {key}");
            }
        }
        let text = text(&["evaluate", &model]);
        let correct = &trained["correct"];
        assert!(text.contains(&format!("({correct} of 10000)")), "{text}");
    }
}

#[test]
fn the_saved_file_is_the_same_in_two_runs_and_holds_integers_as_f32() {
    let folder = tempfile::tempdir().unwrap();
    let [first, second] = ["first", "second"].map(|name| {
        let model = file_in(&folder, name);
        let text = text(&[
            "--threads",
            if name == "first" { "1" } else { "2" },
            "--save",
            &model,
        ]);
        assert!(text.contains(&format!("saved       {model}\n")), "{text}");
        fs::read(model).unwrap()
    });
    assert_eq!(first, second);
    let tensors = SafeTensors::deserialize(&first).unwrap();
    for (name, shape) in [("weight", &[10, 784][..]), ("bias", &[10])] {
        let tensor = tensors.tensor(name).unwrap();
        assert_eq!((tensor.dtype(), tensor.shape()), (Dtype::F32, shape));
        let (numbers, _) = tensor.data().as_chunks();
        assert!(
            numbers
                .iter()
                .all(|&bytes| f32::from_le_bytes(bytes).fract() == 0.0)
        );
    }
    assert_eq!(tensors.len(), 2);
}

#[test]
fn without_an_epoch_the_network_is_the_random_start() {
    let folder = tempfile::tempdir().unwrap();
    let model = file_in(&folder, "model");
    let text = text(&["--epochs", "0", "--save", &model]);
    assert!(
        text.contains("none: the network is the random start"),
        "{text}"
    );
    let bytes = fs::read(model).unwrap();
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    let (numbers, _) = tensors.tensor("weight").unwrap().data().as_chunks();
    let numbers = numbers.iter().map(|&bytes| f32::from_le_bytes(bytes));
    assert!(
        numbers
            .clone()
            .all(|number| (-25.0..=25.0).contains(&number))
    );
    assert_eq!(
        numbers
            .map(|number| number as i32)
            .collect::<BTreeSet<_>>()
            .len(),
        51
    );
}

#[test]
fn holdout_evaluates_on_the_last_training_images() {
    let trained = json(&["--holdout", "59999"]);
    assert_eq!(
        (&trained["holdout"], &trained["total"]),
        (&json!(59_999), &json!(59_999))
    );
    assert_eq!(trained["evaluated_on"], "holdout");
    assert!(
        trained["mistakes"][0].as_u64().unwrap() <= 1,
        "it learned from one image"
    );
    for count in ["60000", "60001", "18446744073709551615"] {
        let message = error(2, &["--holdout", count]);
        assert!(
            message.contains("there are 60000 training images"),
            "{message}"
        );
    }
    error(2, &["--holdout", "0"]);
}

#[test]
fn options_that_are_not_there_are_usage_errors() {
    for (arguments, part) in [
        (&["--bananas"][..], "--bananas"),
        (&["frobnicate"], "frobnicate"),
        (&["--kernel", "gpu"], "gpu"),
        (&["--seed", "-1"], "-1"),
        (&["--seed", "x"], "'x'"),
        (&["--margin", "1001"], "1001"),
        (&["--epochs", "-1"], "-1"),
        (&["evaluate"], "the following required arguments"),
        (&["evaluate", "model", "--epochs", "2"], "--epochs"),
        (&["evaluate", "model", "--save", "x"], "--save"),
        (&["evaluate", "model", "--split", "both"], "both"),
        (&["--json", "train"], "train"),
    ] {
        let message = error(2, arguments);
        assert!(message.contains(part), "{arguments:?}: {message}");
    }
}

#[test]
fn a_reader_that_closes_the_pipe_is_no_failure() {
    for arguments in [&[][..], &["--json"], &["inspect", DATA], &["--help"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let program = assert_cmd::cargo::cargo_bin!("mnist-cli");
        let mut command = std::process::Command::new(program);
        let command = command
            .env("MNIST_DATA", DATA)
            .args(arguments)
            .stdout(writer);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{arguments:?}");
        let stderr = str::from_utf8(&output.stderr).unwrap();
        assert!(!stderr.contains("error"), "{arguments:?}: {stderr}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_behind_stdout_is_a_failure() {
    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let program = assert_cmd::cargo::cargo_bin!("mnist-cli");
    let mut command = std::process::Command::new(program);
    let output = command
        .env("MNIST_DATA", DATA)
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let stderr = str::from_utf8(&output.stderr).unwrap();
    assert!(
        stderr.contains("error: stdout can't be written: No space left"),
        "{stderr}"
    );
}

#[test]
fn a_network_that_cannot_be_saved_is_printed_with_one_message_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let taken = file_in(&folder, "taken");
    fs::create_dir(&taken).unwrap();
    let note = file_in(&folder, "note");
    fs::write(&note, "kept").unwrap();
    for path in [
        file_in(&folder, "missing/model"),
        taken,
        file_in(&folder, "note/model"),
    ] {
        let assert = mnist_cli(&["--save", &path]).assert().code(1);
        let output = assert.get_output();
        let stderr = str::from_utf8(&output.stderr).unwrap();
        assert_eq!(stderr.matches("error: ").count(), 1);
        assert!(
            stderr.contains(&format!("error: {path}: can't be written")),
            "{stderr}"
        );
        let text = str::from_utf8(&output.stdout).unwrap();
        assert!(text.contains("accuracy 0.8831"), "{text}");
        assert!(!text.contains("saved"), "{text}");
    }
    assert_eq!(fs::read(note).unwrap(), b"kept");
    assert_eq!(
        fs::read_dir(&folder).unwrap().count(),
        2,
        "no temporary file is left"
    );
}

#[test]
#[cfg(unix)]
fn a_read_only_folder_keeps_what_it_has() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let model = file_in(&folder, "model");
    fs::write(&model, "kept").unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    // Nothing is read-only to the superuser.
    let superuser = fs::write(folder.path().join("probe"), "").is_ok();
    if !superuser {
        let assert = mnist_cli(&["--save", &model]).assert().code(1);
        let stderr = str::from_utf8(&assert.get_output().stderr).unwrap();
        assert!(
            stderr.contains(&format!("error: {model}: can't be written")),
            "{stderr}"
        );
        assert_eq!(fs::read(&model).unwrap(), b"kept");
    }
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
#[cfg(unix)]
fn what_is_no_regular_file_is_not_replaced_by_a_model() {
    use std::os::unix::fs::FileTypeExt;
    let folder = tempfile::tempdir().unwrap();
    let path = file_in(&folder, "socket");
    // Stands for a device, and cannot be opened.
    let _socket = std::os::unix::net::UnixListener::bind(&path).unwrap();
    mnist_cli(&["--save", &path]).assert().code(1);
    assert!(fs::metadata(&path).unwrap().file_type().is_socket());
}

/// The metadata of a model for images of this height, 28 pixels wide.
fn metadata(height: usize) -> String {
    let metadata = json!({
        "format": 1, "unit": "1/255", "height": height, "width": 28, "transposed": false
    });
    metadata.to_string()
}

/// A tensor: its name, type, shape, and the bytes of its numbers.
type Tensor = (&'static str, Dtype, Vec<usize>, Vec<u8>);

/// A tensor of one number again and again.
fn tensor(name: &'static str, shape: &[usize], number: f32) -> Tensor {
    let bytes = number.to_le_bytes().repeat(shape.iter().product());
    (name, Dtype::F32, shape.to_vec(), bytes)
}

/// Evaluates, on MNIST, the model of these tensors and this metadata.
fn evaluate_model(tensors: &[Tensor], metadata: Option<String>) -> String {
    let views = tensors.iter().map(|(name, dtype, shape, bytes)| {
        (
            *name,
            TensorView::new(*dtype, shape.clone(), bytes).unwrap(),
        )
    });
    let metadata = metadata.map(|metadata| HashMap::from([("mnist".to_owned(), metadata)]));
    evaluate_bytes(&safetensors::serialize(views, metadata).unwrap())
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
    for length in [0, 7, 8, 100, whole.len() - 1] {
        let message = evaluate_bytes(&whole[..length]);
        let expected = "MODEL: not a model: not a whole safetensors file: ";
        assert!(message.starts_with(expected), "{length}: {message}");
    }
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
    let f64s = |name, shape: &[usize]| {
        let bytes = vec![0; 8 * shape.iter().product::<usize>()];
        (name, Dtype::F64, shape.to_vec(), bytes)
    };
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

#[test]
fn two_classes_are_the_least_even_where_all_labels_are_0() {
    let folder = tempfile::tempdir().unwrap();
    for split in ["train", "t10k"] {
        let path = |end| folder.path().join(format!("{split}-{end}"));
        write(path("images-idx3-ubyte"), &[3, 1, 1], &[1u8, 2, 3]).unwrap();
        write(path("labels-idx1-ubyte"), &[3], &[0u8; 3]).unwrap();
    }
    let trained = json(&["--data", folder.path().to_str().unwrap()]);
    assert_eq!(trained["confusion"].as_array().unwrap().len(), 2);
}
