//! The same training from many random starts, and how the accuracies spread.

mod chart;
mod runs;
mod spread;
mod summary;

pub use chart::svg;
pub use runs::{Trial, csv, run};
pub use spread::Spread;
pub use summary::summary;
