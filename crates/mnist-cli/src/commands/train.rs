//! `train`, and what happens without a subcommand.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use clap::Args;
use mnist_kernel::{ConfusionMatrix, evaluate};
use serde::Serialize;

use super::{EvaluationReport, NetworkReport, timed};
use crate::arguments::{ComputeOptions, DataOptions, HoldoutOptions, RuleOptions};
use crate::data::Data;
use crate::examples::Example;
use crate::fingerprint::fingerprint;
use crate::model::Model;
use crate::output_file;
use crate::present;
use crate::stdio::{print, print_json, warn};
use crate::training::{Trained, train};

/// The examples of its help.
pub const EXAMPLES: &[Example] = &[
    ("train --save digits.safetensors", "keep the network"),
    (
        "train --average --epochs 20 --margin 175",
        "learn from more",
    ),
    ("train --holdout 10000", "without the test set"),
];

#[derive(Debug, Args)]
pub struct TrainOptions {
    #[command(flatten)]
    pub data: DataOptions,
    #[command(flatten)]
    pub rule: RuleOptions,
    #[command(flatten)]
    pub compute: ComputeOptions,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub evaluation: HoldoutOptions,
    /// Save the network as a safetensors file
    #[arg(long, value_name = "FILE")]
    pub save: Option<PathBuf>,
}

/// Less than this of the answers right is poor.
const POOR: f64 = 0.75;

/// What is said of poor answers.
const ONE_LAYER: &str = "one layer weighs each grey pixel by itself: it can tell apart what has its \
     ink in different places, such as digits of one size in the middle of the image; what moves or \
     turns from image to image, or differs in colour or texture alone, it can't, whatever it is \
     trained on (more epochs, --average and --margin get the most out of it)";

/// What came out, for a person or for a program.
struct Outcome {
    trained: Trained,
    last: ConfusionMatrix,
    average: Option<ConfusionMatrix>,
    fingerprint: String,
    load_time: Duration,
    train_time: Duration,
    evaluate_time: Duration,
}

/// Trains, evaluates, saves, prints.
pub fn run(options: &TrainOptions) -> Result<()> {
    options.compute.start()?;
    let (data, load_time) = timed(|| Data::open(&options.data, options.evaluation.holdout));
    let data = data?;
    output_file::check(options.save.as_deref(), data.paths())?;
    let shape = data.shape()?;
    let kernel = options.compute.kernel();

    if let Some(warning) = data.warning() {
        warn(&warning);
    }
    let (images, labels) = data.training();
    let (trained, train_time) = timed(|| train(shape, images, labels, &options.rule, kernel));
    let trained = trained?;

    let (images, labels) = data.evaluation();
    let (matrices, evaluate_time) = timed(|| {
        let last = evaluate(&trained.last, images, labels, kernel)?;
        let average = trained.average.as_ref();
        let average = average.map(|network| evaluate(network, images, labels, kernel));
        Ok::<_, mnist_kernel::Error>((last, average.transpose()?))
    });
    let (last, average) = matrices?;

    let outcome = Outcome {
        fingerprint: fingerprint(trained.network()),
        trained,
        last,
        average,
        load_time,
        train_time,
        evaluate_time,
    };
    let saved = match &options.save {
        Some(path) => Model::trained(
            &outcome.trained,
            &data,
            &options.data.reading,
            &options.rule,
        )
        .save(path),
        None => Ok(()),
    };
    let saturated = outcome.trained.last.saturated();
    if saturated > 0 {
        let parameters = present::plural(saturated as u64, "parameter");
        warn(&format!(
            "{parameters} (weights and biases) at a limit, where learning saturates"
        ));
    }
    let printed = if options.json {
        print_json(&outcome.report(options, &data))
    } else {
        let mut text = outcome.text(options, &data);
        if let (Some(path), Ok(())) = (&options.save, &saved) {
            text += &present::line("saved", &path.display().to_string());
        }
        print(&text)
    };
    let poor = outcome.matrix().accuracy() < POOR && options.rule.passes.epochs > 0;
    // Sorted labels are reason enough.
    if poor && data.warning().is_none() {
        warn(ONE_LAYER);
    }
    // What could not be saved was printed at least.
    saved.and(printed)
}

