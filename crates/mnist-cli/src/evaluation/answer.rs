//! A network's answers to images, as text and as JSON.

use anyhow::Result;
use mnist_kernel::{Kernel, Prediction};
use rayon::prelude::*;
use serde::{Serialize, Serializer};

use super::full_pixels;
use crate::data::{ClassNames, class};
use crate::model::Model;
use crate::terminal::bars;

/// A network's answer to one image. It serializes as what `--json` says of it.
#[derive(Serialize)]
pub struct Answer<'a> {
    pub class: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    /// The output of each class, in full pixels.
    #[serde(serialize_with = "full_pixels_of_all")]
    outputs: Vec<i64>,
    /// By how much the answer leads before relu, in full pixels.
    pub lead: f64,
    /// Whether it leads by so little that it may well be wrong.
    unsure: bool,
    #[serde(skip)]
    rival: u8,
    #[serde(skip)]
    names: Option<&'a ClassNames>,
}

impl<'a> Answer<'a> {
    /// The answer of a model to an image of its size.
    pub fn new(model: &'a Model, image: &[u8]) -> Result<Self> {
        let kernel = Kernel::best();
        let Prediction { class, rival, lead } = model.network.predict(image, kernel)?;
        let names = model.metadata.class_names.as_ref();
        Ok(Self {
            class,
            name: names.and_then(|names| names.get(class.into())),
            outputs: model.network.outputs(image, kernel)?,
            lead: full_pixels(lead),
            unsure: model.metadata.is_unsure(lead),
            rival,
            names,
        })
    }

    /// The answers of a model to images of its size, on all threads, in their order.
    pub fn all(model: &'a Model, images: &[u8]) -> Result<Vec<Self>> {
        let images = images.par_chunks_exact(model.network.shape().pixels());
        images.map(|image| Self::new(model, image)).collect()
    }

    /// The class and by how much it leads.
    pub fn text(&self) -> String {
        let [name, rival] = [self.class, self.rival].map(|number| class(number.into(), self.names));
        let mut text = match self.outputs[usize::from(self.class)] {
            0 => format!("{name}, as always when no output is above 0"),
            _ => format!("{name}, by {:.1} over {rival}", self.lead),
        };
        if self.unsure {
            text += ", unsure";
        }
        text
    }

    /// The output of each class as a bar.
    pub fn bars(&self) -> String {
        let bar = |(number, &output): (usize, &i64)| {
            let pixels = format!("{:.1}", full_pixels(output));
            (class(number, self.names), pixels, output.unsigned_abs())
        };
        bars::bars(self.outputs.iter().enumerate().map(bar))
    }
}

/// Answers as one string: the digits beside each other, or names and larger numbers apart.
pub fn string(answers: &[Answer]) -> String {
    let words = answers.iter().map(|answer| match answer.name {
        Some(name) => name.to_owned(),
        None => answer.class.to_string(),
    });
    let words: Vec<String> = words.collect();
    let are_characters = words.iter().all(|word| word.chars().count() == 1);
    words.join(if are_characters { "" } else { " " })
}

fn full_pixels_of_all<S: Serializer>(outputs: &[i64], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(outputs.iter().copied().map(full_pixels))
}
