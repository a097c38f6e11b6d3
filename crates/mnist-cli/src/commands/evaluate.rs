//! `evaluate`: a saved network's answers to a data set.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use mnist_idx::Split;
use serde::Serialize;

use crate::compute::{ComputeOptions, timed};
use crate::data::{DataOptions, split_name, split_parser};
use crate::evaluation::answer::Answer;
use crate::evaluation::{Evaluation, Milliseconds, accuracy};
use crate::files;
use crate::model::Model;
use crate::terminal::{count, examples, line, phase, print, print_json};

/// Evaluate a saved network
#[derive(Debug, Args)]
#[command(after_help = examples(&[
    ("evaluate digits.safetensors", "the test set"),
    ("evaluate digits.safetensors --split train", "the training set"),
    ("evaluate digits.safetensors --mistakes wrong.csv", "list mistakes"),
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
    /// Write the misclassified images as a CSV file, with the lead of the answer in full pixels
    #[arg(long, value_name = "FILE")]
    mistakes: Option<PathBuf>,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    sample: bool,
    #[serde(flatten)]
    evaluation: Evaluation<'a>,
    warnings: Vec<String>,
    milliseconds: Milliseconds,
}

impl Options {
    /// Loads the model, evaluates it, prints.
    pub fn run(&self) -> Result<()> {
        self.compute.start()?;
        let (loaded, load_time) = timed(|| {
            let model = Model::load(&self.model)?;
            let opened = model.open(&self.model, &self.data, self.split)?;
            Ok::<_, anyhow::Error>((model, opened))
        });
        let (model, (data, warnings)) = loaded?;
        let inputs = [&self.model, data.images_path(), data.labels_path()];
        files::check(self.mistakes.as_deref(), inputs)?;
        let names = model.metadata.class_names.as_ref();
        let (evaluation, evaluate_time) = timed(|| {
            let images = (data.images(), data.labels());
            let on = split_name(self.split);
            let normalized = model.metadata.normalized();
            let kernel = self.compute.kernel;
            Evaluation::new(&model.network, images, on, normalized, names, kernel)
        });
        let evaluation = evaluation?;
        if let Some(path) = &self.mistakes {
            let answers = Answer::all(&model, data.images())?;
            files::write(path, mistakes(&answers, data.labels()).as_bytes())?;
        }
        if self.json {
            return print_json(&Report {
                sample: self.data.is_sample(),
                evaluation,
                warnings,
                milliseconds: Milliseconds::new(load_time, None, evaluate_time),
            });
        }
        let mut text = line("model", self.model.display());
        let images = format!("{} {} images", count(data.len()), self.split);
        let (folder, size) = (self.data.folder().display(), model.metadata.size());
        text += &line("data", format!("{folder}: {images}, {size} pixels"));
        text += &line("kernel", self.compute.description());
        text += &phase("load", "", load_time, 0);
        text += &phase("evaluate", &images, evaluate_time, data.len());
        let accuracy = accuracy(&evaluation.matrix, self.data.remark());
        text += &format!("\n{accuracy}\n");
        print(&(text + &evaluation.text()))
    }
}

/// A row of CSV for each image that is not answered by its label.
fn mistakes(answers: &[Answer], labels: &[u8]) -> String {
    let mut text = "image,true,predicted,lead\n".to_owned();
    for (image, (Answer { class, lead, .. }, label)) in answers.iter().zip(labels).enumerate() {
        if class != label {
            text += &format!("{image},{label},{class},{lead}\n");
        }
    }
    text
}
