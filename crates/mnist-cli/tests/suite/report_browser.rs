//! The report in a real browser: its script trains, answers and draws as the program does; nothing
//! is requested, nothing goes wrong, nothing overflows.

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use mnist_idx::{Dataset, Split};
use mnist_kernel::{Ink, Kernel, Perceptron, Shape, Size, Training, normalize};
use serde::Deserialize;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::browser::Browser;
use crate::program::{DATA, mnist_cli};

/// The plain loop, which is the definition.
fn scalar() -> Kernel {
    "scalar".parse().unwrap()
}

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

/// Opens a report and waits until its script has started.
fn open(browser: &mut Browser, page: &Path, width: u32, height: u32) {
    browser.open(page, width, height);
    browser.evaluate(
        "new Promise((ready) => {
           const look = () => globalThis.mnist ? ready() : setTimeout(look, 5);
           look();
         })",
    );
}

/// The last network and the average after the first images of MNIST's training set.
fn trained(images: usize, margin: u16) -> [Perceptron; 2] {
    let train = Dataset::read(DATA, Split::Train).unwrap();
    trained_on(
        &train.images()[..images * 784],
        &train.labels()[..images],
        margin,
    )
}

fn trained_on(images: &[u8], labels: &[u8], margin: u16) -> [Perceptron; 2] {
    let mut last = Perceptron::random(Shape::new(10, 784).unwrap(), 1);
    let mut training = Training::new(&mut last, scalar())
        .with_margin(margin)
        .with_average();
    training.pass(images, labels).unwrap();
    let average = training.average().unwrap();
    [last, average]
}

/// A network of the page's script.
fn network(browser: &mut Browser, expression: &str) -> Perceptron {
    let parts = browser.evaluate(&format!(
        "(({{ weights, biases }}) => [[...weights], [...biases]])({expression})"
    ));
    let [weights, biases] = [&parts[0], &parts[1]].map(|numbers| {
        let numbers = numbers.as_array().unwrap().iter();
        numbers.map(|number| number.as_i64().unwrap() as i32)
    });
    let weights: Vec<i16> = weights
        .map(|weight| i16::try_from(weight).unwrap())
        .collect();
    let biases: Vec<i32> = biases.collect();
    let shape = Shape::new(biases.len(), weights.len() / biases.len()).unwrap();
    Perceptron::from_parts(shape, &weights, &biases).unwrap()
}

/// At how many images the player is.
fn stop(browser: &mut Browser) -> usize {
    let stop = browser.evaluate("mnist.moment.stop");
    stop.as_u64().unwrap() as usize
}

#[test]
fn after_as_many_images_the_page_has_the_program_s_network() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let train = Dataset::read(DATA, Split::Train).unwrap();
    let raw = &train.images()[..3000 * 784];
    let size = Size {
        height: 28,
        width: 28,
    };
    let normalized = normalize(raw, size, Ink::Light, size).unwrap();
    for (options, margin, images) in [
        (["--average"].as_slice(), 0, raw),
        (&["--margin", "175"], 175, raw),
        (&["--best"], 300, &normalized),
    ] {
        let (_folder, page) = report(DATA.as_ref(), options);
        open(&mut browser, &page, 1280, 900);
        let all = browser.evaluate("mnist.lesson.length");
        assert_eq!(all, 3000);
        // Forwards, and back again.
        for stop in [1, 100, 2000, 3000, 250] {
            browser.evaluate(&format!("mnist.show({{ stop: {stop} }})"));
            let [last, average] =
                trained_on(&images[..stop * 784], &train.labels()[..stop], margin);
            assert!(
                network(&mut browser, "mnist.lesson.network") == last,
                "{stop}"
            );
            assert!(
                network(&mut browser, "mnist.lesson.average()") == average,
                "{stop}"
            );
        }
        browser.assert_quiet();
    }
}

