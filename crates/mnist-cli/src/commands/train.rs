//! `train`, and what happens without a subcommand.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use mnist_kernel::PassCounts;
use serde::Serialize;

use crate::compute::{ComputeOptions, timed};
use crate::data::{Data, DataOptions, HoldoutOptions, size_of};
use crate::evaluation::{Evaluation, Milliseconds, Summary, milliseconds};
use crate::files;
use crate::model::Model;
use crate::terminal::{count, examples, line, phase, plural, print, print_json, warn};
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
    #[command(flatten)]
    compute: ComputeOptions,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    evaluation: HoldoutOptions,
    /// Save the network as a safetensors file
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
}

/// Answers of which less than this share is right are poor.
const POOR: f64 = 0.75;

/// What is said of poor answers.
const ONE_LAYER: &str = "one layer weighs each grey pixel by itself: it can tell apart what has its \
     ink in different places, such as digits of one size in the middle of the image, but not what \
     moves or turns from image to image, or differs in colour or texture alone, however long it is \
     trained (more epochs, --average and --margin get the most out of it)";

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    rule: &'a Rule,
    holdout: Option<u64>,
    mistakes: Vec<u64>,
    margin_updates: Vec<u64>,
    saturated: usize,
    #[serde(flatten)]
    evaluation: &'a Evaluation<'a>,
    /// The network after the last image, whether or not the average was asked for.
    last: &'a Summary,
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
        if let Some(warning) = data.warning() {
            warn(&warning);
        }
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

        let saved = match &self.save {
            Some(path) => Model::trained(&trained, &data, rule)?.save(path),
            None => Ok(()),
        };
        let saturated = trained.last.saturated();
        if saturated > 0 {
            warn(&format!(
                "{} (weights and biases) at a limit, where learning saturates",
                plural(saturated, "parameter")
            ));
        }
        let epochs = &trained.epochs;
        let printed = if self.json {
            print_json(&Report {
                rule,
                holdout: self.evaluation.holdout,
                mistakes: epochs.iter().map(|epoch| epoch.mistakes).collect(),
                margin_updates: epochs.iter().map(|epoch| epoch.margin_updates).collect(),
                saturated,
                evaluation,
                last: &last.summary,
                milliseconds: Milliseconds {
                    load: milliseconds(load_time),
                    train: Some(milliseconds(train_time)),
                    evaluate: milliseconds(evaluate_time),
                },
            })
        } else {
            let (images, on) = (data.evaluation().1.len(), data.evaluated_on());
            let mut text = line(
                "data",
                format!(
                    "{} training and {} {on} images, {} pixels{}, {} classes",
                    count(data.trained),
                    count(images),
                    size_of(&data.train),
                    data.normalization.map_or("", |_| ", normalized"),
                    evaluation.matrix.classes()
                ),
            );
            text += &line("kernel", self.compute.description());
            let folder = self.data.data.display().to_string();
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
            let what = format!("{} {on} images{networks}", count(images));
            text += &phase("evaluate", &what, evaluate_time, answers);
            text += &line("mistakes", mistakes(epochs, data.trained));
            text += "\n";
            text += &match &average {
                Some(average) => format!(
                    "{}, the average of the network over all images\n\
                     {}, the network after the last image\n",
                    average.accuracy(),
                    last.accuracy()
                ),
                None => last.accuracy() + "\n",
            };
            text += &evaluation.text();
            if let (Some(path), Ok(())) = (&self.save, &saved) {
                text += &line("saved", path.display());
            }
            print(&text)
        };
        let poor = evaluation.summary.accuracy < Some(POOR) && rule.updates.epochs > 0;
        // Sorted labels are reason enough.
        if poor && data.warning().is_none() {
            warn(ONE_LAYER);
        }
        // What could not be saved was at least printed.
        saved.and(printed)
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
    let mut text = share(first.mistakes);
    if epochs.len() > 1 {
        text += &format!(" in the first epoch, {} in the last", share(last.mistakes));
    }
    if last.margin_updates > 0 {
        text += &format!("; {} right within the margin", share(last.margin_updates));
    }
    text
}
