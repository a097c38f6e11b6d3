//! What a person sees in a terminal: lines, bars, images, progress, and how a failure ends.

pub mod bars;
mod examples;
mod failure;
pub mod image;
mod print;
mod progress;
mod table;
mod text;

pub use examples::examples;
pub(crate) use failure::usage;
pub use failure::{Interrupted, UsageError, report};
pub use print::{note, print, print_json, warn};
pub use progress::Progress;
pub use table::{four_decimals, table};
pub use text::{COLUMNS, count, is_control, line, phase, plural};
