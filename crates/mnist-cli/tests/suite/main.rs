//! The program, run as a process: a file for each command, and for what they have in common.

#[cfg(unix)]
mod browser;
mod class_names;
mod damaged;
mod datasets;
mod fixtures;
mod import;
mod inspect;
mod models;
mod normalize;
mod output;
mod own_pictures;
mod pack;
mod pack_refused;
mod photographs;
mod predict;
mod program;
#[cfg(unix)]
mod readme;
mod report;
#[cfg(unix)]
mod report_browser;
mod train;
mod trials;
mod verify;