#[test]
fn play_pause_step_slider_and_next_mistake_train() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let (_folder, page) = report(DATA.as_ref(), &[]);
    open(&mut browser, &page, 1280, 900);
    let end = stop(&mut browser);
    assert_eq!(end, 3001, "it begins with the finished network");
    assert!(network(&mut browser, "mnist.networkNow()") == trained(60_000, 0)[0]);

    let check = |browser: &mut Browser, images: usize| {
        assert_eq!(stop(browser), images);
        assert!(
            network(browser, "mnist.networkNow()") == trained(images, 0)[0],
            "{images}"
        );
    };
    browser.click("#step");
    check(&mut browser, 1);
    browser.click("#step");
    check(&mut browser, 2);

    // The image whose answer is wrong is the first at which the network changes.
    browser.click("#next-mistake");
    let images = stop(&mut browser);
    check(&mut browser, images);
    assert!(trained(images - 1, 0)[0] != trained(images, 0)[0]);
    assert!(trained(2, 0)[0] == trained(images - 1, 0)[0]);
    let event = browser.evaluate("document.querySelector('#event').textContent");
    assert!(event.as_str().unwrap().contains("wrong"), "{event}");

    browser.evaluate("document.querySelector('#speed').value = 'hundred'");
    browser.click("#play");
    browser.evaluate(
        "new Promise((there) => {
           const look = () => mnist.moment.stop > 20 ? there() : setTimeout(look, 5);
           look();
         })",
    );
    browser.click("#play");
    let paused = stop(&mut browser);
    browser.evaluate("new Promise((later) => setTimeout(later, 100))");
    check(&mut browser, paused);

    for part in [0.2, -0.3] {
        let from = browser.place("#player .moment input", [0.0, 0.0]);
        let to = browser.place("#player .moment input", [part, 0.0]);
        browser.drag(&[from, to]);
        let images = stop(&mut browser);
        let expected = (3001.0 * (0.5 + part)) as usize;
        assert!(images.abs_diff(expected) < 100, "{images}, not {expected}");
        check(&mut browser, images);
    }
    browser.click("[value=average]");
    let images = stop(&mut browser);
    assert!(network(&mut browser, "mnist.networkNow()") == trained(images, 0)[1]);

    browser.click("#finish");
    assert_eq!(stop(&mut browser), end);
    browser.assert_quiet();
}

#[test]
fn full_speed_trains_to_the_last_image() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let (_folder, page) = report(DATA.as_ref(), &["--average"]);
    open(&mut browser, &page, 1280, 900);
    browser.evaluate("document.querySelector('#speed').value = 'full'");
    let seconds = browser.evaluate(
        "new Promise((there) => {
           const start = performance.now();
           const look = () => mnist.moment.stop === mnist.lesson.length
             ? there((performance.now() - start) / 1000) : requestAnimationFrame(look);
           document.querySelector('#play').click();
           look();
         })",
    );
    println!("{:.0} images a second", 3000.0 / seconds.as_f64().unwrap());
    assert!(network(&mut browser, "mnist.networkNow()") == trained(3000, 0)[1]);
    assert!(network(&mut browser, "mnist.lesson.network") == trained(3000, 0)[0]);
    browser.assert_quiet();
}

/// The images of MNIST's test set.
fn test_images() -> Dataset {
    Dataset::read(DATA, Split::Test).unwrap()
}

/// What the page says it has read.
fn answer(browser: &mut Browser) -> Value {
    browser.evaluate("document.querySelector('#answer b')?.textContent ?? null")
}

/// Clicks on the first image of the gallery that is shown, and waits until it is on the board.
fn choose_image(browser: &mut Browser) {
    browser.click("#gallery figure:not([hidden]) button");
    browser.evaluate("mnist.galleryImages().then(() => new Promise((later) => setTimeout(later)))");
}

#[test]
fn the_scores_of_embedded_digits_are_those_of_the_network() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let (_folder, page) = report(DATA.as_ref(), &[]);
    let [network, _] = trained(60_000, 0);
    let test = test_images();
    open(&mut browser, &page, 1280, 900);
    let replayed = browser.evaluate(
        "mnist.galleryImages().then((images) => {
           const figures = [...document.querySelectorAll('#gallery figure')];
           return images.slice(0, 100).map((image, i) =>
             [figures[i].dataset.image, mnist.finished.scores(image)]);
         })",
    );
    let replayed = replayed.as_array().unwrap();
    assert_eq!(replayed.len(), 100);
    for digit in replayed {
        let index = digit[0].as_str().unwrap().parse().unwrap();
        let image = test.image(index).unwrap();
        let scores = network.scores(image, scalar()).unwrap();
        assert_eq!(digit[1], json!(scores));
    }
    browser.assert_quiet();
}

