//! The network of a command: a named model, or one trained now.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use mnist_kernel::Kernel;

use super::Model;
use crate::data::{Data, DataOptions};
use crate::terminal::{note, warn};
use crate::training;
use crate::training::Rule;

/// A named model, or the data to train one on.
#[derive(Debug, Args)]
pub struct ModelOptions {
    /// A model file that `train --save` or `import` has written; without it, a network is trained
    /// first
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,
    #[command(flatten)]
    pub data: DataOptions,
}

impl ModelOptions {
    /// The named model, or one trained now by the README's recipe and the data that it was
    /// trained on.
    pub fn load_or_train(&self, kernel: Kernel) -> Result<(Model, Option<Data>)> {
        if let Some(path) = &self.model {
            return Ok((Model::load(path)?, None));
        }
        let rule = Rule::best();
        let data = Data::open(&self.data, None, rule.updates.normalize)?;
        note(&format!(
            "no --model: training one on {} by --best",
            data.train.images_path().display()
        ));
        if let Some(warning) = data.warning() {
            warn(&warning);
        }
        let trained = training::train(&data, &rule, kernel)?;
        Ok((Model::trained(&trained, &data, &rule), Some(data)))
    }
}
