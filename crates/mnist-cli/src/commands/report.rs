//! `report`: a network on one page of HTML.

use anyhow::Result;
use mnist_idx::Split;
use mnist_kernel::{Perceptron, evaluate};

use super::{print, timed};
use crate::arguments::ReportOptions;
use crate::model::Model;
use crate::report::curve::Curve;
use crate::report::gallery::Gallery;
use crate::report::page::{self, Measured, Start, Times};
use crate::report::weights;
use crate::{output_file, present, recipe};

/// Loads the model or trains one, measures it, writes the page.
pub fn run(options: &ReportOptions) -> Result<()> {
    options.compute.start()?;
    if let Some(path) = &options.weights {
        let model = options.model()?;
        output_file::write(path, &weights::picture(&model)?)?;
        return print(&present::line("weights", &path.display().to_string()));
    }
    let (model, network_time) = timed(|| options.model());
    let model = model?;
    let (measured, measure_time) = timed(|| options.measure(&model));
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
    /// The model that was named, or one trained now.
    fn model(&self) -> Result<Model> {
        match &self.model {
            Some(path) => Model::load(path),
            None => recipe::train(&self.data, self.compute.kernel()),
        }
    }

    /// All that the page shows beside the weights themselves.
    fn measure(&self, model: &Model) -> Result<Measured> {
        let kernel = self.compute.kernel();
        let test = self.data.open(Split::Test, model.metadata.transposed)?;
        let name = match &self.model {
            Some(path) => path.display().to_string(),
            None => "the network".to_owned(),
        };
        model.check(&name, &test)?;
        let matrix = evaluate(&model.network, test.images(), test.labels(), kernel)?;
        let gallery = Gallery::new(&model.network, &test, kernel)?;
        // A layer that was trained elsewhere has no start and no first pass that we know of.
        let start = match &model.metadata.training {
            None => None,
            Some(training) => {
                let train = self.data.open(Split::Train, model.metadata.transposed)?;
                model.check(&name, &train)?;
                let network = Perceptron::random(model.network.shape(), training.seed);
                let answers = evaluate(&network, test.images(), test.labels(), kernel)?;
                let curve = Curve::measure(&network, training.margin, &train, &test, kernel)?;
                Some(Start {
                    accuracy: answers.accuracy(),
                    network,
                    curve,
                })
            }
        };
        Ok(Measured {
            matrix,
            gallery,
            start,
        })
    }
}
