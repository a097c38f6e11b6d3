//! `predict`. How well prepared pictures are read is tested where they are
//! prepared.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use image::{GrayImage, Luma};
use mnist_idx::{Dataset, Split};
use mnist_kernel::{Perceptron, Shape};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::fixtures::{Model, f32s, metadata, read_model, safetensors};
use crate::program::{DATA, error, json, mnist_cli, text};

/// A folder with `model`, the network of `train` with no option.
static FOLDER: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    text(&["train", "--save", &at(&folder, "model")]);
    folder
});

/// The path of a file in a folder.
fn at(folder: &TempDir, name: &str) -> String {
    folder.path().join(name).to_str().unwrap().to_owned()
}

fn model() -> String {
    at(&FOLDER, "model")
}

/// A test digit of MNIST.
fn digit(index: usize) -> GrayImage {
    let test = Dataset::read(DATA, Split::Test).unwrap();
    GrayImage::from_raw(28, 28, test.image(index).unwrap().to_vec()).unwrap()
}

/// A test digit ten times enlarged, dark on white.
fn enlarged(index: usize) -> GrayImage {
    let digit = digit(index);
    GrayImage::from_fn(280, 280, |x, y| {
        Luma([255 - digit.get_pixel(x / 10, y / 10).0[0]])
    })
}

/// A folder with `model`, a network of three classes for images of 1 × 2 pixels: the outputs are
/// the first pixel, half the second, and nothing.
fn small() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    // In units of 1/255; half a pixel has no such weight, but with its bias it has.
    let tensors = [
        f32s("weight", &[3, 2], &[255.0, 0.0, 0.0, 127.0, -1.0, 0.0]),
        f32s("bias", &[3], &[0.0, 1.0, 0.0]),
    ];
    let model = safetensors(&tensors, Some(metadata([1, 2])));
    fs::write(folder.path().join("model"), model).unwrap();
    folder
}

/// A picture file of grey pixels, 1 high.
fn picture(folder: &TempDir, name: &str, pixels: &[u8]) -> String {
    let path = at(folder, name);
    let picture = GrayImage::from_raw(pixels.len() as u32, 1, pixels.to_vec());
    picture.unwrap().save(&path).unwrap();
    path
}

#[test]
fn a_picture_is_read_in_every_format_and_the_json_line_says_all() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.png", "b.bmp", "c.pgm", "d.JPG"] {
        // The first test digit is a 7, whatever is written before its pictures.
        enlarged(0).save(at(&folder, name)).unwrap();
    }
    fs::write(at(&folder, "notes.txt"), "no picture by its name").unwrap();
    fs::create_dir(at(&folder, "folder.png")).unwrap();
    let folder_name = folder.path().to_str().unwrap();
    let lines = text(&["predict", "--json", "--model", &model(), folder_name]);
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let files = lines.iter().map(|line| line["file"].as_str().unwrap());
    let names = ["a.png", "b.bmp", "c.pgm", "d.JPG"];
    assert!(files.eq(names.map(|name| at(&folder, name))));
    for line in &lines {
        let keys = |object: &Value| {
            object
                .as_object()
                .unwrap()
                .keys()
                .cloned()
                .collect::<Vec<_>>()
        };
        assert_eq!(keys(line), ["digits", "file", "text"]);
        assert_eq!(line["text"], "7");
        let line = &line["digits"][0];
        assert_eq!(keys(line), ["box", "class", "lead", "outputs", "unsure"]);
        assert_eq!(line["class"], 7);
        let outputs = line["outputs"].as_array().unwrap().iter();
        let mut outputs: Vec<f64> = outputs.map(|output| output.as_f64().unwrap()).collect();
        assert_eq!(outputs.len(), 10);
        let largest = outputs.swap_remove(7);
        let second = outputs.into_iter().fold(0.0, f64::max);
        assert!(second > 0.0, "the second score is an output, too: {line}");
        let lead = line["lead"].as_f64().unwrap();
        assert!((lead - (largest - second)).abs() < 1e-9, "{line}");
    }
    assert_eq!(lines[0]["digits"], lines[1]["digits"]);
    assert_eq!(lines[0]["digits"], lines[2]["digits"]);
}

