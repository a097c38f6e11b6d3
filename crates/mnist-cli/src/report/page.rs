//! The page: everything that was measured, put into the template.

use std::borrow::Borrow;
use std::time::Duration;

use anyhow::Result;
use askama::Template;
use indicatif::HumanCount;
use mnist_kernel::{ConfusionMatrix, Size};
use serde::Serialize;

use super::confusion;
use super::curve::{Curve, PERCENT_TICKS, image_ticks, x};
use super::gallery::{Gallery, is_at_first};
use super::lesson::{Lesson, Parameters};
use super::weights::{self, WeightSheet};
use crate::data::{Preparation, SizeFields};
use crate::model::Model;
use crate::terminal::plural;

/// What the page shows beside the network itself.
pub struct Measured {
    /// Whether all figures are of the embedded sample.
    pub sample: bool,
    /// How drawings are prepared for the network.
    pub preparation: Preparation,
    /// The answers to the test images.
    pub matrix: ConfusionMatrix,
    pub gallery: Gallery,
    /// Where training came from; `None` for a network that was trained elsewhere.
    pub start: Option<Start>,
}

/// The random start, and what training made of it.
pub struct Start {
    /// The first epoch.
    pub curve: Curve,
    /// What the page's script trains on.
    pub lesson: Option<Lesson>,
}

/// How long it took.
pub struct Times {
    /// To have the network.
    pub network: Duration,
    /// To measure what the page shows.
    pub measure: Duration,
    /// Whether the network was trained now.
    pub trained: bool,
}

/// What the template sees.
#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    style: &'static str,
    script: &'static str,
    positive: String,
    negative: String,
    /// Name and value.
    facts: Vec<(&'static str, String)>,
    /// Whether all figures are of the embedded sample.
    sample: bool,
    /// Whether there are so many classes that they must be shown smaller.
    many: bool,
    matrix: &'a ConfusionMatrix,
    heat: Vec<Vec<u64>>,
    gallery: &'a Gallery,
    learned: WeightSheet,
    /// The seed, the first epoch, and the weights of its average if training went on.
    training: Option<TrainingView<'a>>,
    embedded: Embedded<'a>,
}

struct TrainingView<'a> {
    seed: u64,
    /// `"20 epochs"`.
    epochs: String,
    curve: &'a Curve,
    /// The average after the first epoch, if that is not the network itself.
    first: Option<WeightSheet>,
}

/// What the script needs to compute.
#[derive(Serialize)]
struct Embedded<'a> {
    #[serde(flatten, with = "SizeFields")]
    size: Size,
    names: Vec<String>,
    preparation: Preparation,
    finished: Parameters,
    lesson: Option<&'a Lesson>,
}

/// The style: a file for each subject.
const STYLE: &str = concat!(
    include_str!("../../templates/page.css"),
    include_str!("../../templates/player.css"),
    include_str!("../../templates/board.css"),
    include_str!("../../templates/answers.css"),
    include_str!("../../templates/narrow.css"),
);

/// The script: files of one module, a subject each.
const SCRIPT: &str = concat!(
    include_str!("../../templates/embedded.js"),
    include_str!("../../templates/network.js"),
    include_str!("../../templates/lesson.js"),
    include_str!("../../templates/normalize.js"),
    include_str!("../../templates/ink.js"),
    include_str!("../../templates/pictures.js"),
    include_str!("../../templates/moment.js"),
    include_str!("../../templates/player.js"),
    include_str!("../../templates/mistake.js"),
    include_str!("../../templates/board.js"),
    include_str!("../../templates/drawing.js"),
    include_str!("../../templates/gallery.js"),
    include_str!("../../templates/story.js"),
    include_str!("../../templates/main.js"),
);

