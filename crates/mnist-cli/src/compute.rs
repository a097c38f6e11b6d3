//! What computes, and how long it takes.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::Args;
use mnist_kernel::Kernel;

use crate::terminal::{ADVANCED, plural, whole_in};

/// What computes.
#[derive(Debug, Args)]
pub struct ComputeOptions {
    /// How the dot products are computed; the results are the same
    #[arg(long, help_heading = ADVANCED, value_name = "NAME", default_value_t = Kernel::best())]
    pub kernel: Kernel,
    /// Threads for evaluations and trials, at most 1024; 0 is one per core
    #[arg(long, help_heading = ADVANCED, value_name = "N", default_value_t = 0)]
    #[arg(value_parser = |text: &str| whole_in::<u16>(text, 0..=1024))]
    pub threads: u16,
}

impl ComputeOptions {
    /// What computes, for a person.
    pub fn description(&self) -> String {
        let threads = plural(rayon::current_num_threads(), "thread");
        format!("{}, {threads}", self.kernel)
    }

    /// Makes the thread pool, once for the whole run.
    pub fn start(&self) -> Result<()> {
        rayon::ThreadPoolBuilder::new()
            .num_threads(self.threads.into())
            .build_global()
            .with_context(|| format!("{} threads can't be started", self.threads))
    }
}

/// Runs a phase and measures its time.
pub fn timed<T>(phase: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = phase();
    (result, start.elapsed())
}
