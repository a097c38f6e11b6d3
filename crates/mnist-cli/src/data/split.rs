//! The splits of a data set: their names, and their images and labels, opened.

use anyhow::Result;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use mnist_idx::{Dataset, IdxFile, Split};

use super::finding::Missing;

/// The images of a split, and their labels if there are any, as IDX files, whatever they are stored
/// in.
pub type Files = (IdxFile, Option<IdxFile>);

/// A data set of images and labels.
pub fn labelled((images, labels): Files) -> Result<Dataset> {
    let labels = labels.ok_or_else(|| {
        let path = images.path().display();
        Missing(format!(
            "{path}: images without labels, which only `predict` takes"
        ))
    })?;
    Ok(Dataset::new(images, labels)?)
}

/// A data set of images, with the label 0 where there are none.
pub fn with_any_labels((images, labels): Files) -> Result<Dataset> {
    let count = images.view().len();
    let zeros = || IdxFile::from_elements(images.path(), &[count], vec![0; count]);
    let labels = labels.map_or_else(zeros, Ok)?;
    Ok(Dataset::new(images, labels)?)
}

/// Reads `train` or `test` from the command line.
pub fn split_parser() -> impl TypedValueParser<Value = Split> {
    PossibleValuesParser::new(["train", "test"]).map(|name| match name.as_str() {
        "train" => Split::Train,
        _ => Split::Test,
    })
}

/// The name of a split on the command line, in folders and in JSON.
pub fn split_name(split: Split) -> &'static str {
    match split {
        Split::Train => "train",
        Split::Test => "test",
    }
}