/// The page of a network, as one file of HTML that asks for no other.
pub fn render(model: &Model, measured: &Measured, times: &Times) -> Result<String> {
    let (size, names) = (model.metadata.size(), names(model));
    let training = match (&measured.start, &model.metadata.training) {
        (Some(Start { curve, .. }), Some(rule)) => Some(TrainingView {
            seed: rule.seed,
            epochs: plural(rule.updates.epochs as usize, "epoch"),
            curve,
            first: match curve.average == model.network {
                true => None,
                false => Some(WeightSheet::new(&curve.average, size)?),
            },
        }),
        _ => None,
    };
    let page = Page {
        style: STYLE,
        script: SCRIPT,
        positive: css_colour(weights::POSITIVE),
        negative: css_colour(weights::NEGATIVE),
        facts: facts(model, measured, times),
        sample: measured.sample,
        matrix: &measured.matrix,
        heat: confusion::heat(&measured.matrix),
        gallery: &measured.gallery,
        learned: WeightSheet::new(&model.network, size)?,
        training,
        many: names.len() > 12,
        embedded: Embedded {
            size,
            names,
            preparation: measured.preparation,
            finished: Parameters::new(&model.network),
            lesson: measured
                .start
                .as_ref()
                .and_then(|start| start.lesson.as_ref()),
        },
    };
    Ok(page.render()?)
}

/// What each class is called.
fn names(model: &Model) -> Vec<String> {
    match &model.metadata.class_names {
        Some(names) => names.iter().map(String::from).collect(),
        None => (0..model.network.shape().classes())
            .map(|class| class.to_string())
            .collect(),
    }
}

fn css_colour([red, green, blue]: [u8; 3]) -> String {
    format!("rgb({red} {green} {blue})")
}

/// A share (0…1) in per cent, with so many decimals, without the sign.
fn percent(share: impl Borrow<f64>, decimals: usize) -> String {
    format!("{:.decimals$}", 100.0 * share.borrow())
}

/// A share that need not exist.
fn percent_or_dash(share: Option<f64>) -> String {
    share.map_or("–".to_owned(), |share| percent(share, 1))
}

/// A count with a comma after each three digits.
fn thousands(count: impl Borrow<u64>) -> HumanCount {
    HumanCount(*count.borrow())
}

/// What there is to know in a few words.
fn facts(model: &Model, measured: &Measured, times: &Times) -> Vec<(&'static str, String)> {
    let mut facts = model.facts();
    if let Some(Start { curve, .. }) = &measured.start {
        let (mistakes, images) = (thousands(curve.mistakes), thousands(curve.images));
        let mistakes = format!("{mistakes} on {images} images in the first epoch");
        facts.push(("Mistakes", mistakes));
    }
    let milliseconds = |time: Duration| format!("{:.0} ms", time.as_secs_f64() * 1e3);
    facts.push((
        "Times",
        format!(
            "{} in {}, measured for this page in {}",
            if times.trained { "trained" } else { "loaded" },
            milliseconds(times.network),
            milliseconds(times.measure),
        ),
    ));
    facts
}

#[cfg(test)]
mod tests {
    use mnist_kernel::{Kernel, Perceptron, Shape, evaluate};

    use super::*;
    use crate::data::Form;
    use crate::model::Metadata;

    #[test]
    fn a_name_can_end_neither_the_script_nor_an_attribute() {
        let hostile = "</script><img src=x onerror=alert(1)>\" '&";
        let network = Perceptron::random(Shape::new(2, 1).unwrap(), 1);
        let matrix = evaluate(&network, &[1, 2], &[0, 1], Kernel::best()).unwrap();
        let size = Size {
            height: 1,
            width: 1,
        };
        let sheet = WeightSheet::new(&network, size).unwrap().sheet;
        let names = vec![hostile.to_owned(), format!("{hostile} 2")];
        let mut metadata = Metadata::new(size, false);
        metadata.class_names = Some(names.clone().try_into().unwrap());
        let model = Model { network, metadata };
        let measured = Measured {
            sample: false,
            preparation: Preparation::light(Form::Resized { plain: true }),
            matrix,
            gallery: Gallery {
                pictures: Vec::new(),
                sheet,
            },
            start: None,
        };
        let times = Times {
            network: Duration::ZERO,
            measure: Duration::ZERO,
            trained: false,
        };
        let page = render(&model, &measured, &times).unwrap();
        assert!(page.matches("onerror").count() > 2);
        assert!(!page.contains("<img"));
        // One ends the data, one the script.
        assert_eq!(page.matches("</script>").count(), 2);

        let embedded = page.split("id=\"embedded\">").nth(1).unwrap();
        let (json, _) = embedded.split_once("</script>").unwrap();
        let json: serde_json::Value = serde_json::from_str(json).unwrap();
        assert_eq!(json["names"], serde_json::json!(names));
    }
}
