//! The tests of the network, through its public items, against a reference in plain `i128`.
//!
//! Each test of a kernel is written once and runs for all of them; a failure names the kernel.

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
mod random;
mod reference;
mod start;
mod training;
