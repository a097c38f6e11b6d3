//! Opening data sets.

use anyhow::Result;
use mnist_idx::{Dataset, Split, SplitFiles};

use crate::arguments::DataOptions;

impl DataOptions {
    /// Opens one half of the data set. `transposed` is what the model says of its training
    /// images, if there is one; the option overrules it.
    pub fn open(&self, split: Split, transposed: bool) -> Result<Dataset> {
        let files = SplitFiles::find(&self.data, split, self.prefix.as_deref())?;
        let dataset = if self.no_mmap {
            files.read()?
        } else {
            map(&files)?
        };
        Ok(if self.transpose.unwrap_or(transposed) {
            dataset.transpose()
        } else {
            dataset
        })
    }
}

#[allow(unsafe_code)]
fn map(files: &SplitFiles) -> Result<Dataset, mnist_idx::Error> {
    // SAFETY: the user's data does not change while the program runs: our own commands only ever
    // replace such files by renaming, and for other programs `--help` names `--no-mmap`.
    unsafe { files.map() }
}
