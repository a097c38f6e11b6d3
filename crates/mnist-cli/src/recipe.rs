//! A network for the commands that need one when none is named.

use anyhow::Result;
use mnist_idx::Dataset;
use mnist_kernel::{Kernel, Shape};

use crate::arguments::RuleOptions;
use crate::model::{Metadata, Model, TrainingMetadata};
use crate::training;

/// Trains a network of at least `classes` classes by the README's recipe, and says so on stderr.
/// `transposed` is whether the images were turned.
pub fn train(data: &Dataset, classes: usize, transposed: bool, kernel: Kernel) -> Result<Model> {
    let rule = RuleOptions::recipe();
    eprintln!(
        "no --model: training one on {} ({} epochs, margin {}, the average; seed {})",
        data.images_path().display(),
        rule.passes.epochs,
        rule.passes.margin,
        rule.seed
    );
    let shape = Shape::new(classes.max(data.classes()).max(2), data.pixels())?;
    let trained = training::train(shape, data.images(), data.labels(), &rule, kernel)?;
    let mut metadata = Metadata::new(data.height(), data.width(), transposed);
    metadata.training = Some(TrainingMetadata::new(&rule));
    Ok(Model {
        network: trained.average.unwrap_or(trained.last),
        metadata,
    })
}
