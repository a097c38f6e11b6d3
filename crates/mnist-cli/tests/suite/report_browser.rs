//! The report in a real browser: its script computes what the program computes, draws, and
//! filters; nothing is requested, nothing goes wrong, nothing overflows.

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use mnist_idx::{Dataset, Split};
use mnist_kernel::{Perceptron, Shape};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::browser::Browser;
use crate::program::{DATA, file_in, mnist_cli};

/// A report in a folder of its own: of a network trained by the options.
fn report(data: &Path, options: &[&str]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let [model, page] = ["model.safetensors", "report.html"].map(|name| folder.path().join(name));
    let [model_name, page_name] = [&model, &page].map(|path| path.to_str().unwrap());
    let run = |arguments: &[&str]| {
        let mut command = mnist_cli(arguments);
        command.arg("--data").arg(data).assert().success();
    };
    run(&[&["train", "--save", model_name], options].concat());
    run(&["report", "--model", model_name, "-o", page_name]);
    (folder, page)
}

/// The images of MNIST's test set.
fn test_images() -> Dataset {
    Dataset::read(DATA, Split::Test).unwrap()
}

/// The network of `mnist-cli train` with no option, trained here.
fn network() -> Perceptron {
    let train = Dataset::read(DATA, Split::Train).unwrap();
    let mut network = Perceptron::random(Shape::new(10, 784).unwrap(), 1);
    network
        .train_pass(train.images(), train.labels(), "scalar".parse().unwrap())
        .unwrap();
    network
}

/// What the page says it has read.
fn answer(browser: &mut Browser) -> Value {
    browser.evaluate("document.querySelector('#answer b')?.textContent ?? null")
}

#[test]
fn the_outputs_of_embedded_digits_are_those_of_the_network() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let (_folder, page) = report(DATA.as_ref(), &[]);
    let (network, test) = (network(), test_images());
    browser.open(&page, 1280, 900);
    let replayed = browser.evaluate(
        "mnist.galleryImages().then((images) => {
           const figures = [...document.querySelectorAll('#gallery figure')];
           return images.slice(0, 100).map((image, i) =>
             [figures[i].dataset.image, mnist.scores(image), mnist.outputs(image)]);
         })",
    );
    let replayed = replayed.as_array().unwrap();
    assert_eq!(replayed.len(), 100);
    for digit in replayed {
        let index = digit[0].as_str().unwrap().parse().unwrap();
        let image = test.image(index).unwrap();
        assert_eq!(
            digit[1],
            json!(network.scores(image, "scalar".parse().unwrap()).unwrap())
        );
        assert_eq!(
            digit[2],
            json!(network.outputs(image, "scalar".parse().unwrap()).unwrap())
        );
    }
    browser.assert_quiet();
}

#[test]
fn a_one_drawn_with_the_pointer_is_read_and_can_be_cleared() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let (_folder, page) = report(DATA.as_ref(), &["--average"]);
    browser.open(&page, 1280, 900);
    assert_eq!(answer(&mut browser), Value::Null);

    let stroke = [-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3];
    let places = stroke.map(|down| browser.place("#canvas", [-0.05 * down, down]));
    browser.drag(&places);
    assert_eq!(answer(&mut browser), "1");
    let winner = "document.querySelector('#outputs .winner b').textContent";
    assert_eq!(browser.evaluate(winner), "1");
    let widest = "[...document.querySelectorAll('#outputs i')].findIndex((bar) => bar.style.width === '100%')";
    assert_eq!(browser.evaluate(widest), 1);

    browser.click("#clear");
    assert_eq!(answer(&mut browser), Value::Null);
    // A pointer that was pressed elsewhere does not draw.
    let outside = [0.0, -0.6];
    let places = [outside, [0.0, 0.0], [0.0, 0.3]].map(|place| browser.place("#canvas", place));
    browser.drag(&places);
    assert_eq!(answer(&mut browser), Value::Null);
    assert_eq!(browser.evaluate("mnist.see()"), Value::Null);
    browser.assert_quiet();
}

#[test]
fn a_one_drawn_with_the_keyboard_is_read() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let (_folder, page) = report(DATA.as_ref(), &["--average"]);
    browser.open(&page, 1280, 900);
    browser.evaluate("document.querySelector('#canvas').focus()");
    let ups = ["ArrowUp"; 8];
    let downs = ["ArrowDown"; 16];
    for key in ups.iter().chain(&[" "]).chain(&downs) {
        browser.press(key);
    }
    assert_eq!(answer(&mut browser), "1");
    browser.press("Delete");
    assert_eq!(answer(&mut browser), Value::Null);
    browser.assert_quiet();
}

