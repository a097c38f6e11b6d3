//! Answers to the images of data sets, one by one.

use std::fs;

use mnist_idx::{Dataset, Split, write};
use serde_json::Value;
use tempfile::TempDir;

use crate::fixtures::data_set;
use crate::program::{DATA, error, file_in, json, mnist_cli, text};

/// A model of MNIST's plain rule.
fn model(folder: &TempDir) -> String {
    let model = file_in(folder, "model");
    text(&["train", "--save", &model]);
    model
}

#[test]
fn a_test_set_without_labels_gets_an_answer_for_each_image_in_every_form() {
    let folder = tempfile::tempdir().unwrap();
    let model = model(&folder);
    let test = Dataset::read(DATA, Split::Test).unwrap();
    let set = tempfile::tempdir().unwrap();
    let images = file_in(&set, "t10k-images-idx3-ubyte");
    write(&images, &[10_000, 28, 28], test.images()).unwrap();
    let zipped = file_in(&folder, "images.gz");
    write(&zipped, &[10_000, 28, 28], test.images()).unwrap();
    let csv = file_in(&folder, "unlabelled");
    let rows = test.iter().map(|(image, _)| {
        let pixels: Vec<String> = image.iter().map(u8::to_string).collect();
        pixels.join(",") + "\n"
    });
    fs::write(&csv, rows.collect::<String>()).unwrap();

    let evaluated = json(&["evaluate", &model]);
    let set_name = set.path().to_str().unwrap();
    let mut seen: Option<String> = None;
    for named in [
        &["--data", set_name, "--split", "test"][..],
        &["--split", "test"],
        &[images.as_str()],
        &[zipped.as_str()],
        &[csv.as_str()],
    ] {
        let predict = [&["predict", "--model", &model, "--csv"], named].concat();
        let answers = text(&predict);
        let right = answers.lines().skip(1).zip(test.labels()).enumerate();
        let right = right.filter(|(number, (row, label))| {
            let start = format!("{number},{label},");
            row.starts_with(&start)
        });
        assert_eq!(evaluated["correct"], right.count(), "{named:?}");
        assert!(answers.starts_with("image,class,lead\n0,7,"), "{named:?}");
        assert_eq!(seen.get_or_insert(answers.clone()), &answers, "{named:?}");
    }
    let answers = seen.unwrap();

    let submission = text(&["predict", "--model", &model, "--csv=ImageId,Label", &images]);
    assert!(
        submission.starts_with("ImageId,Label\n1,7\n"),
        "{}",
        &submission[..40]
    );
    assert_eq!(submission.lines().count(), 10_001);
    let lines = text(&["predict", "--model", &model, "--json", &images]);
    let first: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    let row = answers.lines().nth(1).unwrap();
    assert_eq!(row, format!("0,7,{}", first["lead"]));
    assert_eq!((&first["image"], &first["class"]), (&0.into(), &7.into()));
    assert_eq!(first["outputs"].as_array().unwrap().len(), 10);
    let unsure = lines.matches("\"unsure\":true").count();
    let printed = text(&["predict", "--model", &model, &images]);
    assert!(printed.starts_with("0       7, by "), "{}", &printed[..40]);
    assert_eq!(printed.lines().count(), 10_000);
    let marked = printed.lines().filter(|line| line.ends_with(", unsure"));
    assert_eq!(marked.count(), unsure);
    assert!((1_000..4_000).contains(&unsure), "{unsure}");

    let wrong = error(2, &["predict", "--model", &model, "--csv=Label", &images]);
    assert!(wrong.contains("two or three columns"), "{wrong}");
    for images in [&["--split", "test"][..], &[&images]] {
        let apart = [
            &["predict", "--model", &model, "--csv", "ImageId,Label"],
            images,
        ]
        .concat();
        let wrong = error(2, &apart);
        assert!(wrong.ends_with("as in --csv=ImageId,Label"), "{wrong}");
    }
    let wrong = error(
        2,
        &["predict", "--model", &model, "--split", "test", &images],
    );
    assert!(wrong.contains("choose images of --data"), "{wrong}");
}

