//! The runs: a network for each seed.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, mpsc};

use anyhow::Result;
use mnist_kernel::{Kernel, Perceptron, evaluate};
use serde::Serialize;

use crate::data::Data;
use crate::evaluation::Summary;
use crate::terminal::Progress;
use crate::training::{Rule, Updates, train_alone};

/// The result of one seed; with `--json`, its line.
#[derive(Serialize)]
pub struct Trial {
    pub seed: u64,
    /// For each epoch.
    mistakes: Vec<u64>,
    pub last: Summary,
    pub average: Summary,
}

impl Trial {
    /// Trains one network and evaluates it and its average.
    fn new(data: &Data, rule: &Rule, kernel: Kernel) -> Result<Self> {
        let trained = train_alone(data, rule, kernel)?;
        let (images, labels) = data.evaluation();
        let summary = |network: &Perceptron| -> Result<Summary> {
            let answers = evaluate(network, images, labels, kernel)?;
            Ok(Summary::new(network, &answers))
        };
        Ok(Self {
            seed: rule.seed,
            mistakes: trained.epochs.iter().map(|epoch| epoch.mistakes).collect(),
            last: summary(&trained.last)?,
            average: summary(trained.network())?,
        })
    }
}

/// Runs the seeds on all threads of the pool and returns their trials in the order of the seeds:
/// all of them, or those that were finished or under way when `interrupted` became true. `each` is
/// called with every trial, in the same order, as soon as it can be.
pub fn run(
    data: &Data,
    updates: &Updates,
    seeds: Range<u64>,
    kernel: Kernel,
    interrupted: &AtomicBool,
    each: impl Fn(&Trial) -> Result<()>,
) -> Result<Vec<Trial>> {
    let progress = Progress::new(seeds.end - seeds.start);
    let first = seeds.start;
    // Seeds are handed out in their order, so that a trial never waits for long.
    let seeds = Mutex::new(seeds);
    let next_seed = || {
        let mut seeds = seeds.lock().expect("no thread panics while it holds it");
        seeds.next()
    };
    let trial = |seed| {
        let (average, updates) = (true, updates.clone());
        let rule = Rule {
            seed,
            average,
            updates,
        };
        Trial::new(data, &rule, kernel)
    };
    let (sender, receiver) = mpsc::channel();
    rayon::in_place_scope(|scope| {
        // One seed per thread: an evaluation is shared only with threads that have run out of
        // seeds.
        scope.spawn_broadcast(move |_, _| {
            while !interrupted.load(Ordering::Relaxed)
                && let Some(seed) = next_seed()
                // No one listens any more when the output has failed.
                && sender.send(trial(seed)).is_ok()
            {}
        });
        let images = data.trained as u64 * u64::from(updates.epochs);
        let (mut trials, mut done, mut correct) = (Vec::new(), 0, 0);
        let mut early = BTreeMap::new();
        for trial in receiver {
            let trial = trial?;
            (done, correct) = (done + 1, correct + trial.average.correct);
            let answers = done * data.evaluation().1.len() as u64;
            progress.advance(1);
            progress.show(done * images, correct as f64 / answers as f64);
            early.insert(trial.seed, trial);
            while let Some(trial) = early.remove(&(first + trials.len() as u64)) {
                progress.suspend(|| each(&trial))?;
                trials.push(trial);
            }
        }
        Ok(trials)
    })
}

/// The trials as CSV: a header, and a line for each seed. Mistakes are those of all epochs
/// together.
pub fn csv(trials: &[Trial]) -> String {
    let mut text = "seed,mistakes,last_correct,last_accuracy,last_fingerprint,\
                    average_correct,average_accuracy,average_fingerprint\n"
        .to_owned();
    for trial in trials {
        text += &format!("{},{}", trial.seed, trial.mistakes.iter().sum::<u64>());
        for network in [&trial.last, &trial.average] {
            let accuracy = network.accuracy.unwrap_or_default();
            text += &format!(",{},{accuracy},{}", network.correct, network.fingerprint);
        }
        text += "\n";
    }
    text
}
