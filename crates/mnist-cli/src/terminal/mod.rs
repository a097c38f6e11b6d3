//! What a person sees in a terminal: lines, bars, images, progress, and how a failure ends.

pub mod bars;
mod failure;
mod help;
pub mod image;
mod print;
mod progress;
mod table;
mod text;

pub(crate) use failure::usage;
pub use failure::{Interrupted, UsageError, report};
pub use help::{ADVANCED, examples};
pub use print::{note, print, print_json, warn};
pub use progress::Progress;
pub use table::{four_decimals, table};
pub use text::{COLUMNS, count, is_control, line, phase, plural, whole, whole_in};