#[test]
fn raw_pixels_give_the_outputs_of_the_network_in_full_pixels() {
    let train = Dataset::read(DATA, Split::Train).unwrap();
    let mut network = Perceptron::random(Shape::new(10, 784).unwrap(), 1);
    network
        .train_pass(train.images(), train.labels(), "scalar".parse().unwrap())
        .unwrap();
    let outputs = network
        .outputs(digit(0).as_raw(), "scalar".parse().unwrap())
        .unwrap();
    let outputs: Vec<f64> = outputs
        .iter()
        .map(|&output| output as f64 / 65025.0)
        .collect();

    let folder = tempfile::tempdir().unwrap();
    let path = at(&folder, "digit.png");
    digit(0).save(&path).unwrap();
    let answer = json(&["predict", "--raw", "--model", &model(), &path]);
    assert_eq!(answer["digits"][0]["outputs"], json!(outputs));
    assert_eq!(answer["digits"][0]["class"], 7);

    enlarged(0).save(&path).unwrap();
    let message = error(1, &["predict", "--raw", "--model", &model(), &path]);
    assert!(
        message.contains("280 × 280 pixels, but the network takes 28 × 28"),
        "{message}"
    );
}

#[test]
fn the_text_has_the_answer_and_a_bar_for_each_output() {
    let folder = small();
    let model = at(&folder, "model");
    let path = picture(&folder, "half.png", &[255, 204]);
    let bars = "          0         1.0  ##################################################
          1         0.4  #####################
          2         0.0
";
    let expected = format!("picture     {path}\nanswer      0, by 0.6 over 1\n\n{bars}\n");
    assert_eq!(
        text(&["predict", "--raw", "--model", &model, &path]),
        expected
    );

    let expected = format!("picture     {path}\nanswer      0, by 0.6 over 1\n\n=-\n\n{bars}\n");
    let shown = text(&["predict", "--raw", "--show", "--model", &model, &path]);
    assert_eq!(shown, expected);

    let dark = picture(&folder, "dark.png", &[0, 0]);
    fs::write(at(&folder, "negative"), []).unwrap();
    let answer = text(&["predict", "--raw", "--model", &model, &dark]);
    assert!(
        answer.contains("answer      1, by 0.0 over 0\n"),
        "{answer}"
    );
}

#[test]
fn the_rival_is_the_next_class_by_its_score_even_if_relu_hides_it() {
    let folder = tempfile::tempdir().unwrap();
    let (model, dark) = (
        at(&folder, "model"),
        picture(&folder, "dark.png", &[255, 0]),
    );
    // Only class 0 has an output; class 2 is nearer to one than class 1 is.
    let tensors = [
        f32s("weight", &[3, 2], &[255.0, 0.0, -255.0, 0.0, -51.0, 0.0]),
        f32s("bias", &[3], &[0.0; 3]),
    ];
    fs::write(&model, safetensors(&tensors, Some(metadata([1, 2])))).unwrap();
    let predict = ["predict", "--raw", "--model", &model, &dark];
    let answer = text(&predict);
    assert!(
        answer.contains("answer      0, by 1.2 over 2\n"),
        "{answer}"
    );
    assert_eq!(json(&predict)["digits"][0]["lead"], 1.2);
}

#[test]
fn for_a_network_of_another_size_a_picture_is_resized() {
    let folder = small();
    let (model, mut pixels) = (at(&folder, "model"), vec![200; 10]);
    pixels.extend([100; 10]);
    let path = picture(&folder, "two.png", &pixels);
    let outputs = &json(&["predict", "--model", &model, &path])["digits"][0]["outputs"];
    // What is near counts more than what is far.
    let first = outputs[0].as_f64().unwrap() * 255.0;
    assert!((180.0..200.0).contains(&first), "{first}");
}

