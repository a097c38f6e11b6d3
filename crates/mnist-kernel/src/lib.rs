#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod average;
mod confusion_matrix;
mod error;
mod evaluation;
mod ink;
mod normalization;
mod output;
mod perceptron;
mod rows;
mod scores;
mod shape;
mod size;
mod training;

pub use confusion_matrix::ConfusionMatrix;
pub use error::Error;
pub use evaluation::evaluate;
pub use ink::Ink;
pub use normalization::normalize;
pub use output::{predicted_class, relu, rival};
pub use perceptron::{BIAS_LIMIT, ONE, Perceptron};
pub use scores::Kernel;
pub use shape::Shape;
pub use size::Size;
pub use training::{PassCounts, Training};
