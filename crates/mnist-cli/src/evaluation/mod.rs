//! A network's answers to labelled images, as text and as JSON.

pub mod answer;
pub mod confusion;

use std::time::Duration;

use anyhow::Result;
use mnist_kernel::{ConfusionMatrix, Kernel, ONE, Perceptron, evaluate};
use serde::{Serialize, Serializer};

use crate::data::ClassNames;
use crate::model::fingerprint;
use crate::terminal::line;

/// A network's answers to labelled images. It serializes as what `--json` says of them.
#[derive(Serialize)]
pub struct Evaluation<'a> {
    kernel: &'static str,
    threads: usize,
    evaluated_on: &'a str,
    /// Whether the images were normalized.
    normalized: bool,
    total: u64,
    #[serde(flatten)]
    pub summary: Summary,
    #[serde(rename = "confusion", serialize_with = "rows")]
    pub matrix: ConfusionMatrix,
    #[serde(skip_serializing_if = "Option::is_none")]
    class_names: Option<&'a ClassNames>,
}

/// The accuracy of one network of several, and which network it is.
#[derive(Clone, Serialize)]
pub struct Summary {
    pub correct: u64,
    /// 0…1; none without images.
    pub accuracy: Option<f64>,
    pub fingerprint: String,
}

impl Summary {
    /// Summarizes a network's answers.
    pub fn new(network: &Perceptron, answers: &ConfusionMatrix) -> Self {
        Self {
            correct: answers.correct(),
            accuracy: answers.accuracy(),
            fingerprint: fingerprint(network),
        }
    }
}

impl<'a> Evaluation<'a> {
    /// Evaluates a network on images `[labels.len(), pixels]` of the split `evaluated_on`.
    pub fn new(
        network: &Perceptron,
        (images, labels): (&[u8], &[u8]),
        evaluated_on: &'a str,
        normalized: bool,
        class_names: Option<&'a ClassNames>,
        kernel: Kernel,
    ) -> Result<Self> {
        let matrix = evaluate(network, images, labels, kernel)?;
        Ok(Self {
            kernel: kernel.name(),
            threads: rayon::current_num_threads(),
            evaluated_on,
            normalized,
            total: matrix.total(),
            summary: Summary::new(network, &matrix),
            matrix,
            class_names,
        })
    }

    /// The confusion matrix and the fingerprint, which end the text of every evaluation.
    pub fn text(&self) -> String {
        let confusion = confusion::text(&self.matrix, self.class_names);
        let mut fingerprint = self.summary.fingerprint[..16].to_owned();
        if self.normalized {
            fingerprint += ", for normalized images";
        }
        format!("\n{confusion}\n{}", line("fingerprint", fingerprint))
    }
}

/// `"accuracy 0.8831 (8831 of 10000)"`, with a remark on the images in the parentheses.
pub fn accuracy(matrix: &ConfusionMatrix, remark: &str) -> String {
    let (correct, total) = (matrix.correct(), matrix.total());
    match matrix.accuracy() {
        Some(accuracy) => format!("accuracy {accuracy:.4} ({correct} of {total}{remark})"),
        None => "no images".to_owned(),
    }
}

fn rows<S: Serializer>(matrix: &ConfusionMatrix, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(matrix.rows())
}

/// A score or an output in full pixels: a pixel of full ink with a weight of 1.0 adds 1.0.
pub fn full_pixels(score: i64) -> f64 {
    score as f64 / f64::from(ONE * ONE)
}

/// The times of a run's phases, in milliseconds, for JSON.
#[derive(Serialize)]
pub struct Milliseconds {
    load: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    train: Option<f64>,
    evaluate: f64,
}

impl Milliseconds {
    pub fn new(load: Duration, train: Option<Duration>, evaluate: Duration) -> Self {
        let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
        Self {
            load: milliseconds(load),
            train: train.map(milliseconds),
            evaluate: milliseconds(evaluate),
        }
    }
}
