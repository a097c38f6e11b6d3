//! The report: one page that shows a network whole, and lets the reader draw for it.
//!
//! The page is `templates/report.html`; its sections, its style and its script are files beside it.

mod confusion;
pub mod curve;
pub mod gallery;
pub mod lesson;
pub mod page;
pub mod sheet;
pub mod weights;
