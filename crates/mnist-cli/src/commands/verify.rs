//! `verify`: the same network on every kernel, on any number of threads, mapped and read.

use std::collections::BTreeSet;
use std::thread::available_parallelism;

use anyhow::{Result, bail};
use clap::Args;
use mnist_idx::{IdxFile, Split};
use mnist_kernel::{ConfusionMatrix, Kernel, evaluate};
use rayon::ThreadPoolBuilder;
use serde::Serialize;

use crate::data::{Data, DataOptions, FileReport};
use crate::evaluation::Summary;
use crate::terminal::{examples, four_decimals, line, print, print_json, table};
use crate::training::{Rule, train};

/// The network of the default rule, one epoch from seed 1, on MNIST.
const RECORDED: &str = "5c46a0a875f107eede7cd1b28218f1a025ffee6dc2d6ca1bb19d9a7150bf6751";

/// Train the same network on every kernel, with 1, 2 and all threads, mapped and read, and
/// compare: exit code 1 if a bit differs
#[derive(Debug, Args)]
#[command(after_help = examples(&[
    ("verify", "the default network, on MNIST"),
    ("verify --seed 8 --average", "another one"),
]))]
pub struct Options {
    #[command(flatten)]
    data: DataOptions,
    #[command(flatten)]
    rule: Rule,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// One way to make the network, and the result.
#[derive(Serialize)]
struct Run {
    kernel: &'static str,
    threads: usize,
    files: &'static str,
    #[serde(flatten)]
    summary: Summary,
    #[serde(skip)]
    answers: ConfusionMatrix,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    runs: &'a [Run],
    /// The fingerprint to compare with, where one is recorded.
    recorded: Option<&'a str>,
    verified: bool,
}

impl Options {
    /// Trains in every way, prints each fingerprint, and fails if they differ.
    pub fn run(&self) -> Result<()> {
        let mut runs = Vec::new();
        let mut recorded = None;
        for no_mmap in [false, true] {
            let mut source = self.data.clone();
            source.reading.no_mmap |= no_mmap;
            let data = Data::open(&source, None, self.rule.updates.normalize)?;
            let (images, labels) = source.files(Split::Train, true)?;
            if !images.is_mapped() && !no_mmap {
                // These files are read either way.
                continue;
            }
            let files = if images.is_mapped() { "mapped" } else { "read" };
            if no_mmap && self.rule.is_default() && !data.transposed && is_mnist(&images, labels) {
                recorded = Some(RECORDED);
            }
            for kernel in Kernel::available() {
                for threads in BTreeSet::from([1, 2, available_parallelism()?.get()]) {
                    let pool = ThreadPoolBuilder::new().num_threads(threads).build()?;
                    runs.push(pool.install(|| Run::new(&data, files, &self.rule, kernel))?);
                }
            }
        }
        let verdict = verdict(&runs, recorded);
        if self.json {
            print_json(&Report {
                runs: &runs,
                recorded,
                verified: verdict.is_ok(),
            })?;
            return verdict.map(drop);
        }
        print(&table_of(&runs))?;
        let fingerprint = &runs[0].summary.fingerprint;
        print(&(line("\nfingerprint", fingerprint) + &line("verdict", verdict?)))
    }
}

impl Run {
    /// Trains and evaluates in the thread pool that this is called in.
    fn new(data: &Data, files: &'static str, rule: &Rule, kernel: Kernel) -> Result<Self> {
        let trained = train(data, rule, kernel)?;
        let (images, labels) = data.evaluation();
        let answers = evaluate(trained.network(), images, labels, kernel)?;
        Ok(Self {
            kernel: kernel.name(),
            threads: rayon::current_num_threads(),
            files,
            summary: Summary::new(trained.network(), &answers),
            answers,
        })
    }

    /// What is compared.
    fn result(&self) -> (&str, &ConfusionMatrix) {
        (&self.summary.fingerprint, &self.answers)
    }
}

/// Whether the training set is that of MNIST.
fn is_mnist(images: &IdxFile, labels: Option<IdxFile>) -> bool {
    let known = [Some(images), labels.as_ref()].map(|file| FileReport::new(file?).known);
    known == [Some("MNIST training images"), Some("MNIST training labels")]
}

/// A line for each run.
fn table_of(runs: &[Run]) -> String {
    let row = |run: &Run| {
        [
            run.kernel.to_owned(),
            run.threads.to_string(),
            run.files.to_owned(),
            four_decimals(run.summary.accuracy),
            run.summary.fingerprint[..16].to_owned(),
        ]
    };
    let header = ["kernel", "threads", "files", "accuracy", "fingerprint"];
    table(header, runs.iter().map(row))
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
        Some(recorded) if recorded == first.summary.fingerprint => {
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
        let answers = evaluate(&network, &[0], &[label], Kernel::best()).unwrap();
        let mut summary = Summary::new(&network, &answers);
        summary.fingerprint = fingerprint.to_owned();
        Run {
            kernel: "scalar",
            threads: 2,
            files,
            summary,
            answers,
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
                "(scalar, threads 2, mapped) and (scalar, threads 2, read) have made different \
                 networks or answers"
            );
        }
    }
}
