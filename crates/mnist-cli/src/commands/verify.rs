//! `verify`: the same network on every kernel, on any number of threads, mapped and read.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::thread::available_parallelism;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use mnist_idx::IdxFile;
use mnist_kernel::{ConfusionMatrix, evaluate};
use rayon::ThreadPoolBuilder;
use serde::Serialize;

use crate::arguments::{DataOptions, KernelName, ReadingOptions, RuleOptions};
use crate::data::Data;
use crate::examples::Example;
use crate::fingerprint::fingerprint;
use crate::inspection::FileReport;
use crate::stdio::{print, print_json, warn};
use crate::{instructions, present, training};

/// The network of the default rule, one pass from seed 1, on MNIST.
const RECORDED: &str = "5c46a0a875f107eede7cd1b28218f1a025ffee6dc2d6ca1bb19d9a7150bf6751";

/// The examples of its help.
pub const EXAMPLES: &[Example] = &[
    ("verify", "the default network, on MNIST"),
    ("verify --seed 8 --average", "another one"),
];

#[derive(Debug, Args)]
pub struct VerifyOptions {
    #[command(flatten)]
    pub data: DataOptions,
    #[command(flatten)]
    pub rule: RuleOptions,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub json: bool,
}

/// One way to make the network, and what came out.
#[derive(Serialize)]
struct Run {
    kernel: &'static str,
    threads: usize,
    files: &'static str,
    fingerprint: String,
    correct: u64,
    #[serde(skip)]
    answers: ConfusionMatrix,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    instructions: &'a str,
    runs: &'a [Run],
    /// The fingerprint to compare with, where one is recorded.
    recorded: Option<&'a str>,
    verified: bool,
}

/// Trains in every way, prints each fingerprint, and fails if they are not one.
pub fn run(options: &VerifyOptions) -> Result<()> {
    if let Some(warning) = instructions::warning() {
        warn(&warning);
    }
    let mut runs = Vec::new();
    let mut recorded = None;
    for no_mmap in [false, true] {
        let mut source = options.data.clone();
        source.reading.no_mmap |= no_mmap;
        let data = Data::open(&source, None)?;
        let images = source.reading.open(data.train.images_path())?;
        if !images.is_mapped() && !no_mmap {
            // It is read, either way.
            continue;
        }
        let files = if images.is_mapped() { "mapped" } else { "read" };
        if no_mmap && is_default(&options.rule, &source.reading) && is_mnist(&images, &data)? {
            recorded = Some(RECORDED);
        }
        for &kernel in KernelName::value_variants() {
            for threads in BTreeSet::from([1, 2, available_parallelism()?.get()]) {
                let pool = ThreadPoolBuilder::new().num_threads(threads).build()?;
                runs.push(pool.install(|| Run::new(&data, files, &options.rule, kernel))?);
            }
        }
    }
    let verdict = verdict(&runs, recorded);
    if options.json {
        print_json(&Report {
            instructions: instructions::built_for(),
            runs: &runs,
            recorded,
            verified: verdict.is_ok(),
        })?;
        return verdict.map(drop);
    }
    print(&table(&runs))?;
    let fingerprint = &runs[0].fingerprint;
    print(&(present::line("\nfingerprint", fingerprint) + &present::line("verdict", &verdict?)))
}

impl Run {
    /// Trains and evaluates, in the thread pool that this is called in.
    fn new(
        data: &Data,
        files: &'static str,
        rule: &RuleOptions,
        kernel: KernelName,
    ) -> Result<Self> {
        let (images, labels) = data.training();
        let trained = training::train(data.shape()?, images, labels, rule, kernel.kernel())?;
        let (images, labels) = data.evaluation();
        let answers = evaluate(trained.network(), images, labels, kernel.kernel())?;
        Ok(Self {
            kernel: kernel.name(),
            threads: rayon::current_num_threads(),
            files,
            fingerprint: fingerprint(trained.network()),
            correct: answers.correct(),
            answers,
        })
    }

