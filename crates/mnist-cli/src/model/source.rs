//! The network of a command: a named model, or one trained now.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use mnist_kernel::Kernel;

use super::Model;
use crate::data::{Data, DataOptions};
use crate::terminal::{note, usage};
use crate::training::{GivenRule, Rule, train};

/// A named model, or how to train one.
#[derive(Debug, Args)]
pub struct ModelOptions {
    /// A model file that `train --save` or `import` has written; without it, a network is trained
    /// first: by --best, or by the article's rule with the options given
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,
    #[command(flatten)]
    rule: GivenRule,
}

impl ModelOptions {
    /// The named model, or one trained now: by the options of the rule, or without any by `--best`.
    /// The data set need not have a test set.
    pub fn load_or_train(&self, data: &DataOptions) -> Result<Model> {
        // With images held out, even none, the test set is not opened.
        Ok(self.with_data(data, Some(0), Kernel::best())?.0)
    }

    /// The same, and the data that the network was trained on, if it was trained now: both splits
    /// unless the last `holdout` training images are to take the place of the test set.
    pub fn with_data(
        &self,
        data: &DataOptions,
        holdout: Option<u64>,
        kernel: Kernel,
    ) -> Result<(Model, Option<Data>)> {
        let given = &self.rule.0;
        if let Some(path) = &self.model {
            if given.is_some() {
                usage!("--model names a trained network, and other options say how to train one");
            }
            return Ok((Model::load(path)?, None));
        }
        let rule = given.clone().unwrap_or_else(Rule::best);
        let data = Data::open(data, holdout, rule.updates.normalize)?;
        let (path, how) = (
            data.train.images_path().display(),
            if given.is_none() { " by --best" } else { "" },
        );
        note(&format!("no --model: training one on {path}{how}"));
        data.warn();
        let trained = train(&data, &rule, kernel)?;
        Ok((Model::trained(&trained, &data, &rule)?, Some(data)))
    }

    /// What messages call the network.
    pub fn name(&self) -> &Path {
        self.model.as_deref().unwrap_or(Path::new("the network"))
    }
}
