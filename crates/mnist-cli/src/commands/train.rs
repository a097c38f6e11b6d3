//! `train`, and what happens without a subcommand.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use mnist_kernel::PassCounts;
use serde::Serialize;

use crate::compute::{ComputeOptions, timed};
use crate::data::{Data, DataOptions, HoldoutOptions, Preparation, size_of};
use crate::evaluation::{Evaluation, Milliseconds, Summary, accuracy};
use crate::files;
use crate::model::Model;
use crate::terminal::{ADVANCED, count, examples, line, phase, plural, print, print_json, warn};
use crate::training::{Rule, train};

/// Train a network, evaluate it, and save it if asked
#[derive(Debug, Args)]
#[command(after_help = examples(&[
    ("train --save digits.safetensors", "keep the network"),
    ("train --best --save best.safetensors", "the network of `predict`"),
    ("train --holdout 10000", "without the test set"),
]))]
pub struct Options {
    #[command(flatten)]
    data: DataOptions,
    #[command(flatten)]
    rule: Rule,
    /// Save the network as a safetensors file
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    #[command(flatten)]
    compute: ComputeOptions,
    #[command(flatten)]
    evaluation: HoldoutOptions,
    /// Print one JSON object instead of text
    #[arg(long, help_heading = ADVANCED)]
    json: bool,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    sample: bool,
    #[serde(flatten)]
    rule: &'a Rule,
    holdout: Option<u64>,
    mistakes: Vec<u64>,
    margin_updates: Vec<u64>,
    saturated: usize,
    /// How pictures are prepared for the network.
    preparation: Preparation,
    #[serde(flatten)]
    evaluation: &'a Evaluation<'a>,
    /// The network after the last image, whether or not the average was asked for.
    last: &'a Summary,
    warnings: &'a [String],
    milliseconds: Milliseconds,
}

impl Options {
    /// Trains, evaluates, saves, prints.
    pub fn run(&self) -> Result<()> {
        self.compute.start()?;
        let (data, load_time) = timed(|| {
            Data::open(
                &self.data,
                self.evaluation.holdout,
                self.rule.updates.normalize,
            )
        });
        let data = data?;
        files::check(self.save.as_deref(), data.paths())?;
        let (kernel, rule) = (self.compute.kernel, &self.rule);
        data.warn();
        let (trained, train_time) = timed(|| train(&data, rule, kernel));
        let trained = trained?;
        let evaluated_on = match self.evaluation.holdout {
            Some(_) => "holdout",
            None => "test",
        };
        let names = data.names.as_ref();
        let evaluate = |network| {
            let normalized = rule.updates.normalize;
            let (images, on) = (data.evaluation(), evaluated_on);
            Evaluation::new(network, images, on, normalized, names, kernel)
        };
        let (evaluations, evaluate_time) = timed(|| {
            let average = trained.average.as_ref().map(evaluate).transpose()?;
            Ok::<_, anyhow::Error>((average, evaluate(&trained.last)?))
        });
        let (average, last) = evaluations?;
        let evaluation = average.as_ref().unwrap_or(&last);

        let preparation = data.preparation();
        let saturated = trained.last.saturated();
        let shape = trained.last.shape();
        let parameters = shape.classes() * (shape.pixels() + 1);
        // Fewer change no answer that anyone would miss.
        if 100 * saturated >= parameters {
            warn(&format!(
                "{} of {} weights and biases have reached their limit and learn no more: take \
                 fewer --epochs or a smaller --margin",
                count(saturated),
                count(parameters)
            ));
        }
        let epochs = &trained.epochs;
        let printed = if self.json {
            print_json(&Report {
                sample: self.data.is_sample(),
                rule,
                holdout: self.evaluation.holdout,
                mistakes: epochs.iter().map(|epoch| epoch.mistakes).collect(),
                margin_updates: epochs.iter().map(|epoch| epoch.margin_updates).collect(),
                saturated,
                preparation,
                evaluation,
                last: &last.summary,
                warnings: &data.warnings,
                milliseconds: Milliseconds::new(load_time, Some(train_time), evaluate_time),
            })
        } else {
            let (images, on) = (data.evaluation().1.len(), data.evaluated_on());
            let normalized = match preparation.normalized() {
                true => ", normalized",
                false => "",
            };
            let mut text = line(
                "data",
                format!(
                    "{} training and {} {on} images{}, {} pixels{}, {} classes",
                    count(data.trained),
                    count(images),
                    self.data.remark(),
                    size_of(&data.train),
                    normalized,
                    evaluation.matrix.classes()
                ),
            );
            text += &line("pictures", preparation);
            text += &line("kernel", self.compute.description());
            let folder = self.data.folder().display().to_string();
            text += &phase("load", &folder, load_time, 0);
            let how = format!(
                "seed {}, {}",
                rule.seed,
                plural(rule.updates.epochs as usize, "epoch")
            );
            text += &phase("train", &how, train_time, data.trained * epochs.len());
            let (networks, answers) = match average {
                Some(_) => (", 2 networks", 2 * images),
                None => ("", images),
            };
            text += &line("mistakes", mistakes(epochs, data.trained));
            let what = format!("{} {on} images{networks}", count(images));
            text += &phase("evaluate", &what, evaluate_time, answers);
            text += "\n";
            let last = accuracy(&last.matrix, self.data.remark());
            text += &match &average {
                Some(average) => format!(
                    "{}, the average of the network over all images\n\
                     {last}, the network after the last image\n",
                    accuracy(&average.matrix, self.data.remark())
                ),
                None => last + "\n",
            };
            print(&(text + &evaluation.text()))
        };
        // It is saved also if the reader of stdout has gone.
        if let Some(path) = &self.save {
            Model::trained(&trained, &data, rule)?.save(path)?;
            if !self.json {
                print(&line("saved", path.display()))?;
            }
        }
        printed
    }
}

/// The mistakes of the first and of the last epoch, and what the margin adds.
fn mistakes(epochs: &[PassCounts], images: usize) -> String {
    let (Some(first), Some(last)) = (epochs.first(), epochs.last()) else {
        return "none: the network is the random start".to_owned();
    };
    let share = |mistakes: u64| {
        let share = 100.0 * mistakes as f64 / images as f64;
        format!("{} ({share:.1} %)", count(mistakes as usize))
    };
    let mut text = format!("while learning: {}", share(first.mistakes));
    if epochs.len() > 1 {
        text += &format!(" in the first epoch, {} in the last", share(last.mistakes));
    }
    if last.margin_updates > 0 {
        text += &format!("; {} right within the margin", share(last.margin_updates));
    }
    text
}
