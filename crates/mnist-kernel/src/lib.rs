//! The simplest neural network, done properly: one layer, `relu(w·x + b)`, the largest output
//! wins, trained by the perceptron's online rule.
//!
//! The files are the steps, in order:
//!
//! | step | file |
//! | --- | --- |
//! | the network: weights, biases, random start | `perceptron.rs`; in memory: `rows.rs` |
//! | the scores: one dot product a class | `scores.rs`, with a file for each [`Kernel`] |
//! | relu and argmax | `output.rs` |
//! | the rule: learn from a mistake | `training.rs` |
//! | the average of the pass | `average.rs` |
//! | the evaluation, on all cores | `evaluation.rs`, `confusion_matrix.rs` |
//!
//! Everything is an **exact integer**. Pixels are 0…255, so in units of 1/255 pixels, weights and
//! biases are integers and stay integers, and so are the scores in units of 1/255². Integer sums
//! do not depend on their order: every kernel, thread count and processor gives the same bits.
//!
//! ```
//! use mnist_kernel::{Kernel, Perceptron, Shape, evaluate};
//!
//! // Two images of four pixels: the left half bright is class 0, the right half class 1.
//! let images = [255, 200, 0, 10, 0, 5, 180, 255];
//! let labels = [0, 1];
//!
//! let mut network = Perceptron::random(Shape::new(2, 4)?, 1);
//! for _epoch in 0..5 {
//!     network.train_pass(&images, &labels, Kernel::Simd)?;
//! }
//! assert_eq!(evaluate(&network, &images, &labels, Kernel::Simd)?.accuracy(), 1.0);
//! # Ok::<(), mnist_kernel::Error>(())
//! ```
#![forbid(unsafe_code)]

mod average;
mod confusion_matrix;
mod error;
mod evaluation;
mod output;
mod perceptron;
mod rows;
mod scores;
mod shape;
mod training;

pub use confusion_matrix::ConfusionMatrix;
pub use error::Error;
pub use evaluation::evaluate;
pub use output::{predicted_class, relu};
pub use perceptron::{BIAS_LIMIT, ONE, Perceptron};
pub use scores::Kernel;
pub use shape::Shape;
pub use training::{PassCounts, Training};
