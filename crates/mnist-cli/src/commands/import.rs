//! `import`: a layer that was trained elsewhere becomes a model.

use std::num::NonZeroUsize;

use anyhow::Result;

use super::print;
use crate::arguments::ImportOptions;
use crate::failure::UsageError;
use crate::fingerprint::fingerprint;
use crate::layer::{self, Imported};
use crate::model::{Metadata, Model};
use crate::present;

/// Reads the layer, saves the model, prints.
pub fn run(options: &ImportOptions) -> Result<()> {
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
