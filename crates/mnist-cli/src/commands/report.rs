//! `report`: a network on one page of HTML.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Result;
use askama::Template;
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
use crate::report::page::{Embedded, Page, Training};
use crate::report::weights::{self, WeightSheet};
use crate::terminal::{examples, line, plural, print};

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
        let page = self.page(&model, data, network_time)?;
        let html = page.render()?;
        if to_stdout {
            return print(&html);
        }
        files::write(&self.output, html.as_bytes())?;

        let size = format!("{}, {} KB", self.output.display(), html.len() / 1000);
        let accuracy = accuracy(&page.matrix, self.data.remark());
        print(&format!("{accuracy}\n{}", line("report", size)))
    }

    /// All files that may be read: the model, and the data as far as it exists.
    fn inputs(&self) -> Vec<PathBuf> {
        let splits = [Split::Train, Split::Test].into_iter();
        let data = splits.flat_map(|split| self.data.paths(split));
        self.model.model.clone().into_iter().chain(data).collect()
    }

    /// Measures what the page shows of a network that was had in so much time.
    fn page(&self, model: &Model, data: Option<Data>, network_time: Duration) -> Result<Page> {
        let start = Instant::now();
        let (kernel, size) = (self.compute.kernel, model.metadata.size());
        let (train, test) = data.map(|data| (data.train, data.test)).unzip();
        let open = |split| {
            let opened = model.open(self.model.name(), &self.data, split);
            opened.map(|(data, _)| data)
        };
        let test = test.flatten().map_or_else(|| open(Split::Test), Ok)?;
        let matrix = evaluate(&model.network, test.images(), test.labels(), kernel)?;
        // The page shows images as they are, and its script normalizes them by itself.
        let raw = |split| self.data.open(split, model.metadata.transposed);
        let raw_test = raw(Split::Test)?;
        let gallery = Gallery::new(&model.network, &raw_test, &test, kernel)?;
        // The start and the first epoch of a layer that was trained elsewhere are unknown.
        let (training, lesson) = match &model.metadata.training {
            None => (None, None),
            Some(rule) => {
                let train = train.map_or_else(|| open(Split::Train), Ok)?;
                let network = Perceptron::random(model.network.shape(), rule.seed);
                let curve = Curve::measure(&network, rule.updates.margin, &train, &test, kernel)?;
                let first = (curve.average != model.network)
                    .then(|| WeightSheet::new(&curve.average, size));
                let training = Training {
                    seed: rule.seed,
                    epochs: plural(rule.updates.epochs as usize, "epoch"),
                    curve,
                    first: first.transpose()?,
                };
                let lesson = Lesson::new(&network, rule, &raw(Split::Train)?, &raw_test)?;
                (Some(training), lesson)
            }
        };
        let measure = || Preparation::of(raw_test.images(), size);
        let preparation = model.metadata.preparation.unwrap_or_else(measure);
        let how = match self.model.model {
            Some(_) => "loaded",
            None => "trained",
        };
        let milliseconds = |time: Duration| format!("{:.0} ms", time.as_secs_f64() * 1e3);
        Ok(Page {
            facts: model.facts(),
            sample: self.data.is_sample(),
            matrix,
            gallery,
            learned: WeightSheet::new(&model.network, size)?,
            training,
            embedded: Embedded::new(model, preparation, lesson),
            times: format!(
                "{how} in {}, measured for this page in {}",
                milliseconds(network_time),
                milliseconds(start.elapsed())
            ),
        })
    }
}
