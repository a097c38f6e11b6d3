//! The tests of the public items. Those of hostile bytes are a program of their own, whose allocator
//! counts.

mod dataset;
mod files;
mod folder;
mod format;
mod mnist;
