//! Training in the page, and one mistake of it.

use mnist_idx::{Dataset, Split};
use mnist_kernel::{Ink, Size, normalize};
use serde_json::json;

use super::{make_report, network, open, report, scalar, trained, trained_on};
use crate::browser::Browser;
use crate::fixtures::data_set;
use crate::program::DATA;

/// At how many images the player is.
pub fn stop(browser: &mut Browser) -> usize {
    let stop = browser.evaluate("mnist.moment.stop");
    stop.as_u64().unwrap() as usize
}

#[test]
fn after_as_many_images_the_page_has_the_program_s_network() {
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
        (&["--normalize", "--margin", "200"], 200, &normalized),
    ] {
        let Some(mut browser) = report(options) else {
            return;
        };
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
fn weights_saturate_in_the_page_as_in_the_program() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    // White images of class 0 never lead by the margin, until the weights are at their limits.
    let labels = [0; 300];
    let images = [255; 300];
    let data = data_set([1, 1], &images, &labels);
    let page = data.path().join("report.html");
    make_report(&page, data.path(), &["--margin", "1000"]);
    open(&mut browser, &page, 1280, 900);
    browser.evaluate("mnist.show({ stop: 300 })");
    let [last, average] = trained_on(&images, &labels, 1000);
    assert!(last.saturated() > 0);
    assert!(network(&mut browser, "mnist.lesson.network") == last);
    assert!(network(&mut browser, "mnist.lesson.average()") == average);
    browser.assert_quiet();
}

#[test]
fn play_pause_step_slider_and_next_mistake_train() {
    let Some(mut browser) = report(&["--seed", "1"]) else {
        return;
    };
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
    let Some(mut browser) = report(&["--average"]) else {
        return;
    };
    browser.evaluate("document.querySelector('#speed').value = 'full'");
    // The page has trained once to draw its curve: forgotten, or it would only repeat it.
    browser.evaluate("mnist.lesson.rivals.fill(-2)");
    let seconds = browser.evaluate(
        "new Promise((there) => {
           const start = performance.now();
           const look = () => mnist.moment.stop === mnist.lesson.length
             ? there((performance.now() - start) / 1000) : requestAnimationFrame(look);
           document.querySelector('#play').click();
           look();
         })",
    );
    let button = browser.evaluate("document.querySelector('#play').textContent");
    assert_eq!(button, "Play", "it has ended by itself");
    println!("{:.0} images a second", 3000.0 / seconds.as_f64().unwrap());
    assert!(network(&mut browser, "mnist.networkNow()") == trained(3000, 0)[1]);
    assert!(network(&mut browser, "mnist.lesson.network") == trained(3000, 0)[0]);
    browser.assert_quiet();
}

#[test]
fn a_mistake_is_shown_step_by_step() {
    let Some(mut browser) = report(&["--seed", "1"]) else {
        return;
    };
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
    // The player is where it was, whatever mistake is shown.
    browser.click("#another");
    assert_eq!(stop(&mut browser), images);
    assert!(network(&mut browser, "mnist.networkNow()") == trained(images, 0)[0]);
    browser.assert_quiet();
}