#[test]
fn a_dash_is_one_picture_from_stdin() {
    let folder = tempfile::tempdir().unwrap();
    let path = at(&folder, "seven.png");
    enlarged(0).save(&path).unwrap();
    let model = model();
    let from = |input: &[u8], path: &str| {
        let mut command = mnist_cli(&["predict", "--json", "--model", &model, path]);
        let output = command.write_stdin(input).assert().success();
        serde_json::from_slice::<Value>(&output.get_output().stdout).unwrap()
    };
    let mut from_file = from(&[], &path);
    assert_eq!(from_file["file"], path);
    from_file["file"] = "-".into();
    assert_eq!(from(&fs::read(&path).unwrap(), "-"), from_file);

    let saved = at(&folder, "saved");
    mnist_cli(&["predict", "--model", &model, "--save-prepared", &saved, "-"])
        .write_stdin(fs::read(&path).unwrap())
        .assert()
        .success();
    assert!(Path::new(&saved).join("stdin-1.png").is_file());
}

#[test]
fn an_address_is_no_file() {
    let message = error(2, &["predict", "https://example.org/seven.png"]);
    assert!(message.contains("download the picture"), "{message}");
}

#[test]
fn names_of_one_character_stand_beside_each_other_in_any_script() {
    let folder = tempfile::tempdir().unwrap();
    let path = at(&folder, "710.png");
    let mut picture = GrayImage::from_pixel(600, 300, Luma([255]));
    for (index, left) in [(0, 10), (2, 310)] {
        image::imageops::replace(&mut picture, &enlarged(index), left, 10);
    }
    picture.save(&path).unwrap();
    let Model {
        weights,
        biases,
        mut metadata,
    } = read_model(model());
    metadata["class_names"] = json!(["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"]);
    let tensors = [
        f32s("weight", &[10, 784], &weights),
        f32s("bias", &[10], &biases),
    ];
    let named = at(&folder, "named");
    fs::write(&named, safetensors(&tensors, Some(metadata.to_string()))).unwrap();
    assert_eq!(json(&["predict", "--model", &named, &path])["text"], "七一");
}

#[test]
fn without_a_model_one_is_trained_first() {
    let folder = tempfile::tempdir().unwrap();
    let path = at(&folder, "my7.png");
    enlarged(0).save(&path).unwrap();
    let output = mnist_cli(&["predict", &path]).assert().success();
    let output = output.get_output();
    let stdout = str::from_utf8(&output.stdout).unwrap();
    assert!(stdout.contains("\nanswer      7, by "), "{stdout}");
    assert!(
        stdout
            .lines()
            .all(|line| line.chars().count() <= 80 || line.contains(&path))
    );
    let stderr = str::from_utf8(&output.stderr).unwrap();
    assert!(
        stderr.starts_with("no --model: training one on "),
        "{stderr}"
    );
}

#[test]
fn a_picture_that_cannot_be_read_is_told_and_the_others_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let [first, second, last] = ["1.png", "2.png", "3.png"].map(|name| at(&folder, name));
    enlarged(0).save(&first).unwrap();
    fs::write(&second, "a text file").unwrap();
    enlarged(0).save(&last).unwrap();
    let folder_name = folder.path().to_str().unwrap();
    let output = mnist_cli(&["predict", "--json", "--model", &model(), folder_name])
        .assert()
        .code(1);
    let output = output.get_output();
    let stdout = str::from_utf8(&output.stdout).unwrap();
    assert_eq!(stdout.lines().count(), 2, "{stdout}");
    let stderr = str::from_utf8(&output.stderr).unwrap();
    let expected = format!(
        "warning: {second}: not a picture: save it as PNG, JPEG, BMP or \
         PNM\n\
         error: 1 of 3 pictures can't be read\n"
    );
    assert_eq!(stderr, expected);
}

/// The start of a PNG of 30,000 × 30,000 grey pixels, up to where its data would begin.
const HUGE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x75\x30\0\0\x75\x30\x08\0\0\0\0\
                      \x43\x4c\xa7\x66\0\0\0\x04IDAT\0\0\0\0";

