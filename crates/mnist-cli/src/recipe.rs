//! A network for the commands that need one when none is named.

use anyhow::Result;
use mnist_kernel::Kernel;

use crate::arguments::{ReadingOptions, RuleOptions};
use crate::data::Data;
use crate::model::Model;
use crate::stdio::{note, warn};
use crate::training;

/// Trains a network on this data, which was read by the options, by the README's recipe, and says
/// so on stderr.
pub fn train(data: &Data, reading: &ReadingOptions, kernel: Kernel) -> Result<Model> {
    let rule = RuleOptions::recipe();
    note(&format!(
        "no --model: training one on {} ({} epochs, margin {}, the average; seed {})",
        data.train.images_path().display(),
        rule.passes.epochs,
        rule.passes.margin,
        rule.seed
    ));
    if let Some(warning) = data.warning() {
        warn(&warning);
    }
    let (images, labels) = data.training();
    let trained = training::train(data.shape()?, images, labels, &rule, kernel)?;
    Ok(Model::trained(&trained, data, reading, &rule))
}