#[test]
fn a_cell_of_the_confusion_matrix_shows_its_images() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let (_folder, page) = report(DATA.as_ref(), &[]);
    browser.open(&page, 1280, 900);
    let shown = "[...document.querySelectorAll('#gallery figure')]
        .filter((figure) => figure.checkVisibility())
        .map(({ dataset }) => [Number(dataset.label), Number(dataset.predicted)])";
    let at_first = browser.evaluate(shown);
    assert_eq!(at_first.as_array().unwrap().len(), 48);

    for [label, predicted] in [[4, 9], [7, 7]] {
        // Rows and columns count from 1, and the first column is the header.
        let cell = format!(
            "#confusion tbody tr:nth-child({}) > :nth-child({}) button",
            label + 1,
            predicted + 2
        );
        let count = browser.evaluate(&format!("document.querySelector({cell:?}).textContent"));
        browser.click(&cell);
        let images = browser.evaluate(shown).as_array().unwrap().clone();
        assert!((12..=24).contains(&images.len()), "{} images", images.len());
        assert_eq!(images, vec![json!([label, predicted]); images.len()]);
        let text = browser.evaluate("document.querySelector('#gallery-text').textContent");
        let counts = format!(" {} of {},", images.len(), count.as_str().unwrap());
        assert!(text.as_str().unwrap().contains(&counts), "{text}: {counts}");
    }
    browser.click("#all");
    assert_eq!(browser.evaluate(shown), at_first);
    browser.assert_quiet();
}

#[test]
fn an_image_of_the_gallery_is_shown_as_the_network_sees_it() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let (_folder, page) = report(DATA.as_ref(), &[]);
    browser.open(&page, 1280, 900);
    let figure = browser.evaluate("({ ...document.querySelector('#gallery figure').dataset })");
    browser.click("#gallery figure button");
    // The first click reads the picture of all images, which takes a moment of the page's own.
    browser.evaluate("mnist.galleryImages()");
    assert_eq!(answer(&mut browser), figure["predicted"]);
    browser.assert_quiet();
}

#[test]
fn enlarged_digits_on_the_canvas_are_read_as_predict_reads_the_same_pictures() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let (folder, page) = report(DATA.as_ref(), &["--average"]);
    browser.open(&page, 1280, 900);
    let test = test_images();
    let pictures = tempfile::tempdir().unwrap();
    let on_the_page = (0..50).map(|index| {
        let digit = test.image(index).unwrap();
        let read = browser.evaluate(&format!(
            "(() => {{
               mnist.put(Uint8Array.from({digit:?}));
               const picture = document.querySelector('#canvas').toDataURL('image/png');
               return [picture, mnist.predictedClass(mnist.outputs(mnist.see()))];
             }})()"
        ));
        let (_, picture) = read[0].as_str().unwrap().split_once(',').unwrap();
        let picture = BASE64_STANDARD.decode(picture).unwrap();
        std::fs::write(pictures.path().join(format!("{index:02}.png")), picture).unwrap();
        read[1].clone()
    });
    let on_the_page: Vec<Value> = on_the_page.collect();

    let model = file_in(&folder, "model.safetensors");
    let mut command = mnist_cli(&["predict", "--json", "--model", &model]);
    let output = command.arg(pictures.path()).output().unwrap();
    let lines = str::from_utf8(&output.stdout).unwrap().lines();
    let predicted = lines.map(|line| serde_json::from_str::<Value>(line).unwrap()["class"].clone());
    let predicted: Vec<Value> = predicted.collect();
    assert_eq!(predicted.len(), 50);
    let same = on_the_page.iter().zip(&predicted);
    let same = same.filter(|(page, program)| page == program).count();
    assert!(same >= 48, "{same} of 50");
    browser.assert_quiet();
}