/// What the page's script makes of images, normalised to 28 × 28.
fn normalized_by_the_page(browser: &mut Browser, images: &[(Size, Vec<u8>)]) -> Vec<Vec<u8>> {
    let images = images.iter().map(|(Size { height, width }, image)| {
        json!([BASE64_STANDARD.encode(image), height, width])
    });
    let images = Value::from_iter(images);
    let normalized = browser.evaluate(&format!(
        "{images}.map(([image, height, width]) => {{
           const bytes = Uint8Array.from(atob(image), (character) => character.charCodeAt(0));
           return btoa(String.fromCharCode(...mnist.normalize(bytes, height, width, 28, 28)));
         }})"
    ));
    let normalized = normalized.as_array().unwrap().iter();
    normalized
        .map(|image| BASE64_STANDARD.decode(image.as_str().unwrap()).unwrap())
        .collect()
}

#[test]
fn the_page_normalises_to_the_program_s_bytes() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let (_folder, page) = report(DATA.as_ref(), &["--best"]);
    open(&mut browser, &page, 1280, 900);
    let size = |height, width| Size { height, width };
    let test = test_images();
    let digits = (0..1000).map(|index| (size(28, 28), test.image(index).unwrap().to_vec()));
    // Other sizes: noise with more and less ink, one pixel, one line, and nothing at all.
    let sizes = [(84, 84), (300, 200), (1, 1), (1, 400), (400, 1), (7, 13)];
    let noise = sizes.iter().flat_map(|&(height, width)| {
        [1, 30, 255].map(|most| {
            let pixels = (0..height * width).map(|i| (i * i * 31 + i / 7) % 256);
            let pixels = pixels.map(|pixel| if pixel < most { pixel as u8 } else { 0 });
            (size(height, width), pixels.collect())
        })
    });
    let images: Vec<(Size, Vec<u8>)> = digits.chain(noise).collect();
    let normalized = normalized_by_the_page(&mut browser, &images);
    for ((from, image), normalized) in images.iter().zip(normalized) {
        let expected = normalize(image, *from, Ink::Light, size(28, 28)).unwrap();
        assert!(normalized == expected, "{from}: {image:?}");
    }
    browser.assert_quiet();
}

/// A drawing of a digit: strokes of points on a field of 280 × 280.
#[derive(Deserialize)]
struct Drawing {
    digit: u8,
    kind: String,
    strokes: Vec<Vec<[f64; 2]>>,
}

#[test]
fn digits_that_are_drawn_are_read_by_the_default_network() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("report.html");
    let run = mnist_cli(&["report", "-o", page.to_str().unwrap()]).output();
    assert!(run.unwrap().status.success());
    open(&mut browser, &page, 1280, 900);
    let drawings: Vec<Drawing> = serde_json::from_str(include_str!("drawings.json")).unwrap();
    assert_eq!(drawings.len(), 119);
    let [left, top] = browser.place("#field", [-0.5, -0.5]);
    let [right, _] = browser.place("#field", [0.5, 0.5]);
    let scale = (right - left) / 280.0;
    let mut misread = Vec::new();
    for Drawing {
        digit,
        kind,
        strokes,
    } in &drawings
    {
        for stroke in strokes {
            let places = stroke
                .iter()
                .map(|[x, y]| [left + x * scale, top + y * scale]);
            browser.drag(&places.collect::<Vec<_>>());
        }
        let read = answer(&mut browser);
        if read != digit.to_string() {
            misread.push(format!("{digit} ({kind}) read as {read}"));
        }
        browser.press("Delete");
        assert_eq!(answer(&mut browser), Value::Null);
    }
    println!(
        "{} of {} misread: {misread:?}",
        misread.len(),
        drawings.len()
    );
    assert!(20 * misread.len() <= drawings.len(), "{misread:?}");
    browser.assert_quiet();
}

/// A stroke downwards, from and to such parts of the field's height.
fn downwards(browser: &mut Browser, from: f64, to: f64) -> Vec<[f64; 2]> {
    let steps = (0..=8).map(|step| from + (to - from) * f64::from(step) / 8.0);
    let places = steps.map(|down| browser.place("#field", [-0.05 * down, down]));
    places.collect()
}

