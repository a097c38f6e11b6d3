//! The report in a real browser: its script trains, answers and draws as the program does; nothing
//! is requested, nothing goes wrong, nothing overflows.

mod answers;
mod drawing;
mod page;
mod training;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use mnist_idx::{Dataset, Split};
use mnist_kernel::{Kernel, Perceptron, Shape, Training};
use serde_json::Value;
use tempfile::TempDir;

use crate::browser::Browser;
use crate::program::{DATA, mnist_cli};

/// The plain loop, which is the definition.
fn scalar() -> Kernel {
    "scalar".parse().unwrap()
}

/// Makes a report of a data set by options of `report`.
fn make_report(page: &Path, data: &Path, options: &[&str]) {
    let mut command = mnist_cli(&["report"]);
    command.args(options).arg("--data").arg(data);
    command.arg("-o").arg(page).assert().success();
}

/// The report of MNIST by these options of `report`, which is made once for all tests.
fn report_of_mnist(options: &[&str]) -> PathBuf {
    static MADE: Mutex<Option<HashSet<PathBuf>>> = Mutex::new(None);
    let name = format!("report{}.html", options.concat());
    let page = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let mut made = MADE.lock().unwrap();
    if made.get_or_insert_default().insert(page.clone()) {
        make_report(&page, DATA.as_ref(), options);
    }
    page
}

/// A browser with such a report opened; `None` where there is no browser.
fn report(options: &[&str]) -> Option<Browser> {
    let mut browser = Browser::start()?;
    open(&mut browser, &report_of_mnist(options), 1280, 900);
    Some(browser)
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

/// The same on these images, of two classes if they are smaller than MNIST's.
fn trained_on(images: &[u8], labels: &[u8], margin: u16) -> [Perceptron; 2] {
    let shape = match images.len() / labels.len().max(1) {
        0 | 784 => Shape::new(10, 784),
        pixels => Shape::new(2, pixels),
    };
    let mut last = Perceptron::random(shape.unwrap(), 1);
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

/// A stroke downwards, from and to such parts of the field's height.
fn downwards(browser: &mut Browser, from: f64, to: f64) -> Vec<[f64; 2]> {
    let steps = (0..=8).map(|step| from + (to - from) * f64::from(step) / 8.0);
    let places = steps.map(|down| browser.place("#field", [-0.05 * down, down]));
    places.collect()
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
