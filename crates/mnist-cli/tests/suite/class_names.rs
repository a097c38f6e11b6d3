//! Names of classes, from `labels.txt` through the model to what the program prints.

use std::fs;

use safetensors::SafeTensors;
use serde_json::json;
use tempfile::TempDir;

use crate::fixtures::data_set;
use crate::program::{error, json, mnist_cli, text};

/// A data set of images of one pixel in each place, which is the class, and with these names.
fn folder(names: &[&str], text: &str) -> TempDir {
    let classes = names.len();
    let labels: Vec<u8> = (0..classes as u8).collect();
    let mut images = vec![0_u8; classes * classes];
    for class in 0..classes {
        images[class * classes + class] = 255;
    }
    let folder = data_set([1, classes], &images, &labels);
    fs::write(folder.path().join("labels.txt"), text).unwrap();
    folder
}

fn named(names: &[&str]) -> TempDir {
    folder(names, &names.join("\n"))
}

fn data(folder: &TempDir) -> &str {
    folder.path().to_str().unwrap()
}

#[test]
fn every_command_shows_the_names_of_the_classes() {
    let names = ["cat", "hot dog", "llama"];
    let folder = named(&names);
    let (data, model) = (data(&folder), folder.path().join("model"));
    let model = model.to_str().unwrap();
    let printed = text(&["train", "--data", data, "--save", model]);
    assert!(printed.contains("\n 1 hot dog  "), "{printed}");
    let printed = text(&["evaluate", model, "--data", data]);
    assert!(printed.contains("\n 1 hot dog  "), "{printed}");
    let printed = text(&["inspect", data, "--show", "2"]);
    assert!(printed.contains("\n  1 hot dog  "), "{printed}");
    assert!(printed.contains("image 2, label 2 llama"), "{printed}");

    for arguments in [
        &["train", "--data", data][..],
        &["train", "--holdout", "1", "--data", data],
        &["evaluate", model, "--data", data],
        &["inspect", data],
    ] {
        assert_eq!(
            json(arguments)["class_names"],
            json!(names),
            "{arguments:?}"
        );
    }
    let picture = folder.path().join("picture.pgm");
    fs::write(&picture, b"P5 3 1 255\n\x00\xff\x00").unwrap();
    let predict = ["predict", "--model", model, picture.to_str().unwrap()];
    assert_eq!(json(&predict)["digits"][0]["name"], "hot dog");
    let printed = text(&predict);
    assert!(printed.contains("answer      1 hot dog, by "), "{printed}");
    assert!(printed.contains("\n  1 hot dog  "), "{printed}");

    let page = folder.path().join("page");
    text(&[
        "report",
        "--model",
        model,
        "--data",
        data,
        "-o",
        page.to_str().unwrap(),
    ]);
    assert!(
        fs::read_to_string(page)
            .unwrap()
            .contains("Weights of class hot dog")
    );
}

