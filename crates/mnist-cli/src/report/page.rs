//! The page: all that the template sees.

use std::borrow::Borrow;

use askama::Template;
use indicatif::HumanCount;
use mnist_kernel::{ConfusionMatrix, Size};
use serde::Serialize;

use super::confusion::heat;
use super::curve::{Curve, PERCENT_TICKS, image_ticks, x};
use super::gallery::{Gallery, is_at_first};
use super::lesson::{Lesson, Parameters};
use super::weights::{self, WeightSheet};
use crate::data::{Preparation, SizeFields};
use crate::evaluation::full_pixels;
use crate::model::Model;

/// The page of a network, which renders as one file of HTML that asks for no other.
#[derive(Template)]
#[template(path = "report.html")]
pub struct Page {
    /// Name and value.
    pub facts: Vec<(&'static str, String)>,
    /// Whether all figures are of the embedded sample.
    pub sample: bool,
    /// The answers to the test images.
    pub matrix: ConfusionMatrix,
    pub gallery: Gallery,
    pub learned: WeightSheet,
    /// Where training came from; `None` for a network that was trained elsewhere.
    pub training: Option<Training>,
    pub embedded: Embedded,
    /// How long it took.
    pub times: String,
}

/// The random start, and what training made of it.
pub struct Training {
    pub seed: u64,
    /// `"20 epochs"`.
    pub epochs: String,
    /// The first epoch.
    pub curve: Curve,
    /// The average after the first epoch, if that is not the network itself.
    pub first: Option<WeightSheet>,
}

/// What the script needs to compute.
#[derive(Serialize)]
pub struct Embedded {
    #[serde(flatten, with = "SizeFields")]
    size: Size,
    /// What each class is called.
    names: Vec<String>,
    /// How drawings are prepared for the network.
    preparation: Preparation,
    finished: Parameters,
    /// What the script trains on.
    lesson: Option<Lesson>,
}

impl Embedded {
    /// What the script needs of a model.
    pub fn new(model: &Model, preparation: Preparation, lesson: Option<Lesson>) -> Self {
        let names = match &model.metadata.class_names {
            Some(names) => names.iter().map(String::from).collect(),
            None => (0..model.network.shape().classes())
                .map(|class| class.to_string())
                .collect(),
        };
        Self {
            size: model.metadata.size(),
            names,
            preparation,
            finished: Parameters::new(&model.network),
            lesson,
        }
    }
}

impl Page {
    /// Whether there are so many classes that they must be shown smaller.
    fn many(&self) -> bool {
        self.embedded.names.len() > 12
    }
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
        let names = vec![hostile.to_owned(), format!("{hostile} 2")];
        let mut metadata = Metadata::new(size, false);
        metadata.class_names = Some(names.clone().try_into().unwrap());
        let model = Model { network, metadata };
        let preparation = Preparation::light(Form::Resized { plain: true });
        let gallery = Gallery {
            pictures: Vec::new(),
            sheet: WeightSheet::new(&model.network, size).unwrap().sheet,
        };
        let page = Page {
            facts: model.facts(),
            sample: false,
            matrix,
            gallery,
            learned: WeightSheet::new(&model.network, size).unwrap(),
            training: None,
            embedded: Embedded::new(&model, preparation, None),
            times: String::new(),
        };
        let page = page.render().unwrap();
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