    /// What is compared.
    fn result(&self) -> (&str, &ConfusionMatrix) {
        (&self.fingerprint, &self.answers)
    }
}

/// Whether the options are those that [`RECORDED`] was made with.
fn is_default(rule: &RuleOptions, reading: &ReadingOptions) -> bool {
    let passes = &rule.passes;
    (rule.seed, rule.average, passes.epochs, passes.margin) == (1, false, 1, 0)
        && !reading.transpose.unwrap_or(false)
}

/// Whether the training set is that of MNIST.
fn is_mnist(images: &IdxFile, data: &Data) -> Result<bool> {
    let labels = IdxFile::read(data.train.labels_path())?;
    let known = [images, &labels].map(|file| FileReport::new(file).known);
    Ok(known == [Some("MNIST training images"), Some("MNIST training labels")])
}

/// A line for each run.
fn table(runs: &[Run]) -> String {
    let width = runs.iter().map(|run| run.kernel.len()).max();
    let width = width.unwrap_or(0).max("kernel".len());
    let mut text = format!(
        "{:<width$}  threads  files   accuracy  fingerprint\n",
        "kernel"
    );
    for run in runs {
        let (kernel, threads, files) = (run.kernel, run.threads, run.files);
        let (accuracy, start) = (run.answers.accuracy(), &run.fingerprint[..16]);
        writeln!(
            text,
            "{kernel:<width$}  {threads:>7}  {files:<6}  {accuracy:>8.4}  {start}"
        )
        .expect("a String takes any text");
    }
    text
}

/// What the runs prove.
fn verdict(runs: &[Run], recorded: Option<&str>) -> Result<String> {
    let first = &runs[0];
    if let Some(other) = runs.iter().find(|run| run.result() != first.result()) {
        let name = |run: &Run| format!("{}, threads {}, {}", run.kernel, run.threads, run.files);
        bail!(
            "({}) and ({}) have made different networks or answers",
            name(first),
            name(other)
        );
    }
    let proved = format!("{} runs, one network", runs.len());
    match recorded {
        None => Ok(proved),
        Some(recorded) if recorded == first.fingerprint => {
            Ok(format!("{proved}, the recorded one"))
        }
        Some(recorded) => bail!("{proved}, but not the recorded one, {recorded}"),
    }
}

#[cfg(test)]
mod tests {
    use mnist_kernel::{Kernel, Perceptron, Shape};

    use super::*;

    fn run(files: &'static str, fingerprint: &str, label: u8) -> Run {
        let network = Perceptron::from_parts(Shape::new(2, 1).unwrap(), &[0, 0], &[0, 0]).unwrap();
        Run {
            kernel: "simd",
            threads: 2,
            files,
            fingerprint: fingerprint.to_owned(),
            correct: 0,
            answers: evaluate(&network, &[0], &[label], Kernel::Scalar).unwrap(),
        }
    }

    #[test]
    fn one_network_is_compared_with_the_recorded_one() {
        let runs = [run("mapped", "a", 0), run("read", "a", 0)];
        assert_eq!(verdict(&runs, None).unwrap(), "2 runs, one network");
        assert_eq!(
            verdict(&runs, Some("a")).unwrap(),
            "2 runs, one network, the recorded one"
        );
        assert_eq!(
            verdict(&runs, Some("b")).unwrap_err().to_string(),
            "2 runs, one network, but not the recorded one, b"
        );
    }

    #[test]
    fn another_network_or_another_answer_fails_and_both_runs_are_named() {
        for other in [run("read", "b", 0), run("read", "a", 1)] {
            let runs = [run("mapped", "a", 0), run("mapped", "a", 0), other];
            assert_eq!(
                verdict(&runs, None).unwrap_err().to_string(),
                "(simd, threads 2, mapped) and (simd, threads 2, read) have made different \
                 networks or answers"
            );
        }
    }
}
