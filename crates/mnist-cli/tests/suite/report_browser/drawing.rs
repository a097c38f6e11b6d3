//! Drawing on the page.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use mnist_idx::{Dataset, Split};
use mnist_kernel::{Ink, Size, normalize};
use serde::Deserialize;
use serde_json::{Value, json};

use super::training::stop;
use super::{
    answer, bars, downwards, make_report, open, report, report_of_mnist, scalar, test_images,
    trained,
};
use crate::browser::Browser;
use crate::fixtures::write_split;
use crate::program::DATA;

/// What the page's script makes of images, normalized to 28 × 28.
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
fn the_page_normalizes_to_the_program_s_bytes() {
    let Some(mut browser) = report(&[]) else {
        return;
    };
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
    let Some(mut browser) = report(&[]) else {
        return;
    };
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
        if read.as_str() != Some(&digit.to_string()) {
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

#[test]
fn a_one_drawn_with_the_pointer_is_read_and_can_be_changed() {
    let Some(mut browser) = report(&["--average"]) else {
        return;
    };
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
    let Some(mut browser) = report(&["--average"]) else {
        return;
    };
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
    let Some(mut browser) = report(&["--average"]) else {
        return;
    };
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
    let page = report_of_mnist(&["--seed", "1"]);
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
fn a_drawing_is_read_where_ink_is_dark_too() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    for (split, stem, count) in [(Split::Train, "train", 3000), (Split::Test, "t10k", 100)] {
        let data = Dataset::read(DATA, split).unwrap();
        let inverted = data.images()[..count * 784].iter().map(|pixel| 255 - pixel);
        let inverted: Vec<u8> = inverted.collect();
        let labels = &data.labels()[..count];
        write_split(folder.path(), (stem, ""), [28, 28], &inverted, labels);
    }
    let page = folder.path().join("report.html");
    for options in [["--average"], ["--best"]] {
        make_report(&page, folder.path(), &options);
        open(&mut browser, &page, 1280, 900);
        let places = downwards(&mut browser, -0.3, 0.3);
        browser.drag(&places);
        assert_eq!(answer(&mut browser), "1", "{options:?}");
        // The page trains on what the program trained on.
        browser.evaluate("mnist.show({ stop: mnist.lesson.length })");
        let accuracy = browser.evaluate(
            "mnist.test.images.filter((image, i) =>
               mnist.predict(mnist.networkNow().scores(image)).answer === mnist.test.labels[i]).length",
        );
        assert!(
            accuracy.as_u64() > Some(75),
            "{options:?}: {accuracy} of 100"
        );
        browser.assert_quiet();
    }
}

#[test]
fn other_shapes_are_read_from_a_drawing_too() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    for (height, width) in [(8, 8), (6, 10)] {
        let data = bars(2, height, width);
        let page = data.path().join("report.html");
        make_report(&page, data.path(), &["--epochs", "5"]);
        open(&mut browser, &page, 1280, 900);
        // The bar of class 1 is in the column right of the middle.
        let places = [-0.4, -0.2, 0.0, 0.2, 0.4].map(|down| browser.place("#field", [0.06, down]));
        browser.drag(&places);
        assert_eq!(answer(&mut browser), "1");
        browser.assert_quiet();
    }
}

#[test]
fn a_drawing_is_made_as_the_images_that_the_network_was_trained_on() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let train = Dataset::read(DATA, Split::Train).unwrap();
    // MNIST's box of 20 pixels in the corner of an image of 20, dark on light from 0 to 16.
    let boxed = |image: &[u8]| -> Vec<u8> {
        let rows = image.chunks(28).skip(4).take(20);
        let pixels = rows.flat_map(|row| row[4..24].to_vec());
        pixels
            .map(|pixel| 16 - (u32::from(pixel) * 16 / 255) as u8)
            .collect()
    };
    let folder = tempfile::tempdir().unwrap();
    let labels = &train.labels()[..2000];
    let images: Vec<u8> = train.images()[..2000 * 784]
        .chunks(784)
        .flat_map(boxed)
        .collect();
    for stem in ["train", "t10k"] {
        write_split(folder.path(), (stem, ""), [20, 20], &images, labels);
    }
    let page = folder.path().join("report.html");
    make_report(&page, folder.path(), &["--average"]);
    open(&mut browser, &page, 1280, 900);
    let places = downwards(&mut browser, -0.2, 0.1);
    browser.drag(&places);
    let image = browser.evaluate("[...mnist.subject.image]");
    let image: Vec<u8> = serde_json::from_value(image).unwrap();
    // Paper is 16 and ink is 0, and however small it is drawn, its ink is 20 pixels high, nearly.
    assert_eq!(
        (image.iter().max(), image.iter().min()),
        (Some(&16), Some(&0))
    );
    let inked = image
        .chunks(20)
        .filter(|row| row.iter().any(|&pixel| pixel < 12));
    assert!(inked.count() >= 18, "{image:?}");
    browser.assert_quiet();
}
