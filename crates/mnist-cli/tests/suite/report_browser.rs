//! The report in a real browser: its script trains, answers and draws as the program does; nothing
//! is requested, nothing goes wrong, nothing overflows.

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use mnist_idx::{Dataset, Split};
use mnist_kernel::{Kernel, Perceptron, Shape, Training};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::browser::Browser;
use crate::program::{DATA, mnist_cli};

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
    let mut last = Perceptron::random(Shape::new(10, 784).unwrap(), 1);
    let mut training = Training::new(&mut last, Kernel::Scalar)
        .with_margin(margin)
        .with_average();
    let pixels = &train.images()[..images * 784];
    training.pass(pixels, &train.labels()[..images]).unwrap();
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
    for margin in [0, 175] {
        let options = ["--average", "--margin", &margin.to_string()];
        let (_folder, page) = report(DATA.as_ref(), &options);
        open(&mut browser, &page, 1280, 900);
        let all = browser.evaluate("mnist.lesson.length");
        assert_eq!(all, 3000);
        // Forwards, and back again.
        for images in [1, 100, 2000, 3000, 250] {
            browser.evaluate(&format!("mnist.show({{ stop: {images} }})"));
            let [last, average] = trained(images, margin);
            assert!(
                network(&mut browser, "mnist.lesson.network") == last,
                "{images}"
            );
            assert!(
                network(&mut browser, "mnist.lesson.average()") == average,
                "{images}"
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