#[test]
fn a_one_drawn_with_the_pointer_is_read_and_can_be_changed() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let (_folder, page) = report(DATA.as_ref(), &["--average"]);
    open(&mut browser, &page, 1280, 900);
    assert_eq!(answer(&mut browser), Value::Null);

    let places = downwards(&mut browser, -0.3, 0.3);
    browser.drag(&places);
    assert_eq!(answer(&mut browser), "1");
    let winner = "document.querySelector('#scores .answer b').textContent";
    assert_eq!(browser.evaluate(winner), "1");
    let widest = "[...document.querySelectorAll('#scores i')].findIndex((bar) => bar.style.width === '100%')";
    assert_eq!(browser.evaluate(widest), 1);

    // The right button takes the middle out, and the button beside the field an end.
    let points = "mnist.drawing().map((stroke) => stroke.length)";
    let whole = browser.evaluate(points);
    let middle = browser.place("#field", [0.0, 0.0]);
    browser.drag_by("right", &[middle]);
    let halves = browser.evaluate(points);
    assert_eq!(
        (
            whole.as_array().unwrap().len(),
            halves.as_array().unwrap().len()
        ),
        (1, 2)
    );
    browser.click("#eraser");
    let places = downwards(&mut browser, 0.05, 0.35);
    browser.drag(&places);
    assert_eq!(browser.evaluate(points), json!([halves[0]]));
    browser.click("#undo");
    assert_eq!(browser.evaluate(points), halves);
    browser.click("#undo");
    assert_eq!(browser.evaluate(points), whole);
    browser.click("#clear");
    assert_eq!(answer(&mut browser), Value::Null);
    browser.click("#undo");
    assert_eq!(answer(&mut browser), "1");
    browser.click("#clear");
    browser.click("#eraser");

    // A pointer that was pressed elsewhere does not draw.
    let outside = [0.0, -0.6];
    let places = [outside, [0.0, 0.0], [0.0, 0.3]].map(|place| browser.place("#field", place));
    browser.drag(&places);
    assert_eq!(answer(&mut browser), Value::Null);
    assert_eq!(browser.evaluate("mnist.subject.image"), Value::Null);
    browser.assert_quiet();
}

#[test]
fn a_one_drawn_with_the_keyboard_is_read() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let (_folder, page) = report(DATA.as_ref(), &["--average"]);
    open(&mut browser, &page, 1280, 900);
    browser.evaluate("document.querySelector('#field').focus()");
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
fn the_answer_to_a_drawing_is_that_of_the_moment() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let (_folder, page) = report(DATA.as_ref(), &["--average"]);
    open(&mut browser, &page, 1280, 900);
    let places = downwards(&mut browser, -0.3, 0.3);
    browser.drag(&places);
    assert_eq!(answer(&mut browser), "1");
    // To the left end of the slider beside the drawing: the random start knows no one.
    let from = browser.place("#draw .moment input", [0.0, 0.0]);
    let to = browser.place("#draw .moment input", [-0.5, 0.0]);
    browser.drag(&[from, to]);
    assert_eq!(stop(&mut browser), 0);
    assert_ne!(answer(&mut browser), "1");
    let scores = browser.evaluate("mnist.networkNow().scores(mnist.subject.image)");
    let image = browser.evaluate("[...mnist.subject.image]");
    let image: Vec<u8> = serde_json::from_value(image).unwrap();
    let [start, _] = trained(0, 0);
    assert_eq!(scores, json!(start.scores(&image, scalar()).unwrap()));
    browser.assert_quiet();
}

#[test]
fn the_answer_is_in_view_while_one_draws() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let (_folder, page) = report(DATA.as_ref(), &[]);
    for (width, height) in [(360, 740), (768, 1024), (1280, 800)] {
        open(&mut browser, &page, width, height);
        let places = downwards(&mut browser, -0.3, 0.3);
        browser.drag(&places);
        let hidden = browser.evaluate(
            "['#field', '#answer', '#scores', '#undo'].filter((selector) => {
               const { left, top, right, bottom } = document.querySelector(selector).getBoundingClientRect();
               return left < 0 || top < 0 || right > innerWidth || bottom > innerHeight;
             })",
        );
        assert_eq!(hidden, json!([]), "{width} × {height}");
    }
}

