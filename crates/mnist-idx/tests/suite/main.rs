//! The tests of the public items. Those of hostile bytes are a program of their own, whose allocator
//! counts.

#[path = "../checks/mod.rs"]
#[allow(dead_code, reason = "these tests need some of the checks")]
mod checks;

mod atomic;
mod dataset;
mod files;
mod folder;
mod format;
#[cfg(feature = "gzip")]
mod gzip;
mod mnist;
#[cfg(not(feature = "gzip"))]
mod without_gzip;
