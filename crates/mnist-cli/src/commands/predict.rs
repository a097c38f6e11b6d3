//! `predict`: what the network reads in pictures from anywhere.

use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use clap::Args;
use image::GrayImage;
use mnist_kernel::{Kernel, Perceptron, predicted_class, rival};
use serde::Serialize;

use crate::arguments::DataOptions;
use crate::class_names::ClassNames;
use crate::data::Data;
use crate::examples::Example;
use crate::model::{Metadata, Model};
use crate::present::full_pixels;
use crate::stdio::{print, print_json, warn};
use crate::{picture, preparation, present, recipe, terminal_image};

/// The examples of its help.
pub const EXAMPLES: &[Example] = &[
    ("predict photo.jpg", "the digit of a picture"),
    ("predict --model digits.safetensors *.png", "of many"),
];

#[derive(Debug, Args)]
pub struct PredictOptions {
    /// Picture files, folders of them, or - for one picture from stdin
    #[arg(value_name = "IMAGE", required = true)]
    pub images: Vec<PathBuf>,
    /// A model file that `train --save` or `import` has written; without it, a network is trained
    /// first
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,
    #[command(flatten)]
    pub data: DataOptions,
    /// Take the pixels as they are, 0 for paper and 255 for ink: the picture must have the
    /// network's size
    #[arg(long)]
    pub raw: bool,
    /// Draw what the network sees
    #[arg(long, conflicts_with = "json")]
    pub show: bool,
    /// Print one JSON object per picture instead of text
    #[arg(long)]
    pub json: bool,
}

/// Loads the model or trains one, reads the pictures, prints what they are. A picture that can't
/// be read does not keep the others from being read.
pub fn run(options: &PredictOptions) -> Result<()> {
    let paths = pictures(&options.images)?;
    if let [path] = &paths[..]
        && path != Path::new(STDIN)
    {
        // Before a network is trained for it.
        path.metadata()
            .with_context(|| format!("{}: can't be read", path.display()))?;
    }
    let model = options.model()?;
    let mut failed = 0;
    for path in &paths {
        let image = options.image(path, &model.metadata);
        match image.with_context(|| name(path)) {
            Ok(image) => options.print(path, &image, &model)?,
            Err(error) if paths.len() == 1 => return Err(error),
            Err(error) => {
                warn(&format!("{error:#}"));
                failed += 1;
            }
        }
    }
    let all = present::plural(paths.len() as u64, "picture");
    ensure!(failed == 0, "{failed} of {all} can't be read");
    Ok(())
}

/// What stands for the picture from stdin.
const STDIN: &str = "-";

/// What a message calls a picture.
fn name(path: &Path) -> String {
    match path == Path::new(STDIN) {
        true => "stdin".to_owned(),
        false => path.display().to_string(),
    }
}

/// All pictures: the files as they are named, and those in the folders.
fn pictures(named: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for path in named {
        if !path.is_dir() {
            paths.push(path.clone());
            continue;
        }
        let folder = path.display();
        let files = picture::files(path).with_context(|| format!("{folder}: can't be read"))?;
        ensure!(
            !files.is_empty(),
            "{folder}: there is no picture in this folder itself (.png, .jpg, .bmp, .pgm, …)"
        );
        paths.extend(files);
    }
    Ok(paths)
}

/// What `--json` prints of a picture. Outputs are in full pixels.
#[derive(Serialize)]
struct Report<'a> {
    file: &'a str,
    class: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    outputs: Vec<f64>,
    margin: f64,
}

/// What the network says of an image.
struct Answer {
    /// The output of each class, in units of 1/255².
    outputs: Vec<i64>,
    class: usize,
    /// The class that comes next.
    second: usize,
}

impl PredictOptions {
    /// The model that was named, or one trained now.
    fn model(&self) -> Result<Model> {
        match &self.model {
            Some(path) => Model::load(path),
            None => {
                let data = Data::open(&self.data, None)?;
                recipe::train(&data, &self.data.reading, Kernel::Simd)
            }
        }
    }

    /// A picture as an image of the network's size.
    fn image(&self, path: &Path, network: &Metadata) -> Result<Vec<u8>> {
        let picture = match path == Path::new(STDIN) {
            true => picture::read(io::stdin().lock())?,
            false => picture::open(path)?,
        };
        let (height, width) = (network.height, network.width);
        if self.raw {
            return raw(picture, height, width);
        }
        if preparation::is_for(height, width) {
            return Ok(preparation::prepare(&picture)?);
        }
        picture::extremes(&picture)?;
        Ok(picture::resize(&picture, height, width))
    }

    fn print(&self, path: &Path, image: &[u8], model: &Model) -> Result<()> {
        let answer = Answer::new(&model.network, image)?;
        let names = model.metadata.class_names.as_ref();
        if self.json {
            return print_json(&Report {
                file: &path.to_string_lossy(),
                class: answer.class,
                name: names.and_then(|names| names.get(answer.class)),
                outputs: answer.outputs.iter().copied().map(full_pixels).collect(),
                margin: full_pixels(answer.margin()),
            });
        }
        let mut text = present::line("picture", &name(path));
        text += &present::line("answer", &answer.text(names));
        if self.show {
            text += "\n";
            text += &terminal_image::draw(image, model.metadata.height, model.metadata.width);
        }
        text += "\n";
        text += &answer.bars(names);
        text += "\n";
        print(&text)
    }
}

/// A picture's own pixels.
fn raw(picture: GrayImage, height: usize, width: usize) -> Result<Vec<u8>> {
    let found = (picture.height() as usize, picture.width() as usize);
    if found == (height, width) {
        return Ok(picture.into_raw());
    }
    Err(anyhow!(
        "the picture is {} × {} pixels, but the network takes {height} × {width}: without --raw \
         it is fitted",
        found.0,
        found.1
    ))
}

impl Answer {
    fn new(network: &Perceptron, image: &[u8]) -> Result<Self> {
        let outputs = network.outputs(image, Kernel::Simd)?;
        let class = predicted_class(&outputs);
        Ok(Self {
            class: class.into(),
            second: rival(&outputs, class).into(),
            outputs,
        })
    }

    /// By how much the class leads, in units of 1/255².
    fn margin(&self) -> i64 {
        self.outputs[self.class] - self.outputs[self.second]
    }

    /// The output of each class as a bar.
    fn bars(&self, names: Option<&ClassNames>) -> String {
        let bar = |(class, &output): (usize, &i64)| {
            let pixels = format!("{:.1}", full_pixels(output));
            (present::class(class, names), pixels, output.unsigned_abs())
        };
        present::bars(self.outputs.iter().enumerate().map(bar))
    }

    /// The class and by how much it leads.
    fn text(&self, names: Option<&ClassNames>) -> String {
        let [class, second] = [self.class, self.second].map(|class| present::class(class, names));
        if self.outputs[self.class] == 0 {
            return format!("{class}, as always when no output is above 0");
        }
        format!(
            "{class}, by {:.1} over {second}",
            full_pixels(self.margin())
        )
    }
}
