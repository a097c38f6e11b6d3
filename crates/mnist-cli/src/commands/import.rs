//! `import`: a layer that was trained elsewhere becomes a model.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use mnist_kernel::Size;

use crate::files;
use crate::model::import::{Imported, import};
use crate::model::{Metadata, Model, fingerprint};
use crate::terminal::{examples, line, print, usage};

/// Make a model from a linear layer that was trained elsewhere
#[derive(Debug, Args)]
#[command(after_help = examples(&[
    ("import layer.safetensors -o m.safetensors", "from a torch.nn.Linear"),
]))]
pub struct Options {
    /// A safetensors file with a layer's weight (classes × pixels) and bias (classes), F64, F32,
    /// F16 or BF16, for pixels from 0 to 1
    file: PathBuf,
    /// Save the model as this file
    #[arg(short, long, value_name = "MODEL")]
    output: PathBuf,
    /// The name of the weight's tensor
    #[arg(long, value_name = "NAME", default_value = "weight")]
    weight: String,
    /// The name of the bias's tensor
    #[arg(long, value_name = "NAME", default_value = "bias")]
    bias: String,
    /// The images' height in pixels; without height and width they are square
    #[arg(long, value_name = "N")]
    height: Option<NonZeroUsize>,
    /// The images' width in pixels
    #[arg(long, value_name = "N")]
    width: Option<NonZeroUsize>,
}

impl Options {
    /// Reads the layer, saves the model, prints.
    pub fn run(&self) -> Result<()> {
        files::check([self.output.as_path()], [self.file.as_path()])?;
        let Imported {
            network,
            scale,
            lift,
        } = import(&self.file, &self.weight, &self.bias)?;
        let classes = network.shape().classes();
        let size = self.image_size(network.shape().pixels())?;
        let fingerprint = fingerprint(&network);
        let mut metadata = Metadata::new(size, false);
        metadata.scale = Some(scale);
        Model { network, metadata }.save(&self.output)?;

        let file = self.file.display();
        let mut text = line("layer", format!("{file}: {size} pixels, {classes} classes"));
        text += &line(
            "scale",
            format!("{scale:.4}, and {lift} added to each bias"),
        );
        text += &line("saved", self.output.display());
        print(&(text + &line("fingerprint", &fingerprint[..16])))
    }

    /// The images' size: as the options say, or square.
    fn image_size(&self, pixels: usize) -> Result<Size> {
        let [height, width] = [self.height, self.width].map(|side| side.map(NonZeroUsize::get));
        let (height, width) = match (height, width) {
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