impl Outcome {
    /// The answers of the network that the run is about.
    fn matrix(&self) -> &ConfusionMatrix {
        self.average.as_ref().unwrap_or(&self.last)
    }
}

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    seed: u64,
    epochs: u32,
    rule: &'a str,
    margin: u16,
    holdout: Option<u64>,
    mistakes: Vec<u64>,
    margin_updates: Vec<u64>,
    saturated: usize,
    #[serde(flatten)]
    evaluation: EvaluationReport<'a>,
    /// The network after the last image, whether or not the average was asked for.
    last: NetworkReport,
    milliseconds: Milliseconds,
}

#[derive(Serialize)]
struct Milliseconds {
    load: f64,
    train: f64,
    evaluate: f64,
}

impl Outcome {
    fn report<'a>(&'a self, options: &'a TrainOptions, data: &'a Data) -> Report<'a> {
        let rule = &options.rule;
        let evaluated_on = match options.evaluation.holdout {
            Some(_) => "holdout",
            None => "test",
        };
        let epochs = &self.trained.epochs;
        let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
        Report {
            seed: rule.seed,
            epochs: rule.passes.epochs,
            rule: rule.name(),
            margin: rule.passes.margin,
            holdout: options.evaluation.holdout,
            mistakes: epochs.iter().map(|epoch| epoch.mistakes).collect(),
            margin_updates: epochs.iter().map(|epoch| epoch.margin_updates).collect(),
            saturated: self.trained.last.saturated(),
            evaluation: EvaluationReport::new(
                &options.compute,
                evaluated_on,
                self.matrix(),
                data.names.as_ref(),
                &self.fingerprint,
            ),
            last: NetworkReport::new(&self.trained.last, &self.last),
            milliseconds: Milliseconds {
                load: milliseconds(self.load_time),
                train: milliseconds(self.train_time),
                evaluate: milliseconds(self.evaluate_time),
            },
        }
    }

    fn text(&self, options: &TrainOptions, data: &Data) -> String {
        let rule = &options.rule;
        let (trained, evaluated) = (data.trained, self.matrix().total() as usize);
        let images_seen = trained * self.trained.epochs.len();
        let images_answered = evaluated * (1 + usize::from(self.average.is_some()));
        let on = data.evaluated_on();

        let mut text = present::line(
            "data",
            &format!(
                "{} training and {} {on} images, {} × {} pixels, {} classes",
                present::count(trained),
                present::count(evaluated),
                data.train.height(),
                data.train.width(),
                self.last.classes()
            ),
        );
        text += &present::line("kernel", &options.compute.description());
        text += &present::phase(
            "load",
            &options.data.data.display().to_string(),
            self.load_time,
            0,
        );
        let how = format!(
            "seed {}, {}",
            rule.seed,
            present::plural(rule.passes.epochs.into(), "epoch")
        );
        text += &present::phase("train", &how, self.train_time, images_seen);
        let networks = match self.average {
            Some(_) => ", 2 networks",
            None => "",
        };
        let what = format!("{} {on} images{networks}", present::count(evaluated));
        text += &present::phase("evaluate", &what, self.evaluate_time, images_answered);
        text += &present::line("mistakes", &self.mistakes(trained));
        text.push('\n');
        if let Some(average) = &self.average {
            text += &format!(
                "{}, the average of the network over all images\n",
                present::accuracy(average)
            );
            text += &format!(
                "{}, the network after the last image\n",
                present::accuracy(&self.last)
            );
        } else {
            text += &format!("{}\n", present::accuracy(&self.last));
        }
        text.push('\n');
        text += &present::confusion(self.matrix(), data.names.as_ref());
        text.push('\n');
        text + &present::line("fingerprint", &self.fingerprint[..16])
    }

    /// The mistakes of the first and of the last epoch, and what the margin adds.
    fn mistakes(&self, images: usize) -> String {
        let epochs = &self.trained.epochs;
        let (Some(first), Some(last)) = (epochs.first(), epochs.last()) else {
            return "none: the network is the random start".to_owned();
        };
        let share = |mistakes: u64| 100.0 * mistakes as f64 / images as f64;
        let mistakes =
            |count: u64| format!("{} ({:.1} %)", present::count(count as usize), share(count));
        let mut text = mistakes(first.mistakes);
        if epochs.len() > 1 {
            text += &format!(
                " in the first epoch, {} in the last",
                mistakes(last.mistakes)
            );
        }
        if last.margin_updates > 0 {
            text += &format!("; {} right by too little", mistakes(last.margin_updates));
        }
        text
    }
}
