//! `predict`: what the network reads in pictures from anywhere.

use std::io;
use std::path::{Path, PathBuf};

use ::image::GrayImage;
use anyhow::{Context, Result, ensure};
use clap::Args;
use mnist_idx::Split;
use mnist_kernel::{Kernel, Perceptron, Prediction, Size};
use serde::Serialize;

use crate::data::look::Look;
use crate::data::{ClassNames, Files, class, picture_size, size_of, split_parser, with_any_labels};
use crate::evaluation::answers::{Answers, HEADER};
use crate::evaluation::full_pixels;
use crate::model::{Metadata, Model, ModelOptions};
use crate::pictures::decode::{self, extremes, resize};
use crate::pictures::preparation;
use crate::terminal::{bars, examples, image, line, plural, print, print_json, usage, warn};

/// Read pictures of your own: PNG, JPEG, BMP or PNM, of any size
#[derive(Debug, Args)]
#[command(after_help = examples(&[
    ("predict photo.jpg", "the digit of a picture"),
    ("predict --model digits.safetensors *.png", "the digits of many"),
    ("predict --data data --split test --csv", "a data set's images"),
    ("predict --data data --image 17 --show", "one of them"),
]))]
pub struct Options {
    /// Picture files, folders of them, or - for one picture from stdin; or the images of a data set:
    /// an IDX file, a CSV file or an .npz file, raw or gzip, with labels or without
    #[arg(value_name = "IMAGE", required_unless_present_any = ["split", "image"])]
    images: Vec<PathBuf>,
    #[command(flatten)]
    set: SetOptions,
    #[command(flatten)]
    model: ModelOptions,
    /// Take the pixels as they are, 0 for paper and 255 for ink: the picture must have the
    /// network's size
    #[arg(long)]
    raw: bool,
    /// Draw what the network sees
    #[arg(long, conflicts_with = "json")]
    show: bool,
    /// Print one JSON object per picture instead of text
    #[arg(long)]
    json: bool,
}

/// Which images of a data set, and in what form the answers.
#[derive(Debug, Args)]
struct SetOptions {
    /// Answer this split of --data, which needs no labels
    #[arg(long, value_parser = split_parser(), conflicts_with = "images")]
    split: Option<Split>,
    /// Answer image N of --data, counted from 0: of the test set, unless --split says train
    #[arg(long, value_name = "N", conflicts_with_all = ["images", "csv"])]
    image: Option<usize>,
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

/// The name of the picture from stdin.
const STDIN: &str = "-";

/// What `--json` prints of a picture. Outputs are in full pixels.
#[derive(Serialize)]
struct Report<'a> {
    file: &'a str,
    class: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    outputs: Vec<f64>,
    margin: f64,
}

impl Options {
    /// Loads the model or trains one, reads the pictures, prints what they are. A picture that
    /// can't be read does not keep the others from being read.
    pub fn run(&self) -> Result<()> {
        // Before a network is trained for it.
        if let Some(files) = self.files()? {
            return self.answer(files);
        }
        if self.set.csv.is_some() {
            usage!("--csv is for the images of a data set");
        }
        let paths = pictures(&self.images)?;
        if let [path] = &paths[..]
            && path != Path::new(STDIN)
        {
            // Before a network is trained for it.
            path.metadata()
                .with_context(|| format!("{}: can't be read", path.display()))?;
        }
        let (model, _) = self.model.load_or_train(Kernel::best(), Some(0))?;
        let mut failed = 0;
        for path in &paths {
            let image = self.image(path, &model.metadata);
            match image.with_context(|| name(path)) {
                Ok(image) => self.print(path, &image, &model)?,
                Err(error) if paths.len() == 1 => return Err(error),
                Err(error) => {
                    warn(&format!("{error:#}"));
                    failed += 1;
                }
            }
        }
        let all = plural(paths.len(), "picture");
        ensure!(failed == 0, "{failed} of {all} can't be read");
        Ok(())
    }

    /// The images of a data set, if they are asked for.
    fn files(&self) -> Result<Option<Files>> {
        let data = &self.model.data;
        let split = self.set.split.unwrap_or(Split::Test);
        match &self.images[..] {
            [] => data.files(split, false).map(Some),
            [path] if path.is_file() => data.reading.in_file(path, split),
            _ => Ok(None),
        }
    }

