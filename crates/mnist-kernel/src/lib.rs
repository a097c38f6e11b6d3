#![doc = include_str!("../README.md")]
#![deny(unsafe_code)]

mod average;
mod confusion_matrix;
mod error;
mod evaluation;
mod ink;
mod kernels;
mod layout;
mod normalization;
mod perceptron;
mod prediction;
mod scores;
mod shape;
mod size;
mod training;

pub use confusion_matrix::ConfusionMatrix;
pub use error::{Error, KernelError};
pub use evaluation::{evaluate, predict_all};
pub use ink::Ink;
pub use kernels::Kernel;
pub use normalization::normalize;
pub use perceptron::{BIAS_LIMIT, ONE, Perceptron};
pub use prediction::{Prediction, relu};
pub use shape::Shape;
pub use size::Size;
pub use training::{PassCounts, Training};
