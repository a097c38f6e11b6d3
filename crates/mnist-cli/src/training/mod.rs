//! Training a network on the data of a run.

mod rule;

pub use rule::{GivenRule, Rule, Updates};

use std::hint::black_box;

use anyhow::Result;
use mnist_kernel::{Kernel, PassCounts, Perceptron, Training};

use crate::data::Data;
use crate::terminal::Progress;

/// The images between two looks at the clock, and also those that are fetched ahead: a
/// millisecond or less of work.
const PIECE: usize = 2_000;

/// The smallest page of any system.
const PAGE: usize = 4096;

/// The result of training.
pub struct Trained {
    /// The network as it is after the last image.
    pub last: Perceptron,
    /// The average over all images, if the rule asks for it.
    pub average: Option<Perceptron>,
    /// What happened in each epoch.
    pub epochs: Vec<PassCounts>,
}

impl Trained {
    /// The network that the rule asks for: the average or the last.
    pub fn network(&self) -> &Perceptron {
        self.average.as_ref().unwrap_or(&self.last)
    }
}

/// Trains a network from its random start on all training images, with a progress bar.
pub fn train(data: &Data, rule: &Rule, kernel: Kernel) -> Result<Trained> {
    let images = u64::from(rule.updates.epochs) * data.trained as u64;
    let progress = Progress::new(images);
    // In the pool from the start: handing each piece over from outside costs a wake-up.
    rayon::scope(|_| epochs(data, rule, kernel, Some(&progress)))
}

/// The same in the present thread alone and without progress, for many networks side by side.
pub fn train_alone(data: &Data, rule: &Rule, kernel: Kernel) -> Result<Trained> {
    epochs(data, rule, kernel, None)
}

/// Trains by the rule. Where progress is shown, the next images are fetched while training goes on.
fn epochs(
    data: &Data,
    rule: &Rule,
    kernel: Kernel,
    progress: Option<&Progress>,
) -> Result<Trained> {
    let (images, labels) = data.training();
    let mut last = Perceptron::random(data.shape()?, rule.seed);
    let mut training = Training::new(&mut last, kernel).with_margin(rule.updates.margin);
    if rule.average {
        training = training.with_average();
    }
    let mut epochs = Vec::new();
    for epoch in 0..u64::from(rule.updates.epochs) {
        let mut counts = PassCounts::default();
        let mut learned = 0;
        let pieces = images.chunks(PIECE.saturating_mul(data.train.pixels()));
        let mut pieces = pieces.zip(labels.chunks(PIECE)).peekable();
        while let Some((images, labels)) = pieces.next() {
            let next = pieces.peek().map_or(&[][..], |&(images, _)| images);
            // Training keeps one core busy; an idle one sees to the next images meanwhile.
            let ahead = || progress.map_or((), |_| fetch(next));
            let (piece, ()) = rayon::join(|| training.pass(images, labels), ahead);
            counts += piece?;
            learned += labels.len() as u64;
            if let Some(progress) = progress {
                let right = learned - counts.mistakes;
                progress.advance(labels.len() as u64);
                progress.show(
                    epoch * data.trained as u64 + learned,
                    right as f64 / learned as f64,
                );
            }
        }
        epochs.push(counts);
    }
    Ok(Trained {
        average: training.average(),
        last,
        epochs,
    })
}

/// Makes the system prepare the pages of a mapped file, and read them if they are not in memory,
/// by looking at one byte of each.
fn fetch(bytes: &[u8]) {
    for page in bytes.chunks(PAGE) {
        black_box(page[0]);
    }
}