    /// Prints the answers to the images of a data set, or to the one that is asked for.
    fn answer(&self, files: Files) -> Result<()> {
        let set = &self.set;
        if self.raw || self.show && set.image.is_none() {
            usage!("--raw is for pictures, and --show for pictures and --image");
        }
        let reading = &self.model.data.reading;
        let data = with_any_labels(files)?;
        let path = data.images_path().to_owned();
        let (model, _) = self.model.load_or_train(Kernel::best(), Some(0))?;
        let name = self
            .model
            .model
            .as_deref()
            .unwrap_or(Path::new("the network"));
        model.warn(name, &Look::of_images(&path, data.images(), size_of(&data)));
        let data = model.fit(name, reading.upright(data, model.metadata.transposed))?;
        if let Some(index) = set.image {
            let name = format!("image {index} of {}", path.display());
            let image = data.image(index).with_context(|| {
                let images = plural(data.len(), "image");
                format!("{name}: there are {images}, counted from 0")
            })?;
            return self.print(Path::new(&name), image, &model);
        }
        let names = model.metadata.class_names.as_ref();
        let answers = Answers::new(&model.network, &data, names, Kernel::best())?;
        print(&match &set.csv {
            Some(header) => answers.csv(header)?,
            None if self.json => answers.json()?,
            None => answers.text(),
        })
    }

    /// A picture as an image of the network's size.
    fn image(&self, path: &Path, network: &Metadata) -> Result<Vec<u8>> {
        let picture = match path == Path::new(STDIN) {
            true => decode::read(io::stdin().lock())?,
            false => decode::open(path)?,
        };
        let size = network.size();
        if self.raw {
            return raw(picture, size);
        }
        if network.normalization.is_some() {
            return preparation::normalized(&picture, size);
        }
        if size == preparation::SIZE {
            return preparation::prepare(&picture);
        }
        extremes(&picture)?;
        Ok(resize(&picture, size))
    }

    fn print(&self, path: &Path, image: &[u8], model: &Model) -> Result<()> {
        let answer = Answer::new(&model.network, image)?;
        let names = model.metadata.class_names.as_ref();
        if self.json {
            let class = answer.prediction.class;
            return print_json(&Report {
                file: &path.to_string_lossy(),
                class,
                name: names.and_then(|names| names.get(class.into())),
                outputs: answer.outputs.iter().copied().map(full_pixels).collect(),
                margin: full_pixels(answer.prediction.lead),
            });
        }
        let mut text = line("picture", name(path));
        text += &line("answer", answer.text(names));
        if self.show {
            let Size { height, width } = model.metadata.size();
            text += &format!("\n{}", image::draw(image, height, width));
        }
        print(&format!("{text}\n{}\n", answer.bars(names)))
    }
}

/// What a message calls a picture.
fn name(path: &Path) -> String {
    match path == Path::new(STDIN) {
        true => "stdin".to_owned(),
        false => path.display().to_string(),
    }
}

/// All pictures: the named files, and those in the named folders.
fn pictures(named: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for path in named {
        if !path.is_dir() {
            paths.push(path.clone());
            continue;
        }
        let folder = path.display();
        let files = decode::files(path).with_context(|| format!("{folder}: can't be read"))?;
        ensure!(
            !files.is_empty(),
            "{folder}: there is no picture in this folder itself (.png, .jpg, .bmp, .pgm, …)"
        );
        paths.extend(files);
    }
    Ok(paths)
}

/// A picture's own pixels.
fn raw(picture: GrayImage, size: Size) -> Result<Vec<u8>> {
    let found = picture_size(&picture);
    ensure!(
        found == size,
        "the picture is {found} pixels, but the network takes {size}: without --raw it is fitted"
    );
    Ok(picture.into_raw())
}

/// The network's answer to an image.
struct Answer {
    /// The output of each class, in units of 1/255².
    outputs: Vec<i64>,
    prediction: Prediction,
}

impl Answer {
    fn new(network: &Perceptron, image: &[u8]) -> Result<Self> {
        Ok(Self {
            outputs: network.outputs(image, Kernel::best())?,
            prediction: network.predict(image, Kernel::best())?,
        })
    }

    /// The output of each class as a bar.
    fn bars(&self, names: Option<&ClassNames>) -> String {
        let bar = |(number, &output): (usize, &i64)| {
            let pixels = format!("{:.1}", full_pixels(output));
            (class(number, names), pixels, output.unsigned_abs())
        };
        bars::bars(self.outputs.iter().enumerate().map(bar))
    }

    /// The class and by how much it leads.
    fn text(&self, names: Option<&ClassNames>) -> String {
        let Prediction {
            class: answer,
            rival,
            lead,
        } = self.prediction;
        let [name, rival] = [answer, rival].map(|number| class(number.into(), names));
        match self.outputs[usize::from(answer)] {
            0 => format!("{name}, as always when no output is above 0"),
            _ => format!("{name}, by {:.1} over {rival}", full_pixels(lead)),
        }
    }
}