#[test]
fn the_list_of_mistakes_is_that_of_the_confusion_matrix() {
    let folder = tempfile::tempdir().unwrap();
    let model = model(&folder);
    let list = file_in(&folder, "wrong.csv");
    let evaluated = json(&["evaluate", &model, "--mistakes", &list]);
    let list = fs::read_to_string(list).unwrap();
    let mut rows = list.lines();
    assert_eq!(rows.next(), Some("image,true,predicted,lead"));
    let mut matrix = vec![vec![0; 10]; 10];
    let labels = Dataset::read(DATA, Split::Test).unwrap();
    for row in rows {
        let numbers: Vec<f64> = row
            .split(',')
            .map(|number| number.parse().unwrap())
            .collect();
        let [image, label, class] = [0, 1, 2].map(|column| numbers[column] as usize);
        assert_eq!(label, usize::from(labels.labels()[image]));
        matrix[label][class] += 1;
    }
    for (label, row) in matrix.iter_mut().enumerate() {
        row[label] = evaluated["confusion"][label][label].as_u64().unwrap();
    }
    assert_eq!(
        evaluated["confusion"],
        serde_json::to_value(matrix).unwrap()
    );
    let found = error(2, &["evaluate", &model, "--mistakes", &model]);
    assert!(found.contains("already reads or writes"), "{found}");
}

#[test]
fn an_image_is_asked_for_by_its_number() {
    let folder = tempfile::tempdir().unwrap();
    let model = model(&folder);
    let image = [
        "predict", "--model", &model, "--data", DATA, "--image", "17",
    ];
    let shown = text(&[&image[..], &["--show"]].concat());
    assert!(
        shown.contains("image 17 of ") && shown.contains("t10k-images-idx3-ubyte"),
        "{shown}"
    );
    assert!(shown.contains("answer      7, by "), "{shown}");
    let answers = text(&["predict", "--model", &model, "--split", "train", "--csv"]);
    let train = text(&[&image[..], &["--split", "train"]].concat());
    let class = answers.lines().nth(18).unwrap().split(',').nth(1).unwrap();
    assert!(
        train.contains(&format!("answer      {class}, by ")),
        "{train}"
    );
    // Before a network is trained for it.
    let output = mnist_cli(&["predict", "--image", "10000"]).assert().code(1);
    let found = str::from_utf8(&output.get_output().stderr).unwrap();
    assert!(
        found.starts_with("error: ") && found.ends_with("10,000 images, counted from 0\n"),
        "{found}"
    );
}

#[test]
fn images_of_another_size_or_stored_by_columns_are_answered_as_the_model_demands() {
    let images = [0, 9, 9, 0, 9, 9, 9, 0, 0, 9, 9, 9];
    let set = data_set([2, 3], &images, &[0, 1]);
    let (data, model) = (set.path().to_str().unwrap(), file_in(&set, "model"));
    let train = [
        "train",
        "--epochs",
        "10",
        "--data",
        data,
        "--transpose",
        "--save",
        &model,
    ];
    text(&train);
    let path = file_in(&set, "t10k-images-idx3-ubyte");
    let evaluated = json(&["evaluate", &model, "--data", data]);
    assert_eq!(evaluated["correct"], 2);
    assert!(text(&["predict", "--model", &model, "--csv", &path]).contains("\n1,1,"));
    let found = error(
        1,
        &["predict", "--model", &model, "--transpose=false", &path],
    );
    assert!(found.contains("the images are 2 × 3 pixels"), "{found}");
    let labels = file_in(&set, "t10k-labels-idx1-ubyte");
    let found = error(1, &["predict", &labels]);
    assert!(found.contains("not images"), "{found}");
}

#[test]
fn nothing_is_trained_for_an_input_that_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = file_in(&folder, "images");
    let mut bytes = vec![0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 28, 0, 0, 0, 28];
    bytes.resize(1000, 0);
    fs::write(&path, &bytes).unwrap();
    let output = mnist_cli(&["predict", &path])
        .assert()
        .code(1)
        .get_output()
        .clone();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("shorter than its header says"), "{stderr}");
    assert!(!stderr.contains("training"), "{stderr}");
}
