//! `trials`: the same training from many random starts.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, mpsc};

use anyhow::Result;
use clap::Args;
use mnist_kernel::{Perceptron, Shape, Training, evaluate};
use serde::Serialize;

use super::NetworkReport;
use crate::arguments::{ComputeOptions, DataOptions, HoldoutOptions, PassOptions};
use crate::data::Data;
use crate::examples::Example;
use crate::failure::Interrupted;
use crate::progress::Progress;
use crate::spread::{self, Spread};
use crate::stdio::{note, print, print_json, warn};
use crate::{output_file, present};

/// The examples of its help.
pub const EXAMPLES: &[Example] = &[
    ("trials", "a thousand seeds"),
    ("trials --seeds 0..100 --svg trials.svg", "a hundred, drawn"),
];

#[derive(Debug, Args)]
pub struct TrialsOptions {
    /// The seeds from A to B − 1, as many at a time as there are threads
    #[arg(
        long,
        value_name = "A..B",
        default_value = "0..1000",
        value_parser = parse_seeds
    )]
    pub seeds: Range<u64>,
    #[command(flatten)]
    pub data: DataOptions,
    #[command(flatten)]
    pub passes: PassOptions,
    #[command(flatten)]
    pub compute: ComputeOptions,
    #[command(flatten)]
    pub evaluation: HoldoutOptions,
    /// Print one JSON object per seed, in the order of the seeds, and the summary to stderr
    #[arg(long)]
    pub json: bool,
    /// Write a line for each seed as CSV
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// Draw the distributions of both networks as SVG
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
}

/// What came out of one seed; with `--json`, its line.
#[derive(Serialize)]
struct Trial {
    seed: u64,
    /// For each epoch.
    mistakes: Vec<u64>,
    last: NetworkReport,
    average: NetworkReport,
}

/// Trains a network for each seed and shows how the accuracies spread.
pub fn run(options: &TrialsOptions) -> Result<()> {
    options.compute.start()?;
    let data = Data::open(&options.data, options.evaluation.holdout)?;
    if let Some(warning) = data.warning() {
        warn(&warning);
    }
    let outputs = [&options.csv, &options.svg].into_iter().flatten();
    output_file::check(outputs.map(PathBuf::as_path), data.paths())?;
    let shape = data.shape()?;
    let interrupted = Interrupted::by_ctrl_c()?;

    let trials = all_seeds(options, &data, shape, &interrupted)?;
    let asked = options.seeds.end - options.seeds.start;
    let complete = trials.len() as u64 == asked;
    let stop = || match complete {
        true => Ok(()),
        false => Err(Interrupted.into()),
    };
    if trials.is_empty() {
        return stop();
    }

    let images = data.evaluation().1.len();
    let spread = |network: fn(&Trial) -> &NetworkReport| {
        let correct = trials
            .iter()
            .map(|trial| (trial.seed, network(trial).correct));
        Spread::new(correct, images as u64)
    };
    let (last, average) = (spread(|trial| &trial.last), spread(|trial| &trial.average));
    let title = title(options, &data, &trials, asked, images);
    let saved = save(options, &trials, &last, &average, &title);
    let text = format!("{title}\n\n{}", spread::summary(&last, &average));
    // On stdout `--json` has nothing but the seeds' lines.
    if options.json {
        note(text.trim_end());
    } else {
        print(&text)?;
    }
    saved?;
    stop()
}

/// Runs the seeds on all threads of the pool, prints their lines, and returns them in their order:
/// all of them, or those that were finished or under way when Ctrl-C came.
fn all_seeds(
    options: &TrialsOptions,
    data: &Data,
    shape: Shape,
    interrupted: &AtomicBool,
) -> Result<Vec<Trial>> {
    // Seeds are handed out in their order, so that a line never waits for long.
    let seeds = Mutex::new(options.seeds.clone());
    let next_seed = || {
        seeds
            .lock()
            .expect("no thread panics while it holds it")
            .next()
    };
    let progress = Progress::new(options.seeds.end - options.seeds.start);
    let (sender, receiver) = mpsc::channel();
    rayon::in_place_scope(|scope| {
        // One seed per thread: an evaluation is shared only with threads that have run out of
        // seeds.
        scope.spawn_broadcast(move |_, _| {
            while !interrupted.load(Ordering::Relaxed)
                && let Some(seed) = next_seed()
                // No one listens any more when the output has failed.
                && sender.send(one_seed(options, data, shape, seed)).is_ok()
            {}
        });
        let mut trials = Vec::new();
        let mut early = BTreeMap::new();
        for trial in receiver {
            let trial: Trial = trial?;
            progress.advance(1);
            early.insert(trial.seed, trial);
            while let Some(trial) = early.remove(&(options.seeds.start + trials.len() as u64)) {
                if options.json {
                    progress.suspend(|| print_json(&trial))?;
                }
                trials.push(trial);
            }
        }
        Ok(trials)
    })
}

