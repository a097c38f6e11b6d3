#![doc = include_str!("../README.md")]
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
