//! The confusion matrix, the images behind its cells, and why they are read so.

use mnist_kernel::Prediction;
use serde_json::{Value, json};

use super::{
    answer, bars, choose_image, downwards, make_report, open, report, scalar, test_images, trained,
};
use crate::browser::Browser;

#[test]
fn the_scores_of_embedded_digits_are_those_of_the_network() {
    let Some(mut browser) = report(&["--seed", "1"]) else {
        return;
    };
    let [network, _] = trained(60_000, 0);
    let test = test_images();
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

#[test]
fn the_page_predicts_as_the_program() {
    let Some(mut browser) = report(&["--seed", "1"]) else {
        return;
    };
    // Of few different scores, so that there are equal ones and none above zero.
    let scores = (0..500_i64).map(|i| (1..=4).map(|k| i * i * k / 7 % 5 - 3).collect());
    let scores: Vec<Vec<i64>> = scores.collect();
    let predictions = browser.evaluate(&format!(
        "{}.map((scores) => mnist.predict(scores))",
        json!(scores)
    ));
    for (scores, predicted) in scores.iter().zip(predictions.as_array().unwrap()) {
        let Prediction { class, rival, lead } = Prediction::of(scores);
        let expected = json!({ "answer": class, "rival": rival, "lead": lead });
        assert_eq!(*predicted, expected, "{scores:?}");
    }
    browser.assert_quiet();
}

#[test]
fn a_cell_of_the_confusion_matrix_shows_its_images() {
    let Some(mut browser) = report(&["--seed", "1"]) else {
        return;
    };
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
        assert!((6..=24).contains(&images.len()), "{} images", images.len());
        assert_eq!(images, vec![json!([label, predicted]); images.len()]);
        let text = browser.evaluate("document.querySelector('#gallery-text').textContent");
        let counts = format!("{} of {},", images.len(), count.as_str().unwrap());
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
    let Some(mut browser) = report(&["--seed", "1"]) else {
        return;
    };
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
    browser.click("#clear");
    let empty = browser.evaluate("document.querySelector('#hint').checkVisibility()");
    assert_eq!(empty, true);
    browser.assert_quiet();
}

#[test]
fn without_a_mistake_there_is_no_gallery_of_mistakes() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let data = bars(2, 8, 8);
    let page = data.path().join("report.html");
    make_report(&page, data.path(), &["--epochs", "5"]);
    open(&mut browser, &page, 1280, 900);
    let title = browser.evaluate("document.querySelector('#gallery-title').textContent");
    assert_eq!(title, "Nearest to a mistake");
    let images =
        browser.evaluate("document.querySelectorAll('#gallery figure:not([hidden])').length");
    assert_eq!(images, 6);
    browser.assert_quiet();
}