#[test]
fn every_bad_picture_has_a_message_of_its_own() {
    let jpeg = tempfile::Builder::new().suffix(".jpg").tempfile().unwrap();
    enlarged(0).save(jpeg.path()).unwrap();
    let jpeg = fs::read(jpeg.path()).unwrap();
    let png = tempfile::Builder::new().suffix(".png").tempfile().unwrap();
    enlarged(0).save(png.path()).unwrap();
    let png = fs::read(png.path()).unwrap();
    let grey = |pixel: u8| {
        let file = tempfile::Builder::new().suffix(".png").tempfile().unwrap();
        let mut picture = GrayImage::from_pixel(50, 40, Luma([pixel]));
        // What a camera makes of one colour.
        picture.put_pixel(20, 20, Luma([pixel - 15]));
        picture.save(file.path()).unwrap();
        fs::read(file.path()).unwrap()
    };
    let folder = tempfile::tempdir().unwrap();
    let path = at(&folder, "my7.png");
    for (bytes, message) in [
        (
            &b"7, as a text"[..],
            "not a picture: save it as PNG, JPEG, BMP or PNM",
        ),
        (b"", "not a picture: save it as PNG, JPEG, BMP or PNM"),
        (
            b"GIF89a\x01\0\x01\0",
            "a GIF picture: save it as PNG, JPEG, BMP or PNM",
        ),
        (
            HUGE,
            "30000 × 30000 pixels: pictures of at most 64,000,000 in all are read",
        ),
        (
            b"P5 65000 65000 255\n",
            "65000 × 65000 pixels: pictures of at most 64,000,000 in all are read",
        ),
        (
            &jpeg[..jpeg.len() / 2],
            "a JPEG picture that is cut off: it has no end marker",
        ),
        (
            &png[..png.len() / 2],
            "a PNG picture that can't be decoded: ",
        ),
        (&grey(255), "nothing to read: "),
        (&grey(15), "nothing to read: "),
    ] {
        fs::write(&path, bytes).unwrap();
        let found = error(1, &["predict", "--model", &model(), &path]);
        let expected = format!("{path}: {message}");
        assert!(found.starts_with(&expected), "{found}\n{expected}");
    }
}

#[test]
fn what_is_no_picture_at_all_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let model = model();
    let folder_name = folder.path().to_str().unwrap();
    let missing = at(&folder, "my7.png");
    for (path, message) in [
        (missing.as_str(), "can't be read: No such file"),
        (folder_name, "no pictures in this folder"),
    ] {
        let found = error(1, &["predict", "--model", &model, path]);
        assert!(found.starts_with(&format!("{path}: {message}")), "{found}");
    }
    let hint = format!("--data {folder_name} --split test reads its images");
    let found = error(1, &["predict", "--model", &model, folder_name]);
    assert!(found.ends_with(&hint), "{found}");
    let output = mnist_cli(&["predict"]).assert().code(2);
    let stderr = str::from_utf8(&output.get_output().stderr).unwrap();
    assert!(stderr.contains("<IMAGE>..."), "{stderr}");
}

#[cfg(unix)]
#[test]
fn a_name_need_not_be_utf_8() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let folder = tempfile::tempdir().unwrap();
    let source = at(&folder, "seven");
    enlarged(0)
        .save_with_format(&source, image::ImageFormat::Png)
        .unwrap();
    let name = Path::new(OsStr::from_bytes(b"my\xff7.png"));
    if fs::rename(&source, folder.path().join(name)).is_err() {
        // Not every file system takes it.
        return;
    }
    let answer = json(&[
        "predict",
        "--model",
        &model(),
        folder.path().to_str().unwrap(),
    ]);
    assert_eq!(answer["digits"][0]["class"], 7);
    assert_eq!(answer["file"], at(&folder, "my\u{fffd}7.png"));
}

