//! The tests of the network, through its public items, against a reference in plain `i128`.
//!
//! Each test of a kernel is written once, and is a test for each kernel by its name.

mod average;
mod digits;
mod errors;
mod evaluation;
mod float_network;
mod float_reference;
mod kernels;
mod margin;
mod mnist;
mod normalization;
mod per_kernel;
mod random;
mod reference;
mod start;
mod training;
