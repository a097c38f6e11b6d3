#![doc = include_str!("../README.md")]
#![deny(unsafe_code)]

mod array;
mod atomic;
mod dataset;
mod element;
mod error;
mod file;
mod folder;
mod header;
#[cfg(feature = "mmap")]
#[allow(unsafe_code)]
mod mapping;
mod stream;
mod view;
mod writing;

pub use atomic::write_atomically;
pub use dataset::{Dataset, LabelledImages};
pub use element::Element;
pub use error::{Error, FormatError};
pub use file::IdxFile;
pub use folder::{Split, SplitFiles};
pub use header::{ElementType, Header};
pub use view::{Elements, ElementsIter, SubArrays, View};
pub use writing::{write, write_to};