#[test]
fn several_digits_are_lines_with_their_boxes_and_one_string() {
    let folder = tempfile::tempdir().unwrap();
    let path = at(&folder, "710.png");
    let mut picture = GrayImage::from_pixel(900, 300, Luma([255]));
    // Test digits 0, 2 and 3 are 7, 1 and 0.
    for (index, left) in [(0, 10), (2, 310), (3, 610)] {
        image::imageops::replace(&mut picture, &enlarged(index), left, 10);
    }
    picture.save(&path).unwrap();
    let saved = at(&folder, "saved");
    let predict = ["predict", "--model", &model(), &path];
    let printed = text(&[&predict[..], &["--save-prepared", &saved]].concat());
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines[1], "answer      710");
    for (line, start) in lines[2..].iter().zip([
        "digit 1     7, by ",
        "digit 2     1, by ",
        "digit 3     0, by ",
    ]) {
        assert!(line.starts_with(start) && line.contains(" × "), "{line}");
    }
    let report = json(&predict);
    assert_eq!(report["text"], "710");
    let boxes: Vec<[u32; 4]> = report["digits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|digit| serde_json::from_value(digit["box"].clone()).unwrap())
        .collect();
    for ([left, top, width, height], from) in boxes.iter().zip([10, 310, 610]) {
        assert!(
            (from..from + 280).contains(left) && left + width <= from + 280,
            "{boxes:?}"
        );
        assert!(
            (10..290).contains(top) && (150..220).contains(height),
            "{boxes:?}"
        );
    }
    // What the network saw is what --raw reads.
    for (number, digit) in (1..).zip(report["digits"].as_array().unwrap()) {
        let image = format!("{saved}/710-{number}.png");
        let raw = json(&["predict", "--raw", "--model", &model(), &image]);
        assert_eq!(raw["digits"][0]["outputs"], digit["outputs"]);
    }
    let single = json(&[&predict[..], &["--single"]].concat());
    assert_eq!(single["digits"].as_array().unwrap().len(), 1);
    let message = error(1, &[&predict[..], &["--save-prepared", &saved]].concat());
    assert!(message.contains("it exists already"), "{message}");
}

#[test]
fn a_faint_picture_of_16_bits_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = at(&folder, "faint.png");
    let digit = enlarged(0);
    let faint = image::ImageBuffer::from_fn(280, 280, |x, y| {
        Luma([40_000 + 4 * u16::from(digit.get_pixel(x, y).0[0])])
    });
    faint.save(&path).unwrap();
    assert_eq!(json(&["predict", "--model", &model(), &path])["text"], "7");
}

#[test]
fn an_answer_that_leads_by_less_than_most_mistakes_do_is_unsure() {
    let test = Dataset::read(DATA, Split::Test).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for (index, image) in test.images().chunks(784).enumerate().take(1000) {
        let image = GrayImage::from_raw(28, 28, image.to_vec()).unwrap();
        image.save(at(&folder, &format!("{index:03}.pgm"))).unwrap();
    }
    let predict = [
        "predict",
        "--raw",
        "--json",
        "--model",
        &model(),
        folder.path().to_str().unwrap(),
    ];
    let mut unsure = [0; 2];
    let mut all = [0; 2];
    for (line, &label) in text(&predict).lines().zip(test.labels()) {
        let digit = &serde_json::from_str::<Value>(line).unwrap()["digits"][0];
        let is_right = usize::from(digit["class"] == label);
        all[is_right] += 1;
        unsure[is_right] += usize::from(digit["unsure"] == true);
    }
    let [wrong, right] = [0, 1].map(|is_right| unsure[is_right] as f64 / all[is_right] as f64);
    assert!(wrong > 0.6 && right < 0.25, "{unsure:?} of {all:?}");
    // A model that does not say when it is unsure never is.
    let mut metadata = read_model(model()).metadata;
    let limit = metadata.as_object_mut().unwrap().remove("unsure_below");
    assert!(limit.unwrap().as_i64().unwrap() > 0);
    let bytes = fs::read(model()).unwrap();
    let tensors = ::safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let metadata = std::collections::HashMap::from([("mnist".to_owned(), metadata.to_string())]);
    let old = at(&folder, "old");
    fs::write(
        &old,
        ::safetensors::serialize(tensors.tensors(), Some(metadata)).unwrap(),
    )
    .unwrap();
    let predict = [
        "predict",
        "--raw",
        "--json",
        "--model",
        &old,
        folder.path().to_str().unwrap(),
    ];
    assert!(!text(&predict).contains("\"unsure\":true"));
}

