//! `import`: a layer that was trained elsewhere becomes a model.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::examples::Example;
use crate::failure::UsageError;
use crate::fingerprint::fingerprint;
use crate::layer::{self, Imported};
use crate::model::{Metadata, Model};
use crate::stdio::print;
use crate::{output_file, present};

/// The examples of its help.
pub const EXAMPLES: &[Example] = &[(
    "import layer.safetensors -o m.safetensors",
    "of a torch.nn.Linear",
)];

#[derive(Debug, Args)]
pub struct ImportOptions {
    /// A safetensors file with a layer's weight (classes × pixels) and bias (classes), F64, F32,
    /// F16 or BF16, for pixels from 0 to 1
    pub file: PathBuf,
    /// Save the model as this file
    #[arg(short, long, value_name = "MODEL")]
    pub output: PathBuf,
    /// The name of the weight's tensor
    #[arg(long, value_name = "NAME", default_value = "weight")]
    pub weight: String,
    /// The name of the bias's tensor
    #[arg(long, value_name = "NAME", default_value = "bias")]
    pub bias: String,
    /// The images' height in pixels; without height and width they are square
    #[arg(long, value_name = "N")]
    pub height: Option<NonZeroUsize>,
    /// The images' width in pixels
    #[arg(long, value_name = "N")]
    pub width: Option<NonZeroUsize>,
}

/// Reads the layer, saves the model, prints.
pub fn run(options: &ImportOptions) -> Result<()> {
    output_file::check([options.output.as_path()], [options.file.as_path()])?;
    let Imported {
        network,
        scale,
        lift,
    } = layer::import(&options.file, &options.weight, &options.bias)?;
    let shape = network.shape();
    let (height, width) = image_size(options, shape.pixels())?;
    let fingerprint = fingerprint(&network);
    let mut metadata = Metadata::new(height, width, false);
    metadata.scale = Some(scale);
    Model { network, metadata }.save(&options.output)?;

    let classes = shape.classes();
    let mut text = present::line(
        "layer",
        &format!(
            "{}: {height} × {width} pixels, {classes} classes",
            options.file.display()
        ),
    );
    text += &present::line(
        "scale",
        &format!("{scale:.4}, and {lift} added to each bias"),
    );
    text += &present::line("saved", &options.output.display().to_string());
    text += &present::line("fingerprint", &fingerprint[..16]);
    print(&text)
}

/// The images' height and width: as the options say, or square.
fn image_size(options: &ImportOptions, pixels: usize) -> Result<(usize, usize)> {
    let [height, width] = [options.height, options.width].map(|side| side.map(NonZeroUsize::get));
    let (height, width) = match (height, width) {
        (Some(height), Some(width)) => (height, width),
        (Some(height), None) => (height, pixels / height),
        (None, Some(width)) => (pixels / width, width),
        (None, None) => (pixels.isqrt(), pixels.isqrt()),
    };
    if height.checked_mul(width) == Some(pixels) {
        return Ok((height, width));
    }
    Err(UsageError(format!(
        "{}: the layer has {pixels} pixels a class, which are not {height} × {width}: say what \
         they are by --height and --width",
        options.file.display()
    ))
    .into())
}
