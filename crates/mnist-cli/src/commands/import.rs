//! `import`: a layer that was trained elsewhere becomes a model.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use mnist_idx::Split;
use mnist_kernel::{ConfusionMatrix, Kernel, Perceptron, Size, evaluate};

use crate::data::{DataOptions, ReadingOptions};
use crate::evaluation::accuracy;
use crate::files;
use crate::model::import::{Imported, import};
use crate::model::{Metadata, Model, fingerprint};
use crate::terminal::{ADVANCED, examples, line, print, usage, warn, whole};

/// Make a model from a linear layer that was trained elsewhere
#[derive(Debug, Args)]
#[command(after_help = examples(&[
    ("import fc.safetensors -o m --data data", "torch.nn.Linear"),
    ("import fc.safetensors -o m --mean 0.13 --std 0.31", "normalized"),
    ("import W.npy --bias b.npy -o m --pixels 255", "from NumPy"),
]))]
pub struct Options {
    /// A safetensors file with a layer's weight (classes × pixels) and bias (classes), F64, F32,
    /// F16 or BF16, or the weight as .npy, float64 or float32
    file: PathBuf,
    /// Save the model as this file
    #[arg(short, long, value_name = "MODEL")]
    output: PathBuf,
    /// Evaluate the model on the test set in this folder
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The file of the bias, for a weight in .npy; or the name of the bias's tensor [default: bias]
    #[arg(long, value_name = "FILE|NAME")]
    bias: Option<String>,
    /// What the layer takes for full ink: 1, or 255 if it was trained on bytes
    #[arg(long, value_name = "LARGEST", default_value = "1", value_parser = positive)]
    pixels: f64,
    /// The mean that was subtracted from the layer's inputs
    #[arg(long, value_name = "M", default_value = "0", requires = "std")]
    mean: f64,
    /// The standard deviation by which they were divided
    #[arg(long, value_name = "S", default_value = "1", value_parser = positive)]
    std: f64,
    /// The layer has no bias
    #[arg(long, help_heading = ADVANCED, conflicts_with = "bias")]
    no_bias: bool,
    /// The name of the weight's tensor
    #[arg(long, help_heading = ADVANCED, value_name = "NAME", default_value = "weight")]
    weight: String,
    /// The images' height in pixels; without height and width they are square
    #[arg(long, help_heading = ADVANCED, value_name = "N", value_parser = whole::<usize, 1>)]
    height: Option<usize>,
    /// The images' width in pixels
    #[arg(long, help_heading = ADVANCED, value_name = "N", value_parser = whole::<usize, 1>)]
    width: Option<usize>,
    #[command(flatten)]
    reading: ReadingOptions,
}

/// The usual preparations of pixels: full ink, and the mean and the standard deviation of inputs.
const USUAL: [[f64; 3]; 4] = [
    [1.0, 0.0, 1.0],
    [255.0, 0.0, 1.0],
    [1.0, 0.1307, 0.3081],
    [1.0, 0.5, 0.5],
];

impl Options {
    /// Reads the layer, saves the model, prints.
    pub fn run(&self) -> Result<()> {
        let is_array = self.file.extension().is_some_and(|end| end == "npy");
        let bias = match &self.bias {
            None if self.no_bias => None,
            None if is_array => {
                let file = self.file.display();
                usage!(
                    "{file}: the weight alone: name the file of the bias by --bias, or --no-bias"
                )
            }
            None => Some("bias"),
            given => given.as_deref(),
        };
        let bias_file = bias.filter(|_| is_array).map(Path::new);
        let inputs = [Some(self.file.as_path()), bias_file];
        files::check([self.output.as_path()], inputs.into_iter().flatten())?;
        let layer = |[pixels, mean, std]: [f64; 3]| {
            import(&self.file, &self.weight, bias, [pixels / std, mean / std])
        };
        let Imported {
            network,
            scale,
            lift,
        } = layer([self.pixels, self.mean, self.std])?;
        let classes = network.shape().classes();
        let size = self.image_size(network.shape().pixels())?;
        let fingerprint = fingerprint(&network);
        let mut metadata = Metadata::new(size, self.reading.transpose.unwrap_or(false));
        metadata.scale = Some(scale);
        let model = Model { network, metadata };
        let file = self.file.display();
        let mut text = line("layer", format!("{file}: {size} pixels, {classes} classes"));
        if let Some(data) = &self.data {
            text += &line("check", self.check(&model, data, layer)?);
        }
        model.save(&self.output)?;
        let scale = format!("{scale:.4}, and {lift} added to each bias");
        text += &line("scale", scale);
        text += &line("saved", self.output.display());
        print(&(text + &line("fingerprint", &fingerprint[..16])))
    }

    /// Evaluates the model. Warns of an accuracy that other preparations of the pixels make clearly
    /// better, or that is near that of guessing.
    fn check(
        &self,
        model: &Model,
        data: &Path,
        layer: impl Fn([f64; 3]) -> Result<Imported>,
    ) -> Result<String> {
        let (data, reading) = (data.to_owned(), self.reading.clone());
        let data = Some(data);
        let options = DataOptions { data, reading };
        let (test, _) = model.open(&self.file, &options, Split::Test)?;
        let inputs = [test.images_path(), test.labels_path()];
        files::check([self.output.as_path()], inputs)?;
        let evaluated =
            |network: &Perceptron| evaluate(network, test.images(), test.labels(), Kernel::best());
        // A tenth of the way from always the same answer to always the right one.
        let is_guessing = |answers: &ConfusionMatrix| {
            let most = answers.rows().map(|row| row.iter().sum::<u64>()).max();
            10 * answers.correct() < 9 * most.unwrap_or(0) + answers.total()
        };
        let answers = evaluated(&model.network)?;
        // More than a percentage point.
        let better = 100 * answers.correct() + answers.total();
        let others = USUAL.into_iter().filter_map(|usual| {
            let other = evaluated(&layer(usual).ok()?.network).ok()?;
            (100 * other.correct() > better && !is_guessing(&other)).then_some((other, usual))
        });
        let best = others.max_by_key(|(other, _)| other.correct());
        if let Some((best, [pixels, mean, std])) = best {
            warn(&format!(
                "with --pixels {pixels} --mean {mean} --std {std} the result would be: {}: was the \
                 layer trained on such pixels?",
                accuracy(&best, options.remark())
            ));
        } else if is_guessing(&answers) {
            warn(
                "the accuracy is near that of guessing: was the layer trained on other pixels \
                 (--pixels, --mean and --std, --transpose), or on other classes?",
            );
        }
        Ok(accuracy(&answers, options.remark()))
    }

    /// The images' size: as the options say, or square.
    fn image_size(&self, pixels: usize) -> Result<Size> {
        let (height, width) = match (self.height, self.width) {
            (Some(height), Some(width)) => (height, width),
            (Some(height), None) => (height, pixels / height),
            (None, Some(width)) => (pixels / width, width),
            (None, None) => (pixels.isqrt(), pixels.isqrt()),
        };
        let size = Size { height, width };
        if height.checked_mul(width) != Some(pixels) {
            usage!(
                "{}: the layer has {pixels} pixels a class, which are not {size}: give the size \
                 by --height and --width",
                self.file.display()
            );
        }
        Ok(size)
    }
}

fn positive(text: &str) -> Result<f64, &'static str> {
    let number = text.parse::<f64>().ok();
    let number = number.filter(|&number| number.is_normal() && number > 0.0);
    number.ok_or("write a number above 0, such as 0.3081")
}