/// A data set of bars: class k of `classes` is a bright column, at k parts of the width.
fn bars(classes: usize, height: usize, width: usize) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (split, each) in [("train", 20), ("t10k", 3)] {
        let labels: Vec<u8> = (0..each * classes)
            .map(|image| (image % classes) as u8)
            .collect();
        let images = labels.iter().enumerate().flat_map(|(image, &label)| {
            let bar = usize::from(label) * width / classes;
            let noise = image * 7;
            (0..height * width).map(move |pixel| match pixel % width == bar {
                true => 255,
                false => ((pixel * 31 + noise) % 40) as u8,
            })
        });
        let images: Vec<u8> = images.collect();
        let path = |kind: &str| folder.path().join(format!("{split}-{kind}-ubyte"));
        mnist_idx::write(path("images-idx3"), &[labels.len(), height, width], &images).unwrap();
        mnist_idx::write(path("labels-idx1"), &[labels.len()], &labels).unwrap();
    }
    folder
}

#[test]
fn nothing_overflows_whatever_the_shape_and_the_window() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let mnist = (None, 10);
    let shapes = [(2, 8, 8), (26, 28, 28), (47, 28, 28), (5, 10, 16)];
    let others =
        shapes.map(|(classes, height, width)| (Some(bars(classes, height, width)), classes));
    for (data, classes) in [mnist].into_iter().chain(others) {
        let data = data.as_ref().map_or(DATA.as_ref(), TempDir::path);
        let (_folder, page) = report(data, &["--epochs", "2"]);
        for width in [1280, 360] {
            browser.open(&page, width, 800);
            let wide = browser.evaluate(
                "[...document.querySelectorAll('body *')]
                   .filter((element) => !element.closest('.wide, .sheets, use')
                     && element.getBoundingClientRect().right > innerWidth)
                   .map((element) => element.outerHTML.slice(0, 200))",
            );
            assert_eq!(wide, json!([]), "{classes} classes, {width} pixels wide");
            let page_width = browser.evaluate("document.documentElement.scrollWidth");
            assert_eq!(page_width, width, "{classes} classes");
            browser.assert_quiet();
        }
    }
}

#[test]
fn other_shapes_are_read_from_a_drawing_too() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let data = bars(2, 8, 8);
    let (_folder, page) = report(data.path(), &["--epochs", "5"]);
    browser.open(&page, 1280, 900);
    // The bar of class 1 is in the fifth of eight columns.
    let places = [-0.4, -0.2, 0.0, 0.2, 0.4].map(|down| browser.place("#canvas", [0.06, down]));
    browser.drag(&places);
    assert_eq!(answer(&mut browser), "1");
    browser.assert_quiet();
}

#[test]
fn there_is_no_field_to_draw_on_where_images_are_not_square() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let data = bars(3, 6, 9);
    let (_folder, page) = report(data.path(), &[]);
    browser.open(&page, 1280, 900);
    assert_eq!(
        browser.evaluate("document.querySelector('#draw')"),
        Value::Null
    );
    browser.assert_quiet();
}

/// Not a test of anything: makes the README's picture of the page, `docs/draw.png`.
#[test]
#[ignore = "it makes a picture: run it by its name"]
fn picture_of_a_drawing() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("report.html");
    mnist_cli(&["report", "-o", page.to_str().unwrap()])
        .assert()
        .success();
    browser.open(&page, 1120, 900);
    // Two arcs make a three: their middles, radii, and first and last angles.
    let arcs = [
        ([0.0, -0.16], 0.15, -200.0, 80.0),
        ([0.0, 0.15], 0.18, -80.0, 150.0),
    ];
    let three = arcs.into_iter().flat_map(|([x, y], radius, first, last)| {
        (0..=12).map(move |step| {
            let angle = (first + (last - first) * f64::from(step) / 12.0_f64).to_radians();
            [x + radius * angle.cos(), y + radius * angle.sin()]
        })
    });
    let places: Vec<_> = three
        .map(|offset| browser.place("#canvas", offset))
        .collect();
    browser.drag(&places);
    let clip = browser.evaluate(
        "(() => {
           const { x, y, width, height } = document.querySelector('.board').getBoundingClientRect();
           return { x: x + scrollX - 16, y: y + scrollY - 16, width: width + 32, height: height + 32, scale: 1 };
         })()",
    );
    let picture = browser.call(
        "Page.captureScreenshot",
        json!({ "clip": clip, "captureBeyondViewport": true }),
    );
    let picture = BASE64_STANDARD
        .decode(picture["data"].as_str().unwrap())
        .unwrap();
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/draw.png");
    std::fs::write(docs, picture).unwrap();
}
