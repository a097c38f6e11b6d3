//! A network's answers to the images of a data set, one by one.

use anyhow::Result;
use mnist_idx::Dataset;
use mnist_kernel::{Kernel, Perceptron, Prediction, predict_all};
use serde::Serialize;

use super::full_pixels;
use crate::data::{ClassNames, class};
use crate::terminal::usage;

/// The header of a CSV file of answers.
pub const HEADER: &str = "image,class,lead";

/// The answers to the images of a data set, in their order.
pub struct Answers<'a> {
    predictions: Vec<Prediction>,
    names: Option<&'a ClassNames>,
}

/// What `--json` prints of an image.
#[derive(Serialize)]
struct Report<'a> {
    /// Counted from 0.
    image: usize,
    class: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    /// In full pixels.
    lead: f64,
}

impl<'a> Answers<'a> {
    /// Answers all images, in the present thread pool.
    pub fn new(
        network: &Perceptron,
        data: &Dataset,
        names: Option<&'a ClassNames>,
        kernel: Kernel,
    ) -> Result<Self> {
        let predictions = predict_all(network, data.images(), kernel)?;
        Ok(Self { predictions, names })
    }

    /// A line for each image, counted from 0.
    pub fn text(&self) -> String {
        let line = |(image, answer): (usize, &Prediction)| {
            let [name, rival] = [answer.class, answer.rival].map(|it| class(it.into(), self.names));
            format!(
                "{image:<7} {name}, by {:.1} over {rival}\n",
                full_pixels(answer.lead)
            )
        };
        self.predictions.iter().enumerate().map(line).collect()
    }

    /// A JSON object on a line for each image.
    pub fn json(&self) -> Result<String> {
        let mut text = String::new();
        for (image, answer) in self.predictions.iter().enumerate() {
            text += &serde_json::to_string(&Report {
                image,
                class: answer.class,
                name: self.names.and_then(|names| names.get(answer.class.into())),
                lead: full_pixels(answer.lead),
            })?;
            text.push('\n');
        }
        Ok(text)
    }

    /// A row of CSV for each image: its number, from 0 or under another header than the usual one
    /// from 1, its class, and its lead in full pixels if the header has a third column.
    pub fn csv(&self, header: &str) -> Result<String> {
        let columns = header.split(',').count();
        if !(2..=3).contains(&columns) {
            usage!("--csv={header}: expected names for two or three columns, as in {HEADER}");
        }
        let mut text = format!("{header}\n");
        let first = usize::from(header != HEADER);
        for (image, Prediction { class, lead, .. }) in (first..).zip(&self.predictions) {
            text += &match columns {
                2 => format!("{image},{class}\n"),
                _ => format!("{image},{class},{}\n", full_pixels(*lead)),
            };
        }
        Ok(text)
    }

    /// A row of CSV for each image that is not answered by its label.
    pub fn mistakes(&self, labels: &[u8]) -> String {
        let mut text = "image,true,predicted,lead\n".to_owned();
        for (image, (answer, label)) in self.predictions.iter().zip(labels).enumerate() {
            let Prediction { class, lead, .. } = *answer;
            if class != *label {
                text += &format!("{image},{label},{class},{}\n", full_pixels(lead));
            }
        }
        text
    }
}
