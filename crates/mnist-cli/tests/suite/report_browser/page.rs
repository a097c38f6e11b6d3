//! The page as a whole.

use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;

use super::{bars, choose_image, make_report, open, report, report_of_mnist};
use crate::browser::Browser;

#[test]
fn nothing_overflows_whatever_the_shape_and_the_window() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let shapes = [(2, 8, 8), (26, 28, 28), (47, 28, 28), (5, 10, 16)];
    let others = shapes.map(|(classes, height, width)| {
        let data = bars(classes, height, width);
        let name = |class| format!("{class} Donaudampfschifffahrtsgesellschaft or so\n");
        let names: String = (0..classes).map(name).collect();
        std::fs::write(data.path().join("labels.txt"), names).unwrap();
        let page = data.path().join("report.html");
        make_report(&page, data.path(), &["--epochs", "2"]);
        (page, classes, Some(data))
    });
    let mnist = (report_of_mnist(&[]), 10, None);
    for (page, classes, _data) in others.into_iter().chain([mnist]) {
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
fn without_script_all_that_is_still_is_there() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let page = report_of_mnist(&["--seed", "1"]);
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
    let page = report_of_mnist(&["--seed", "1"]);
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

/// Not a test of anything: makes the README's picture of the page, `docs/draw.png`.
#[test]
#[ignore = "it makes a picture: run it by its name"]
fn picture_of_a_drawing() {
    let Some(mut browser) = report(&[]) else {
        return;
    };
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
        .map(|offset| browser.place("#field", offset))
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

/// Not a test of anything: makes the README's picture of learning, `docs/learning.svg`.
#[test]
#[ignore = "it makes a picture: run it by its name"]
fn picture_of_learning() {
    let Some(mut browser) = report(&["--normalize", "--average"]) else {
        return;
    };
    let picture = browser.evaluate(include_str!("learning.js"));
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/learning.svg");
    std::fs::write(docs, picture.as_str().unwrap()).unwrap();
}