#[test]
fn a_cell_of_the_confusion_matrix_shows_its_images() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let (_folder, page) = report(DATA.as_ref(), &[]);
    open(&mut browser, &page, 1280, 900);
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
        let counts = format!("{} of {} ", images.len(), count.as_str().unwrap());
        assert!(
            text.as_str().unwrap().starts_with(&counts),
            "{text}: {counts}"
        );
        let first =
            "document.querySelector('#gallery figure:not([hidden])').getBoundingClientRect()";
        let bottom = browser.evaluate(&format!("{first}.bottom"));
        assert!(
            bottom.as_f64().unwrap() <= 900.0,
            "the first image is in view: {bottom}"
        );
    }
    browser.click("#all");
    assert_eq!(browser.evaluate(shown), at_first);
    browser.assert_quiet();
}

#[test]
fn an_image_of_the_gallery_is_answered_as_its_caption_says() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let (_folder, page) = report(DATA.as_ref(), &[]);
    open(&mut browser, &page, 1280, 900);
    browser.evaluate("mnist.show({ stop: 5 })");
    let figure = "document.querySelector('#gallery figure')";
    let [label, predicted, image] = ["label", "predicted", "image"].map(|name| {
        let value = browser.evaluate(&format!("{figure}.dataset.{name}"));
        value.as_str().unwrap().to_owned()
    });
    let lead = browser.evaluate(&format!("{figure}.querySelector('small').textContent"));
    let lead = lead
        .as_str()
        .unwrap()
        .strip_prefix("lead ")
        .unwrap()
        .to_owned();
    choose_image(&mut browser);

    // Pixel by pixel the test image, and the caption's answer and lead.
    let pixels = browser.evaluate("[...mnist.subject.image]");
    assert_eq!(pixels, json!(test_images().image(image.parse().unwrap())));
    let text = browser.evaluate("document.querySelector('#answer').textContent");
    let text = text.as_str().unwrap();
    assert!(text.starts_with(&format!("{predicted} leads ")), "{text}");
    assert!(
        text.ends_with(&format!(" by {lead}: wrong, it is {label}")),
        "{text}"
    );

    // Why it was not read as what it is: the two classes' scores, and pixels that add up to them.
    let pair = "['one', 'other'].map((id) => document.getElementById(id).value)";
    assert_eq!(browser.evaluate(pair), json!([predicted, label]));
    let [network, _] = trained(60_000, 0);
    let scores = network.scores(
        test_images().image(image.parse().unwrap()).unwrap(),
        scalar(),
    );
    let scores = scores.unwrap();
    let [one, other] = [&predicted, &label].map(|class| scores[class.parse::<usize>().unwrap()]);
    let difference = browser.evaluate("document.getElementById('difference').textContent");
    let expected = format!("{:.1}", (one - other) as f64 / (255.0 * 255.0));
    assert_eq!(difference, expected);
    let middle = browser.place("#why", [0.02, 0.02]);
    browser.drag(&[middle]);
    let pixel = browser.evaluate("document.querySelector('#pixel').textContent");
    assert!(
        pixel
            .as_str()
            .unwrap()
            .starts_with("Row 15, column 15: pixel "),
        "{pixel}"
    );

    // Who draws over it starts a drawing of their own.
    let places = downwards(&mut browser, -0.3, 0.3);
    browser.drag(&places);
    assert_eq!(browser.evaluate("mnist.subject.label"), Value::Null);
    assert_eq!(answer(&mut browser), "1");
    browser.assert_quiet();
}

