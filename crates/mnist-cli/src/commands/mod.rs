//! One file per command.

pub mod completions;
pub mod evaluate;
pub mod import;
pub mod inspect;
pub mod pack;
pub mod predict;
pub mod report;
pub mod train;
pub mod trials;
pub mod unpack;
pub mod verify;

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use mnist_kernel::{ConfusionMatrix, Kernel, Perceptron};
use serde::Serialize;

use crate::arguments::ComputeOptions;
use crate::class_names::ClassNames;
use crate::fingerprint::fingerprint;
use crate::stdio::warn;
use crate::{instructions, present};

impl ComputeOptions {
    /// The kernel that was asked for.
    pub fn kernel(&self) -> Kernel {
        self.kernel.kernel()
    }

    /// What computes, for a person.
    pub fn description(&self) -> String {
        let threads = present::plural(rayon::current_num_threads() as u64, "thread");
        format!(
            "{} ({}), {threads}",
            self.kernel.name(),
            instructions::built_for()
        )
    }

    /// Makes the thread pool, once for the whole run, and warns of a build for an older
    /// processor.
    pub fn start(&self) -> Result<()> {
        if let Some(warning) = instructions::warning() {
            warn(&warning);
        }
        rayon::ThreadPoolBuilder::new()
            .num_threads(self.threads.into())
            .build_global()
            .with_context(|| format!("{} threads can't be started", self.threads))
    }
}

/// What `--json` says of an evaluation.
#[derive(Serialize)]
pub struct EvaluationReport<'a> {
    kernel: &'a str,
    instructions: &'a str,
    threads: usize,
    evaluated_on: &'a str,
    correct: u64,
    total: u64,
    accuracy: f64,
    confusion: Vec<&'a [u64]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    class_names: Option<&'a ClassNames>,
    fingerprint: &'a str,
}

impl<'a> EvaluationReport<'a> {
    /// Of a network's answers to the images of `evaluated_on`.
    pub fn new(
        compute: &ComputeOptions,
        evaluated_on: &'a str,
        answers: &'a ConfusionMatrix,
        class_names: Option<&'a ClassNames>,
        fingerprint: &'a str,
    ) -> Self {
        Self {
            kernel: compute.kernel.name(),
            instructions: instructions::built_for(),
            threads: rayon::current_num_threads(),
            evaluated_on,
            correct: answers.correct(),
            total: answers.total(),
            accuracy: answers.accuracy(),
            confusion: answers.rows().collect(),
            class_names,
            fingerprint,
        }
    }
}

/// What `--json` says of one network of several.
#[derive(Serialize)]
pub struct NetworkReport {
    pub correct: u64,
    pub accuracy: f64,
    pub fingerprint: String,
}

impl NetworkReport {
    /// Of a network and its answers.
    pub fn new(network: &Perceptron, answers: &ConfusionMatrix) -> Self {
        Self {
            correct: answers.correct(),
            accuracy: answers.accuracy(),
            fingerprint: fingerprint(network),
        }
    }
}

/// Runs a phase and takes its time.
pub fn timed<T>(phase: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = phase();
    (result, start.elapsed())
}