#[test]
fn a_folder_of_class_folders_is_evaluated() {
    let folder = tempfile::tempdir().unwrap();
    for (class, index) in [(7, 0), (1, 2), (0, 3), (4, 4)] {
        fs::create_dir(at(&folder, &class.to_string())).unwrap();
        enlarged(index)
            .save(at(&folder, &format!("{class}/a.png")))
            .unwrap();
    }
    // A 0 among the ones, something blank and something else.
    enlarged(3).save(at(&folder, "1/b.png")).unwrap();
    GrayImage::from_pixel(50, 50, Luma([255]))
        .save(at(&folder, "0/blank.png"))
        .unwrap();
    fs::write(at(&folder, "0/c.heic"), "").unwrap();
    let (name, saved) = (
        folder.path().to_str().unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let saved = at(&saved, "saved");
    let predict = ["predict", "--model", &model(), name];
    let output = mnist_cli(&[&predict[..], &["--save-prepared", &saved]].concat())
        .assert()
        .code(1);
    let printed = str::from_utf8(&output.get_output().stdout).unwrap();
    assert!(
        printed.starts_with("accuracy 0.8000 (4 of 5)\n"),
        "{printed}"
    );
    let misread = format!("misread     {name}/1/b.png: 0, by ");
    assert!(
        printed.contains(&misread) && printed.contains("; it is 1\n"),
        "{printed}"
    );
    assert!(printed.contains(" true  0  1"), "{printed}");
    let messages = str::from_utf8(&output.get_output().stderr).unwrap();
    assert!(messages.contains("c.heic: save it as PNG"), "{messages}");
    assert!(
        messages.contains("0/blank.png: nothing to read: "),
        "{messages}"
    );
    assert!(
        messages.ends_with("error: 1 of 6 pictures can't be read\n"),
        "{messages}"
    );
    assert!(Path::new(&saved).join("1/b-1.png").is_file());

    fs::remove_file(at(&folder, "0/blank.png")).unwrap();
    let report = json(&predict);
    assert_eq!([&report["correct"], &report["total"]], [4, 5]);
    assert_eq!(report["confusion"][1][0], 1);
    assert_eq!(report["misread"][0]["file"], format!("{name}/1/b.png"));
    assert_eq!(
        [
            &report["misread"][0]["label"],
            &report["misread"][0]["class"]
        ],
        [1, 0]
    );

    fs::create_dir(at(&folder, "12")).unwrap();
    enlarged(0).save(at(&folder, "12/a.png")).unwrap();
    let message = error(1, &predict);
    assert!(
        message.ends_with(
            "12: the network has no such class: it has 10: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9"
        ),
        "{message}"
    );
}

#[test]
fn what_is_no_picture_is_named_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let heic = at(&folder, "photo.HEIC");
    fs::write(&heic, "whatever").unwrap();
    let message = error(1, &["predict", "--model", &model(), &heic]);
    let expected = "a HEIC picture: save it as PNG, JPEG, BMP or PNM";
    assert_eq!(message, format!("{heic}: {expected}"));

    enlarged(0).save(at(&folder, "seven.png")).unwrap();
    let name = folder.path().to_str().unwrap();
    let output = mnist_cli(&["predict", "--model", &model(), name])
        .assert()
        .success();
    let messages = str::from_utf8(&output.get_output().stderr).unwrap();
    assert!(
        messages.contains(&format!(
            "skipped 1 file, not pictures by their names: {heic}: "
        )),
        "{messages}"
    );

    let message = error(2, &["predict", "m.safetensors", &heic]);
    assert!(message.contains("--model m.safetensors"), "{message}");
}

#[test]
fn a_picture_that_is_thin_as_a_thread_ends_with_a_message() {
    let folder = tempfile::tempdir().unwrap();
    let picture = at(&folder, "thread.png");
    // Every other pixel is ink.
    let dots = |x, y| Luma([if (x + y) % 2 == 0 { 0 } else { 255 }]);
    for (width, height) in [(2_000_000, 1), (2, 500_000)] {
        GrayImage::from_fn(width, height, dots)
            .save(&picture)
            .unwrap();
        let message = error(1, &["predict", "--model", &model(), &picture]);
        assert!(message.contains("nothing to read"), "{message}");
    }
}
