//! `evaluate`: a saved network's answers to a data set.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use mnist_idx::Split;
use serde::Serialize;

use crate::compute::{ComputeOptions, timed};
use crate::data::{DataOptions, split_name, split_parser};
use crate::evaluation::{Evaluation, Milliseconds, milliseconds};
use crate::model::Model;
use crate::terminal::{count, examples, line, phase, print, print_json};

/// Evaluate a saved network
#[derive(Debug, Args)]
#[command(after_help = examples(&[
    ("evaluate digits.safetensors", "on the test set"),
    ("evaluate digits.safetensors --split train", "on the training set"),
]))]
pub struct Options {
    /// A model file that `train --save` or `import` has written
    model: PathBuf,
    #[command(flatten)]
    data: DataOptions,
    /// The split of the data set
    #[arg(long, value_parser = split_parser(), default_value = "test")]
    split: Split,
    #[command(flatten)]
    compute: ComputeOptions,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    evaluation: Evaluation<'a>,
    milliseconds: Milliseconds,
}

impl Options {
    /// Loads the model, evaluates it, prints.
    pub fn run(&self) -> Result<()> {
        self.compute.start()?;
        let (loaded, load_time) = timed(|| {
            let model = Model::load(&self.model)?;
            let data = model.open(&self.model, &self.data, self.split)?;
            Ok::<_, anyhow::Error>((model, data))
        });
        let (model, data) = loaded?;
        let names = model.metadata.class_names.as_ref();
        let (evaluation, evaluate_time) = timed(|| {
            let images = (data.images(), data.labels());
            let on = split_name(self.split);
            let normalized = model.metadata.normalized();
            let kernel = self.compute.kernel;
            Evaluation::new(&model.network, images, on, normalized, names, kernel)
        });
        let evaluation = evaluation?;
        if self.json {
            return print_json(&Report {
                evaluation,
                milliseconds: Milliseconds {
                    load: milliseconds(load_time),
                    train: None,
                    evaluate: milliseconds(evaluate_time),
                },
            });
        }
        let mut text = line("model", self.model.display());
        let images = format!("{} {} images", count(data.len()), self.split);
        let (folder, size) = (self.data.data.display(), model.metadata.size());
        text += &line("data", format!("{folder}: {images}, {size} pixels"));
        text += &line("kernel", self.compute.description());
        text += &phase("load", "", load_time, 0);
        text += &phase("evaluate", &images, evaluate_time, data.len());
        text += &format!("\n{}\n", evaluation.accuracy());
        print(&(text + &evaluation.text()))
    }
}
