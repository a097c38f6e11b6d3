//! IDX files, the format of MNIST: mapped into memory, not copied, and checked.
//!
//! ```no_run
//! use mnist_idx::{Dataset, Split};
//!
//! # fn main() -> Result<(), mnist_idx::Error> {
//! // SAFETY: nobody changes the files in data/ while `train` lives.
//! let train = unsafe { Dataset::map("data", Split::Train)? };
//! let (image, label) = (train.image(0).unwrap(), train.labels()[0]);
//! println!("{} images of {} × {} pixels", train.len(), train.height(), train.width());
//! # Ok(())
//! # }
//! ```

#![deny(unsafe_code)]

mod dataset;
mod element;
mod error;
mod file;
mod folder;
mod header;
#[allow(unsafe_code)]
mod mapping;
mod stream;
mod view;
mod writing;

pub use dataset::Dataset;
pub use element::Element;
pub use error::{Error, FormatError};
pub use file::IdxFile;
pub use folder::{Split, SplitFiles};
pub use header::{ElementType, Header};
pub use stream::inflate;
pub use view::{Elements, View};
pub use writing::{write, write_to};
