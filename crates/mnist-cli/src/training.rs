//! Training a network by the options of the command line.

use std::hint::black_box;

use mnist_kernel::{Kernel, PassCounts, Perceptron, Shape, Training};

use crate::arguments::RuleOptions;
use crate::progress::Progress;

/// Images between two looks at the clock, and so many are fetched ahead: a millisecond or less.
const PIECE: usize = 2_000;

/// The smallest page of any system.
const PAGE: usize = 4096;

/// What training has made.
pub struct Trained {
    /// The network as it is after the last image.
    pub last: Perceptron,
    /// The average over all images, if asked for.
    pub average: Option<Perceptron>,
    /// What happened, for each epoch.
    pub epochs: Vec<PassCounts>,
}

impl Trained {
    /// The network that training was for: the average if asked for, else the last.
    pub fn network(&self) -> &Perceptron {
        self.average.as_ref().unwrap_or(&self.last)
    }
}

/// Trains a network from its random start. `images` is `[labels.len(), pixels]`.
pub fn train(
    shape: Shape,
    images: &[u8],
    labels: &[u8],
    rule: &RuleOptions,
    kernel: Kernel,
) -> Result<Trained, mnist_kernel::Error> {
    let mut last = Perceptron::random(shape, rule.seed);
    let mut training = Training::new(&mut last, kernel).with_margin(rule.passes.margin);
    if rule.average {
        training = training.with_average();
    }
    let progress = Progress::new(u64::from(rule.passes.epochs) * labels.len() as u64);
    // In the pool from the start: to hand it over from outside costs a wake-up for each piece.
    let epochs = rayon::scope(|_| -> Result<_, mnist_kernel::Error> {
        let mut epochs = Vec::new();
        for _epoch in 0..rule.passes.epochs {
            let mut counts = PassCounts::default();
            let pieces = images.chunks(PIECE.saturating_mul(shape.pixels()));
            let mut pieces = pieces.zip(labels.chunks(PIECE)).peekable();
            while let Some((images, labels)) = pieces.next() {
                let next = pieces.peek().map_or(&[][..], |&(images, _)| images);
                // Training keeps one core busy; an idle one sees to the next images meanwhile.
                let (piece, ()) = rayon::join(|| training.pass(images, labels), || fetch(next));
                let piece = piece?;
                counts.mistakes += piece.mistakes;
                counts.margin_updates += piece.margin_updates;
                progress.advance(labels.len() as u64);
            }
            epochs.push(counts);
        }
        Ok(epochs)
    })?;
    let average = training.average();
    Ok(Trained {
        last,
        average,
        epochs,
    })
}

/// Has the system make the pages of a mapped file ready, and read them if they are not in memory:
/// one byte of each is looked at.
fn fetch(bytes: &[u8]) {
    for page in bytes.chunks(PAGE) {
        black_box(page[0]);
    }
}