#[test]
fn a_mistake_is_shown_step_by_step() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let (_folder, page) = report(DATA.as_ref(), &[]);
    open(&mut browser, &page, 1280, 900);
    browser.click("#next-mistake");
    browser.click("#next-mistake");
    browser.click("#explain");
    let images = stop(&mut browser);
    let train = Dataset::read(DATA, Split::Train).unwrap();
    let image = train.image(images - 1).unwrap();
    let [before, after] = [images - 1, images].map(|images| {
        let [network, _] = trained(images, 0);
        network.scores(image, scalar()).unwrap()
    });
    let steps = "[...document.querySelectorAll('.steps > li')].filter((step) => step.checkVisibility({ visibilityProperty: true })).length";
    for step in 1..=4 {
        assert_eq!(browser.evaluate(steps), step);
        browser.click(if step < 4 { "#next" } else { "#back" });
    }
    assert_eq!(browser.evaluate(steps), 3);
    let shown = |scores: &[i64]| {
        let pixels = scores.iter().map(|&score| score as f64 / (255.0 * 255.0));
        json!(
            pixels
                .map(|score| format!("{score:.1}").replace('-', "−"))
                .collect::<Vec<_>>()
        )
    };
    for (list, scores) in [("#scores-before", before), ("#scores-after", after)] {
        let values = format!(
            "[...document.querySelectorAll('{list} data')].map((value) => value.textContent)"
        );
        assert_eq!(browser.evaluate(&values), shown(&scores), "{list}");
    }
    // The player is where it was.
    assert_eq!(stop(&mut browser), images);
    assert!(network(&mut browser, "mnist.networkNow()") == trained(images, 0)[0]);
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
        if let Some(folder) = &data {
            let name = |class| format!("{class} with a name that is rather long\n");
            let names: String = (0..classes).map(name).collect();
            std::fs::write(folder.path().join("labels.txt"), names).unwrap();
        }
        let data = data.as_ref().map_or(DATA.as_ref(), TempDir::path);
        let (_folder, page) = report(data, &["--epochs", "2"]);
        for width in [1280, 768, 360] {
            open(&mut browser, &page, width, 800);
            browser.click("#next-mistake");
            choose_image(&mut browser);
            let wide = browser.evaluate(
                "[...document.querySelectorAll('body *')]
                   .filter((element) => !element.closest('.wide, .story, .sheets, use')
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
    for (height, width) in [(8, 8), (6, 10)] {
        let data = bars(2, height, width);
        let (_folder, page) = report(data.path(), &["--epochs", "5"]);
        open(&mut browser, &page, 1280, 900);
        // The bar of class 1 is in the column right of the middle.
        let places = [-0.4, -0.2, 0.0, 0.2, 0.4].map(|down| browser.place("#field", [0.06, down]));
        browser.drag(&places);
        assert_eq!(answer(&mut browser), "1");
        browser.assert_quiet();
    }
}

#[test]
fn without_a_mistake_there_is_no_gallery_of_mistakes() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let data = bars(2, 8, 8);
    let (_folder, page) = report(data.path(), &["--epochs", "5"]);
    open(&mut browser, &page, 1280, 900);
    let title = browser.evaluate("document.querySelector('#gallery-title').textContent");
    assert_eq!(title, "Nearest to a mistake");
    let images =
        browser.evaluate("document.querySelectorAll('#gallery figure:not([hidden])').length");
    assert_eq!(images, 6);
    browser.assert_quiet();
}

#[test]
fn without_script_all_that_is_still_is_there() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let (_folder, page) = report(DATA.as_ref(), &[]);
    browser.call(
        "Emulation.setScriptExecutionDisabled",
        json!({ "value": true }),
    );
    browser.open(&page, 1280, 900);
    let text = browser.evaluate("document.body.innerText");
    let text = text.as_str().unwrap();
    for part in [
        "How it works",
        "With JavaScript on",
        "What it has learned",
        "The first epoch",
        "Confusion matrix",
        "Misclassified images",
        "Facts",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    for part in [
        "Watch it learn",
        "One mistake",
        "Draw one",
        "Choose an image",
    ] {
        assert!(!text.contains(part), "{part}: {text}");
    }
    browser.assert_quiet();
}

#[test]
fn nothing_moves_where_no_motion_is_wanted() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let (_folder, page) = report(DATA.as_ref(), &[]);
    let feature = json!({ "name": "prefers-reduced-motion", "value": "reduce" });
    browser.call(
        "Emulation.setEmulatedMedia",
        json!({ "features": [feature] }),
    );
    open(&mut browser, &page, 1280, 900);
    for _step in 1..=3 {
        browser.click("#next");
    }
    let animations = browser.evaluate("document.getAnimations().length");
    assert_eq!(animations, 0);
    browser.assert_quiet();
}
