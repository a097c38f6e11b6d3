//! A network for the commands that need one when none is named.

use anyhow::Result;
use mnist_kernel::Kernel;

use crate::arguments::{DataOptions, RuleOptions};
use crate::data::Data;
use crate::model::Model;
use crate::{commands, training};

/// Trains a network by the README's recipe, and says so on stderr.
pub fn train(options: &DataOptions, kernel: Kernel) -> Result<Model> {
    let rule = RuleOptions::recipe();
    let data = Data::open(options, None)?;
    eprintln!(
        "no --model: training one on {} ({} epochs, margin {}, the average; seed {})",
        data.train.images_path().display(),
        rule.passes.epochs,
        rule.passes.margin,
        rule.seed
    );
    if let Some(warning) = data.warning() {
        commands::warn(&warning);
    }
    let (images, labels) = data.training();
    let trained = training::train(data.shape()?, images, labels, &rule, kernel)?;
    Ok(Model::trained(
        &trained,
        &data.train,
        &options.reading,
        &rule,
    ))
}
