//! A network's answers to the images of a data set, one by one.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use mnist_idx::{Dataset, Split};
use mnist_kernel::{Kernel, Perceptron, Prediction, predict_all};
use serde::Serialize;

use super::full_pixels;
use crate::data::look::Look;
use crate::data::{ClassNames, DataOptions, Files, class, size_of, split_parser, with_any_labels};
use crate::model::{Model, ModelOptions};
use crate::terminal::{plural, print, usage};

/// The header of a CSV file of answers.
const HEADER: &str = "image,class,lead";

/// Which images of a data set, and in what form the answers.
#[derive(Debug, Args)]
pub struct SetOptions {
    /// Classify all images of this split of --data: labels are not needed
    #[arg(long, value_parser = split_parser(), conflicts_with = "images")]
    split: Option<Split>,
    /// Classify image N of --data, counted from 0: of the test set, unless --split says train
    #[arg(long, value_name = "N", conflicts_with_all = ["images", "csv"])]
    pub image: Option<usize>,
    /// Print the answers to a data set as CSV, images counted from 0. With a header of your own of
    /// two or three names, they are counted from 1; without the third there is no lead. For
    /// competitions: --csv=ImageId,Label
    #[arg(
        long,
        value_name = "HEADER",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = HEADER,
        conflicts_with = "json"
    )]
    csv: Option<String>,
}

impl SetOptions {
    /// The images of a data set, if they are asked for instead of pictures.
    pub fn files(&self, paths: &[PathBuf], data: &DataOptions) -> Result<Option<Files>> {
        let split = self.split.unwrap_or(Split::Test);
        let files = match paths {
            [] => Some(data.files(split, false)?),
            [path] if path.is_file() => data.reading.in_file(path, split)?,
            _ => None,
        };
        if self.csv.is_some() && files.is_none() {
            usage!("--csv is for the images of a data set");
        }
        Ok(files)
    }

    /// Loads the model or trains one, and prints its answers; or hands the one image that is asked
    /// for to `print_one`, with its name.
    pub fn print(
        &self,
        files: Files,
        options: &ModelOptions,
        json: bool,
        print_one: impl FnOnce(&Path, &[u8], &Model) -> Result<()>,
    ) -> Result<()> {
        // Before a network is trained for it.
        let data = with_any_labels(files)?;
        let path = data.images_path().to_owned();
        let (model, _) = options.load_or_train(Kernel::best(), Some(0))?;
        let name = options.model.as_deref().unwrap_or(Path::new("the network"));
        model.warn(name, &Look::of_images(&path, data.images(), size_of(&data)));
        let upright = options
            .data
            .reading
            .upright(data, model.metadata.transposed);
        let data = model.fit(name, upright)?;
        if let Some(index) = self.image {
            let name = format!("image {index} of {}", path.display());
            let image = data.image(index).with_context(|| {
                let images = plural(data.len(), "image");
                format!("{name}: there are {images}, counted from 0")
            })?;
            return print_one(Path::new(&name), image, &model);
        }
        let names = model.metadata.class_names.as_ref();
        let answers = Answers::new(&model.network, &data, names, Kernel::best())?;
        print(&match &self.csv {
            Some(header) => answers.csv(header)?,
            None if json => answers.json()?,
            None => answers.text(),
        })
    }
}

/// The answers to the images of a data set, in their order.
pub struct Answers<'a> {
    predictions: Vec<Prediction>,
    names: Option<&'a ClassNames>,
}

/// What `--json` prints of an image.
#[derive(Serialize)]
struct Report<'a> {
    /// Counted from 0.
    image: usize,
    class: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    /// In full pixels.
    lead: f64,
}

impl<'a> Answers<'a> {
    /// Answers all images, in the present thread pool.
    pub fn new(
        network: &Perceptron,
        data: &Dataset,
        names: Option<&'a ClassNames>,
        kernel: Kernel,
    ) -> Result<Self> {
        let predictions = predict_all(network, data.images(), kernel)?;
        Ok(Self { predictions, names })
    }

    /// A line for each image, counted from 0.
    pub fn text(&self) -> String {
        let line = |(image, answer): (usize, &Prediction)| {
            let [name, rival] = [answer.class, answer.rival].map(|it| class(it.into(), self.names));
            format!(
                "{image:<7} {name}, by {:.1} over {rival}\n",
                full_pixels(answer.lead)
            )
        };
        self.predictions.iter().enumerate().map(line).collect()
    }

    /// A JSON object on a line for each image.
    pub fn json(&self) -> Result<String> {
        let mut text = String::new();
        for (image, answer) in self.predictions.iter().enumerate() {
            text += &serde_json::to_string(&Report {
                image,
                class: answer.class,
                name: self.names.and_then(|names| names.get(answer.class.into())),
                lead: full_pixels(answer.lead),
            })?;
            text.push('\n');
        }
        Ok(text)
    }

    /// A row of CSV for each image: its number, from 0 or under another header than the usual one
    /// from 1, its class, and its lead in full pixels if the header has a third column.
    pub fn csv(&self, header: &str) -> Result<String> {
        let columns = header.split(',').count();
        if !(2..=3).contains(&columns) {
            usage!("--csv={header}: expected names for two or three columns, as in {HEADER}");
        }
        let mut text = format!("{header}\n");
        let first = usize::from(header != HEADER);
        for (image, Prediction { class, lead, .. }) in (first..).zip(&self.predictions) {
            text += &match columns {
                2 => format!("{image},{class}\n"),
                _ => format!("{image},{class},{}\n", full_pixels(*lead)),
            };
        }
        Ok(text)
    }

    /// A row of CSV for each image that is not answered by its label.
    pub fn mistakes(&self, labels: &[u8]) -> String {
        let mut text = "image,true,predicted,lead\n".to_owned();
        for (image, (answer, label)) in self.predictions.iter().zip(labels).enumerate() {
            let Prediction { class, lead, .. } = *answer;
            if class != *label {
                text += &format!("{image},{label},{class},{}\n", full_pixels(lead));
            }
        }
        text
    }
}
