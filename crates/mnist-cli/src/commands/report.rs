//! `report`: a network on one page of HTML.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use mnist_idx::Split;
use mnist_kernel::{Perceptron, evaluate};

use crate::compute::{ComputeOptions, timed};
use crate::data::{Data, DataOptions, Preparation};
use crate::evaluation::accuracy;
use crate::files;
use crate::model::{Model, ModelOptions};
use crate::report::curve::Curve;
use crate::report::gallery::Gallery;
use crate::report::lesson::Lesson;
use crate::report::page::{self, Measured, Start, Times};
use crate::report::weights;
use crate::terminal::{examples, line, print};

/// Show a network on one HTML page, with a field to draw in
#[derive(Debug, Args)]
#[command(after_help = examples(&[
    ("report", "train, and write report.html"),
    ("report --seed 1", "the article's network"),
    ("report --model digits.safetensors", "a saved network"),
    ("report --weights weights.png", "only the weights, as a picture"),
]))]
pub struct Options {
    #[command(flatten)]
    model: ModelOptions,
    #[command(flatten)]
    data: DataOptions,
    /// The page to write; - is stdout
    #[arg(short, long, value_name = "FILE", default_value = "report.html")]
    output: PathBuf,
    /// Write only a picture of the weights, as PNG
    #[arg(long, value_name = "FILE", conflicts_with = "output")]
    weights: Option<PathBuf>,
    #[command(flatten)]
    compute: ComputeOptions,
}

impl Options {
    /// Loads the model or trains one, measures it, writes the page.
    pub fn run(&self) -> Result<()> {
        self.compute.start()?;
        let output = self.weights.as_ref().unwrap_or(&self.output);
        let inputs = self.inputs();
        let to_stdout = self.weights.is_none() && *self.output == *"-";
        let files = Some(output.as_path()).filter(|_| !to_stdout);
        files::check(files, inputs.iter().map(PathBuf::as_path))?;
        let (model, network_time) =
            timed(|| self.model.with_data(&self.data, None, self.compute.kernel));
        let (model, data) = model?;
        if let Some(path) = &self.weights {
            files::write(path, &weights::picture(&model)?)?;
            return print(&line("weights", path.display()));
        }
        let (measured, measure_time) = timed(|| self.measure(&model, data));
        let times = Times {
            network: network_time,
            measure: measure_time,
            trained: self.model.model.is_none(),
        };
        let measured = measured?;
        let page = page::render(&model, &measured, &times)?;
        if to_stdout {
            return print(&page);
        }
        files::write(&self.output, page.as_bytes())?;

        let size = format!("{}, {} KB", self.output.display(), page.len() / 1000);
        let accuracy = accuracy(&measured.matrix, self.data.remark());
        print(&format!("{accuracy}\n{}", line("report", size)))
    }

    /// All files that may be read: the model, and the data as far as it exists.
    fn inputs(&self) -> Vec<PathBuf> {
        let splits = [Split::Train, Split::Test].into_iter();
        let data = splits.flat_map(|split| self.data.paths(split));
        self.model.model.clone().into_iter().chain(data).collect()
    }

    /// All that the page shows beside the weights themselves.
    fn measure(&self, model: &Model, data: Option<Data>) -> Result<Measured> {
        let kernel = self.compute.kernel;
        let (train, test) = match data {
            Some(data) => (Some(data.train), data.test),
            None => (None, None),
        };
        let open = |split| {
            let opened = model.open(self.model.name(), &self.data, split);
            opened.map(|(data, _)| data)
        };
        let test = test.map_or_else(|| open(Split::Test), Ok)?;
        let matrix = evaluate(&model.network, test.images(), test.labels(), kernel)?;
        // The page shows images as they are, and its script normalizes them by itself.
        let raw = |split| self.data.open(split, model.metadata.transposed);
        let raw_test = raw(Split::Test)?;
        let gallery = Gallery::new(&model.network, &raw_test, &test, kernel)?;
        // The start and the first epoch of a layer that was trained elsewhere are unknown.
        let start = match &model.metadata.training {
            None => None,
            Some(rule) => {
                let train = train.map_or_else(|| open(Split::Train), Ok)?;
                let network = Perceptron::random(model.network.shape(), rule.seed);
                let margin = rule.updates.margin;
                Some(Start {
                    curve: Curve::measure(&network, margin, &train, &test, kernel)?,
                    lesson: Lesson::new(&network, rule, &raw(Split::Train)?, &raw_test)?,
                })
            }
        };
        let measure = || Preparation::of(raw_test.images(), model.metadata.size());
        Ok(Measured {
            sample: self.data.is_sample(),
            preparation: model.metadata.preparation.unwrap_or_else(measure),
            matrix,
            gallery,
            start,
        })
    }
}