/// Trains one network, without a word, and evaluates it and its average.
fn one_seed(
    options: &TrialsOptions,
    data: &Data,
    shape: Shape,
    seed: u64,
) -> Result<Trial, mnist_kernel::Error> {
    let kernel = options.compute.kernel();
    let mut last = Perceptron::random(shape, seed);
    let mut training = Training::new(&mut last, kernel)
        .with_margin(options.passes.margin)
        .with_average();
    let (images, labels) = data.training();
    let mistakes = (0..options.passes.epochs)
        .map(|_| Ok(training.pass(images, labels)?.mistakes))
        .collect::<Result<_, mnist_kernel::Error>>()?;
    let average = training.average().expect("it was asked for");

    let (images, labels) = data.evaluation();
    let report = |network| {
        let answers = evaluate(network, images, labels, kernel)?;
        Ok(NetworkReport::new(network, &answers))
    };
    Ok(Trial {
        seed,
        mistakes,
        last: report(&last)?,
        average: report(&average)?,
    })
}

/// `"1,000 seeds, 1 epoch: accuracy on 10,000 test images"`.
fn title(
    options: &TrialsOptions,
    data: &Data,
    trials: &[Trial],
    asked: u64,
    images: usize,
) -> String {
    let seeds = present::plural(trials.len() as u64, "seed");
    let of = match trials.len() as u64 == asked {
        true => String::new(),
        false => format!(" (of {}, interrupted)", present::count(asked as usize)),
    };
    let epochs = present::plural(options.passes.epochs.into(), "epoch");
    let margin = match options.passes.margin {
        0 => String::new(),
        margin => format!(", margin {margin}"),
    };
    let (images, on) = (present::count(images), data.evaluated_on());
    format!("{seeds}{of}, {epochs}{margin}: accuracy on {images} {on} images")
}

/// Writes the files that were asked for.
fn save(
    options: &TrialsOptions,
    trials: &[Trial],
    last: &Spread,
    average: &Spread,
    title: &str,
) -> Result<()> {
    if let Some(path) = &options.csv {
        output_file::write(path, csv(trials).as_bytes())?;
    }
    if let Some(path) = &options.svg {
        output_file::write(path, spread::svg(last, average, title)?.as_bytes())?;
    }
    Ok(())
}

/// A header, and a line for each seed. Mistakes are those of all epochs together.
fn csv(trials: &[Trial]) -> String {
    let mut text = "seed,mistakes,last_correct,last_accuracy,last_fingerprint,\
                    average_correct,average_accuracy,average_fingerprint\n"
        .to_owned();
    for Trial {
        seed,
        mistakes,
        last,
        average,
    } in trials
    {
        let mistakes: u64 = mistakes.iter().sum();
        let network = |report: &NetworkReport| {
            let NetworkReport {
                correct,
                accuracy,
                fingerprint,
            } = report;
            format!("{correct},{accuracy},{fingerprint}")
        };
        let (last, average) = (network(last), network(average));
        text += &format!("{seed},{mistakes},{last},{average}\n");
    }
    text
}

/// Reads `A..B`, half-open as in Rust.
fn parse_seeds(text: &str) -> Result<Range<u64>, String> {
    let seeds = text
        .split_once("..")
        .and_then(|(start, end)| Some(start.parse().ok()?..end.parse().ok()?));
    match seeds {
        Some(seeds) if !seeds.is_empty() => Ok(seeds),
        Some(_) => Err("there is no seed in it: B itself is not one of A..B".to_owned()),
        None => Err("write A..B, such as 0..1000 for the seeds 0 to 999".to_owned()),
    }
}
