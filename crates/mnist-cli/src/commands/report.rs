//! `report`: a network on one page of HTML.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use mnist_idx::Split;
use mnist_kernel::{Perceptron, evaluate};

use super::timed;
use crate::arguments::{ComputeOptions, DataOptions};
use crate::data::Data;
use crate::examples::Example;
use crate::model::Model;
use crate::report::curve::Curve;
use crate::report::gallery::Gallery;
use crate::report::lesson::Lesson;
use crate::report::page::{self, Measured, Start, Times};
use crate::report::weights;
use crate::stdio::print;
use crate::{output_file, present, recipe};

/// The examples of its help.
pub const EXAMPLES: &[Example] = &[
    ("report", "train, and write report.html"),
    ("report --model digits.safetensors", "a saved network"),
    (
        "report --weights weights.png",
        "only the weights, as a picture",
    ),
];

#[derive(Debug, Args)]
pub struct ReportOptions {
    /// A model file that `train --save` or `import` has written; without it, a network is trained
    /// first
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,
    #[command(flatten)]
    pub data: DataOptions,
    #[command(flatten)]
    pub compute: ComputeOptions,
    /// The page to write
    #[arg(short, long, value_name = "FILE", default_value = "report.html")]
    pub output: PathBuf,
    /// Write only a picture of the weights, as PNG
    #[arg(long, value_name = "FILE", conflicts_with = "output")]
    pub weights: Option<PathBuf>,
}

/// Loads the model or trains one, measures it, writes the page.
pub fn run(options: &ReportOptions) -> Result<()> {
    options.compute.start()?;
    let output = options.weights.as_ref().unwrap_or(&options.output);
    let inputs = options.inputs();
    output_file::check([output.as_path()], inputs.iter().map(PathBuf::as_path))?;
    let (model, network_time) = timed(|| options.model());
    let (model, data) = model?;
    if let Some(path) = &options.weights {
        output_file::write(path, &weights::picture(&model)?)?;
        return print(&present::line("weights", &path.display().to_string()));
    }
    let (measured, measure_time) = timed(|| options.measure(&model, data));
    let times = Times {
        network: network_time,
        measure: measure_time,
        trained: options.model.is_none(),
    };
    let measured = measured?;
    let page = page::render(&model, &measured, &times)?;
    output_file::write(&options.output, page.as_bytes())?;

    let size = format!("{}, {} KB", options.output.display(), page.len() / 1000);
    print(&format!(
        "{}\n{}",
        present::accuracy(&measured.matrix),
        present::line("report", &size)
    ))
}

impl ReportOptions {
    /// All files that may be read: the model, and the data as far as they are there.
    fn inputs(&self) -> Vec<PathBuf> {
        let halves = [Split::Train, Split::Test];
        let found = halves.map(|split| self.data.reading.find(&self.data.data, split));
        let data = found.into_iter().flatten();
        let data = data.flat_map(|files| [files.images, files.labels]);
        self.model.clone().into_iter().chain(data).collect()
    }

    /// The model that was named, or one trained now and the data that it was trained on.
    fn model(&self) -> Result<(Model, Option<Data>)> {
        if let Some(path) = &self.model {
            return Ok((Model::load(path)?, None));
        }
        let data = Data::open(&self.data, None)?;
        let model = recipe::train(&data, &self.data.reading, self.compute.kernel())?;
        Ok((model, Some(data)))
    }

    /// All that the page shows beside the weights themselves.
    fn measure(&self, model: &Model, data: Option<Data>) -> Result<Measured> {
        let kernel = self.compute.kernel();
        let (train, test) = match data {
            Some(data) => (Some(data.train), data.test),
            None => (None, None),
        };
        // Data that the network was trained on needs no check.
        let name = self.model.as_deref().unwrap_or(Path::new("the network"));
        let open = |split| {
            let data = self.data.open(split, model.metadata.transposed)?;
            model.check(&name.display(), &data)?;
            Ok::<_, anyhow::Error>(data)
        };
        let test = test.map_or_else(|| open(Split::Test), Ok)?;
        let matrix = evaluate(&model.network, test.images(), test.labels(), kernel)?;
        let gallery = Gallery::new(&model.network, &test, test.images(), kernel)?;
        // A layer that was trained elsewhere has no start and no first epoch that we know of.
        let start = match &model.metadata.training {
            None => None,
            Some(training) => {
                let train = train.map_or_else(|| open(Split::Train), Ok)?;
                let network = Perceptron::random(model.network.shape(), training.seed);
                let [learned, judged] = [&train, &test].map(|data| (data.images(), data.labels()));
                let curve = Curve::measure(&network, training.margin, learned, judged, kernel)?;
                let lesson = Lesson::new(&network, training, &train, &test)?;
                Some(Start { curve, lesson })
            }
        };
        Ok(Measured {
            matrix,
            gallery,
            start,
        })
    }
}