#[test]
fn without_names_nothing_is_said_of_them() {
    let folder = named(&["a", "b"]);
    let model = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let train = |model: &str| json(&["train", "--data", data(&folder), "--save", model]);
    let named = train(&model("named"));
    fs::remove_file(folder.path().join("labels.txt")).unwrap();
    let unnamed = train(&model("unnamed"));
    assert_eq!(unnamed.get("class_names"), None);
    assert_eq!(unnamed["fingerprint"], named["fingerprint"]);

    let bytes = |name| fs::read(model(name)).unwrap();
    let metadata = |bytes: &[u8]| {
        let (_, header) = SafeTensors::read_metadata(bytes).unwrap();
        header.metadata().clone().unwrap()["mnist"].clone()
    };
    assert!(metadata(&bytes("named")).contains(r#","class_names":["a","b"],"#));
    assert!(!metadata(&bytes("unnamed")).contains("class_names"));
    train(&model("again"));
    assert!(
        bytes("again") == bytes("unnamed"),
        "the same network is the same file"
    );
}

#[test]
fn names_that_only_the_model_or_only_the_data_set_has_are_told() {
    let folder = named(&["a", "b"]);
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let save = |names: &str, model: &str| {
        fs::write(path("labels.txt"), names).unwrap();
        text(&["train", "--data", data(&folder), "--save", &path(model)]);
    };
    save("a\nb\n", "named");
    save("0\n1\n", "numbered");
    fs::remove_file(path("labels.txt")).unwrap();
    let told = |model: &str| {
        let evaluate = ["evaluate", &path(model), "--data", data(&folder)];
        String::from_utf8(mnist_cli(&evaluate).unwrap().stderr).unwrap()
    };
    let images = path("t10k-images-idx3-ubyte");
    assert_eq!(
        told("named"),
        format!(
            "warning: the model names its classes, but {images} does not: they may be others\n"
        )
    );
    assert_eq!(told("numbered"), "");
    text(&["train", "--data", data(&folder), "--save", &path("unnamed")]);
    fs::write(path("labels.txt"), "a\nb\n").unwrap();
    assert_eq!(
        told("unnamed"),
        format!(
            "warning: {images} names its classes, but the model does not: they may be others\n"
        )
    );
}

#[test]
fn a_class_that_has_only_a_name_is_a_class() {
    let folder = folder(&["0", "1"], "seen\nseen, too\nnever seen\n");
    let trained = json(&["train", "--data", data(&folder)]);
    assert_eq!(trained["confusion"].as_array().unwrap().len(), 3);
}

#[test]
fn text_with_any_names_stays_within_80_columns() {
    let long = |class: usize| format!("{class}{}", "ein langer Name 漢字".repeat(5));
    for classes in [2, 10, 30] {
        let names: Vec<String> = (0..classes).map(long).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let folder = named(&names);
        let data = data(&folder);
        for arguments in [
            &["train", "--epochs", "0", "--data", data][..],
            &["inspect", data, "--show", "0"],
        ] {
            for line in text(arguments).lines().filter(|line| !line.contains(data)) {
                // Each of these characters takes two columns.
                let wide = line.matches(['漢', '字']).count();
                assert!(line.chars().count() + wide <= 80, "{line}");
            }
        }
    }
}

#[test]
fn a_matrix_that_is_too_wide_for_the_names_comes_with_a_list_of_them() {
    let names: Vec<String> = ('A'..='S')
        .map(|name| format!("class_name_{name}"))
        .collect();
    let folder = named(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let printed = text(&["train", "--data", data(&folder)]);
    assert!(printed.contains("\n true  0  1  2  3 "), "{printed}");
    let list = "\n0 class_name_A, 1 class_name_B, 2 class_name_C, 3 class_name_D, 4 class_name_E,\n\
                5 class_name_F, ";
    assert!(printed.contains(list), "{printed}");
}

#[test]
fn names_that_do_not_fit_are_an_error_and_reach_no_terminal() {
    for (text, message) in [
        (
            "a\nb\n",
            "2 names, but the largest label is 2: expected a name for each class",
        ),
        (
            "a\n\u{1b}]0;owned\u{7}\nc\n",
            r#"name 1, "\u{1b}]0;owned\u{7}", has an invisible character"#,
        ),
        ("a\n\nc\n", "name 1 is empty"),
        (
            &"x\n".repeat(100_000),
            "the file is longer than 256 names can be",
        ),
    ] {
        let folder = folder(&["0", "1", "2"], text);
        for command in ["train", "inspect", "trials"] {
            let path = data(&folder);
            let arguments = match command {
                "inspect" => vec![command, path],
                _ => vec![command, "--data", path],
            };
            let error = error(1, &arguments);
            assert!(
                error.contains("labels.txt: not the names of the classes"),
                "{error}"
            );
            assert!(error.contains(message), "{error}");
        }
    }
}

#[test]
fn a_model_with_the_names_of_other_classes_is_refused() {
    let (one, other) = (named(&["cats", "dogs"]), named(&["dogs", "cats"]));
    let model = one.path().join("model");
    let model = model.to_str().unwrap();
    text(&["train", "--data", data(&one), "--save", model]);
    let refused = error(1, &["evaluate", model, "--data", data(&other)]);
    let message = format!("class 0 is called \"dogs\", but in {model} \"cats\"");
    assert!(refused.contains(&message), "{refused}");

    // The same file with other names in as many bytes.
    let bytes = fs::read(model).unwrap();
    let [before, after] = split(&bytes, br#"[\"cats\",\"dogs\"]"#);
    for (names, message) in [
        (
            r#"[\"c\",\"b\",\"a\"]"#,
            "3 class names, but \"weight\" has 2 classes",
        ),
        (
            r#"[\"ca\",\"ca\" ]"#,
            "name 1, \"ca\", is also that of class 0",
        ),
        (
            r#"[\"\\u007f\",\"a\"]"#,
            r#"name 0, "\u{7f}", has an invisible character"#,
        ),
    ] {
        let mut names = names.to_owned();
        names.insert_str(names.len() - 1, &" ".repeat(19 - names.len()));
        fs::write(model, [before, names.as_bytes(), after].concat()).unwrap();
        let refused = error(1, &["evaluate", model, "--data", data(&one)]);
        assert!(refused.contains(message), "{refused}");
    }
}

/// What is before and after the only place where `bytes` have `part`.
fn split<'a>(bytes: &'a [u8], part: &[u8]) -> [&'a [u8]; 2] {
    let mut places = bytes
        .windows(part.len())
        .enumerate()
        .filter(|(_, window)| *window == part);
    let (at, _) = places.next().unwrap();
    assert_eq!(places.next(), None);
    [&bytes[..at], &bytes[at + part.len()..]]
}

#[test]
fn thirteen_classes_with_names_fit_one_matrix_of_100_columns() {
    let names: Vec<String> = (0..13).map(|class| format!("class{class}")).collect();
    let labels: Vec<u8> = (0..13).cycle().take(13 * 300).collect();
    let image = |&class: &u8| (0..13).map(move |pixel| if pixel == class { 255 } else { 0 });
    let folder = data_set(
        [1, 13],
        &labels.iter().flat_map(image).collect::<Vec<_>>(),
        &labels,
    );
    fs::write(folder.path().join("labels.txt"), names.join("\n")).unwrap();
    let printed = text(&["train", "--data", data(&folder)]);
    let header = "    9   10   11   12  precision  recall\n";
    assert!(printed.contains(header), "{printed}");
    assert!(
        printed.lines().all(|line| line.chars().count() <= 100),
        "{printed}"
    );
}
