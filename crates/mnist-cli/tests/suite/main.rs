//! The program, run as a process: a file for each command, and for what they have in common.

mod answers;
#[cfg(unix)]
mod browser;
mod class_names;
mod damaged;
mod datasets;
mod fixtures;
mod forms;
mod found;
mod import;
mod inspect;
mod look;
mod models;
mod normalize;
mod not_found;
mod output;
mod own_pictures;
mod pack;
mod pack_refused;
mod photographs;
mod predict;
mod preparation;
mod program;
#[cfg(unix)]
mod readme;
mod report;
#[cfg(unix)]
mod report_browser;
mod sample;
mod train;
mod trials;
mod verify;
