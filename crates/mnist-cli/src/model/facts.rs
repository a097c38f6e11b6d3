//! What there is to know of a model in a few words.

use indicatif::HumanCount;

use super::{Model, fingerprint};
use crate::data::class;
use crate::terminal::plural;

impl Model {
    /// What there is to know of it: names and values.
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        let (shape, metadata) = (self.network.shape(), &self.metadata);
        let (size, classes) = (metadata.size(), shape.classes());
        let weights = HumanCount((classes * shape.pixels()) as u64);
        let network = format!(
            "{size} pixels in, {classes} classes out: {weights} weights and {classes} biases"
        );
        let mut facts = vec![("Network", network)];
        let names = metadata.class_names.as_ref();
        if names.is_some() {
            let names: Vec<_> = (0..classes).map(|number| class(number, names)).collect();
            facts.push(("Classes", names.join(", ")));
        }
        let rule = match &metadata.training {
            None => "trained elsewhere".to_owned(),
            Some(rule) => {
                let name = match rule.average {
                    true => "perceptron, the average over all images",
                    false => "perceptron, after the last image",
                };
                match rule.updates.margin {
                    0 => name.to_owned(),
                    margin => format!("{name}, margin {}", plural(margin.into(), "pixel")),
                }
            }
        };
        facts.push(("Rule", rule));
        if let Some(preparation) = metadata.preparation {
            facts.push(("Pictures", preparation.to_string()));
        }
        if metadata.transposed {
            facts.push(("Images", "transposed".to_owned()));
        }
        if let Some(rule) = &metadata.training {
            facts.push(("Seed", rule.seed.to_string()));
            facts.push(("Epochs", rule.updates.epochs.to_string()));
        }
        facts.push(("Fingerprint", fingerprint(&self.network)));
        facts
    }
}
