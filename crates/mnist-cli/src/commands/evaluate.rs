//! `evaluate`: a saved network's answers to a data set.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use mnist_kernel::evaluate;
use serde::Serialize;

use super::{EvaluationReport, timed};
use crate::arguments::{ComputeOptions, DataOptions, SplitName, split_name};
use crate::class_names::ClassNames;
use crate::examples::Example;
use crate::fingerprint::fingerprint;
use crate::model::Model;
use crate::present;
use crate::stdio::{print, print_json, warn};

/// The examples of its help.
pub const EXAMPLES: &[Example] = &[
    ("evaluate digits.safetensors", "on the test set"),
    (
        "evaluate digits.safetensors --split train",
        "on the training set",
    ),
];

#[derive(Debug, Args)]
pub struct EvaluateOptions {
    /// A model file that `train --save` or `import` has written
    pub model: PathBuf,
    #[command(flatten)]
    pub data: DataOptions,
    /// Which half of the data
    #[arg(long, value_enum, default_value_t = SplitName::Test)]
    pub split: SplitName,
    #[command(flatten)]
    pub compute: ComputeOptions,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub json: bool,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    evaluation: EvaluationReport<'a>,
    milliseconds: Milliseconds,
}

#[derive(Serialize)]
struct Milliseconds {
    load: f64,
    evaluate: f64,
}

/// Loads the model, evaluates it, prints.
pub fn run(options: &EvaluateOptions) -> Result<()> {
    options.compute.start()?;
    let split = options.split.split();
    let (loaded, load_time) = timed(|| {
        let model = Model::load(&options.model)?;
        let data = options.data.open(split, model.metadata.transposed)?;
        Ok::<_, anyhow::Error>((model, data))
    });
    let (model, data) = loaded?;
    model.check(&options.model.display(), &data)?;
    if model.metadata.class_names.is_none()
        && ClassNames::read(&options.data.data, data.classes())?.is_some()
    {
        warn(&format!(
            "{} names its classes, but the model does not: they may be others",
            options.data.data.display()
        ));
    }

    let names = model.metadata.class_names.as_ref();
    let kernel = options.compute.kernel();
    let (matrix, evaluate_time) =
        timed(|| evaluate(&model.network, data.images(), data.labels(), kernel));
    let matrix = matrix?;
    let fingerprint = fingerprint(&model.network);
    if options.json {
        return print_json(&Report {
            evaluation: EvaluationReport::new(
                &options.compute,
                split_name(split),
                &matrix,
                names,
                &fingerprint,
            ),
            milliseconds: Milliseconds {
                load: load_time.as_secs_f64() * 1e3,
                evaluate: evaluate_time.as_secs_f64() * 1e3,
            },
        });
    }

    let images = data.len();
    let mut text = present::line("model", &options.model.display().to_string());
    let what = format!("{} {split} images", present::count(images));
    let size = format!("{} × {} pixels", data.height(), data.width());
    text += &present::line(
        "data",
        &format!("{}: {what}, {size}", options.data.data.display()),
    );
    text += &present::line("kernel", &options.compute.description());
    text += &present::phase("load", "", load_time, 0);
    text += &present::phase("evaluate", &what, evaluate_time, images);
    text += &format!("\n{}\n\n", present::accuracy(&matrix));
    text += &present::confusion(&matrix, names);
    text += &format!("\n{}", present::line("fingerprint", &fingerprint[..16]));
    print(&text)
}
