#![doc = include_str!("../README.md")]
#![deny(unsafe_code)]

mod average;
mod confusion_matrix;
mod error;
mod evaluation;
#[allow(unsafe_code)]
mod kernels;
mod layout;
mod perceptron;
mod prediction;
mod scores;
mod shape;
mod training;

pub use confusion_matrix::ConfusionMatrix;
pub use error::{Error, KernelError};
pub use evaluation::{evaluate, predict_all};
pub use kernels::Kernel;
pub use perceptron::{BIAS_LIMIT, ONE, Perceptron};
pub use prediction::{Prediction, relu};
pub use shape::Shape;
pub use training::{PassCounts, Training};
