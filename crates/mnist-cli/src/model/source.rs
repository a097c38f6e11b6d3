//! The network of a command: a named model, or one trained now.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use mnist_kernel::Kernel;

use super::Model;
use crate::data::{Data, DataOptions};
use crate::terminal::{note, usage};
use crate::training;
use crate::training::{GivenRule, Rule};

/// A named model, or the data to train one on.
#[derive(Debug, Args)]
pub struct ModelOptions {
    /// A model file that `train --save` or `import` has written; without it, a network is trained
    /// first
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,
    #[command(flatten)]
    pub data: DataOptions,
    #[command(flatten)]
    rule: GivenRule,
}

impl ModelOptions {
    /// The named model, or one trained now and the data that it was trained on: by the options of
    /// the rule, or without any by `--best`. The test set is opened unless there is a `holdout`.
    pub fn load_or_train(
        &self,
        kernel: Kernel,
        holdout: Option<u64>,
    ) -> Result<(Model, Option<Data>)> {
        let given = &self.rule.0;
        if let Some(path) = &self.model {
            if given.is_some() {
                usage!("--model names a trained network, and other options say how to train one");
            }
            return Ok((Model::load(path)?, None));
        }
        let rule = given.clone().unwrap_or_else(Rule::best);
        let data = Data::open(&self.data, holdout, rule.updates.normalize)?;
        note(&format!(
            "no --model: training one on {}{}",
            data.train.images_path().display(),
            if given.is_none() { " by --best" } else { "" }
        ));
        data.warn();
        let trained = training::train(&data, &rule, kernel)?;
        Ok((Model::trained(&trained, &data, &rule)?, Some(data)))
    }
}
