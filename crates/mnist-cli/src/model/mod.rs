//! Models: a network with what is known of it beside its weights, its file, and where it comes
//! from.

mod facts;
mod file;
pub mod import;
mod metadata;
mod source;

use std::path::Path;

use anyhow::{Result, bail, ensure};
use mnist_idx::{Dataset, Split};
use mnist_kernel::{Kernel, Perceptron, predict_all};

use crate::data::look::Look;
use crate::data::{ClassNames, Data, DataOptions, ReadingOptions, size_of};
use crate::files;
use crate::terminal::warn;
use crate::training::{Rule, Trained};
pub use file::is_safetensors;
pub use metadata::Metadata;
pub use source::ModelOptions;

/// A network and where it comes from.
pub struct Model {
    pub network: Perceptron,
    pub metadata: Metadata,
}

impl Model {
    /// The network that the rule asks for, trained on this data.
    pub fn trained(trained: &Trained, data: &Data, rule: &Rule) -> Result<Self> {
        let mut metadata = Metadata::new(size_of(&data.train), data.transposed);
        metadata.preparation = Some(data.preparation());
        metadata.class_names = data.names.clone();
        metadata.training = Some(rule.clone());
        let network = trained.network().clone();
        metadata.unsure_below = unsure_below(&network, data.training())?;
        Ok(Self { network, metadata })
    }

    /// Opens a split of a data set for this model, transposed and normalized as the images that it
    /// was trained on were, with the checks of [`fit`](Self::fit). Also returns the warnings of
    /// [`warn`](Self::warn).
    pub fn open(
        &self,
        name: &Path,
        options: &DataOptions,
        split: Split,
    ) -> Result<(Dataset, Vec<String>)> {
        let data = options.open(split, self.metadata.transposed)?;
        let look = Look::new(&data, 0..data.len());
        let warnings = self.warn(name, &options.reading, data.images_path(), &look);
        Ok((self.fit(name, data)?, warnings))
    }

    /// Prints and returns warnings of what makes the model's answers to images worthless.
    pub fn warn(
        &self,
        name: &Path,
        reading: &ReadingOptions,
        images: &Path,
        look: &Look,
    ) -> Vec<String> {
        let learned = Look::of_model(&name.display().to_string(), self.metadata.preparation);
        let warnings = reading.warnings(images, self.metadata.transposed, &learned, look);
        warnings.iter().for_each(|warning| warn(warning));
        warnings
    }

    /// Normalizes upright images as those that the model was trained on were. Checks that the network
    /// takes the images, has a class for each label, and calls the classes as the data set does, if
    /// both have names. `name` is what the messages call the network.
    pub fn fit(&self, name: &Path, data: Dataset) -> Result<Dataset> {
        let (name, found, expected) = (name.display(), size_of(&data), self.metadata.size());
        ensure!(
            found == expected,
            "{}: the images are {found} pixels, but {name} was trained on {expected}",
            data.images_path().display(),
        );
        let classes = self.network.shape().classes();
        ensure!(
            data.classes() <= classes,
            "{}: the largest label is {}, but {name} has {classes} classes (0 to {})",
            data.labels_path().display(),
            data.classes() - 1,
            classes - 1
        );
        let found = ClassNames::of_set(data.images_path(), data.classes())?;
        match (&found, &self.metadata.class_names) {
            (Some(found), Some(expected)) => {
                let different = |&class: &usize| found.get(class) != expected.get(class);
                if let Some(class) = (0..classes).find(different) {
                    bail!(
                        "{}: class {class} is called {:?}, but in {name} {:?}: the same numbers \
                         must be the same classes",
                        data.images_path().display(),
                        found.get(class).unwrap_or_default(),
                        expected.get(class).unwrap_or_default(),
                    );
                }
            }
            (Some(names), None) | (None, Some(names)) if !names.are_numbers() => {
                let path = data.images_path().display();
                warn(&match found {
                    Some(_) => format!(
                        "{path} names its classes, but the model does not: they may be others"
                    ),
                    None => format!(
                        "the model names its classes, but {path} does not: they may be others"
                    ),
                });
            }
            _ => {}
        }
        match self.metadata.preparation {
            Some(preparation) => preparation.apply(data),
            None => Ok(data),
        }
    }
}

/// The lead, in units of 1/255², that three quarters of a network's mistakes in these images do not
/// reach; none if it makes no mistakes. On MNIST's test set, answers that lead by less are 74 % of
/// the wrong ones and 4 % of the right ones of the network of `--best`.
fn unsure_below(network: &Perceptron, (images, labels): (&[u8], &[u8])) -> Result<Option<i64>> {
    let predictions = predict_all(network, images, Kernel::best())?;
    let answers = predictions.iter().zip(labels);
    let mistakes = answers.filter(|&(prediction, &label)| prediction.class != label);
    let mut leads: Vec<i64> = mistakes.map(|(prediction, _)| prediction.lead).collect();
    leads.sort_unstable();
    Ok(leads.get(leads.len() * 3 / 4).copied())
}

/// The fingerprint of a network: SHA-256, in 64 hex digits, of its canonical bytes. Two networks
/// are the same if, and only if, their fingerprints are.
pub fn fingerprint(network: &Perceptron) -> String {
    files::sha256(&network.canonical_bytes())
}
