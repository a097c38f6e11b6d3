//! The evaluation: the network's answer to every image, on all cores.

use rayon::prelude::*;

use crate::kernels::Task;
use crate::layout::{self, GROUP};
use crate::prediction::Answer;
use crate::scores::{DotProducts, group_scores};
use crate::{ConfusionMatrix, Error, Kernel, Perceptron, Prediction};

/// Images that one core handles in one go: fewer are less work than waking a core is.
const PIECE: usize = 128;

/// Counts the network's answers to all images, in the current rayon thread pool.
///
/// `images` is `[labels.len(), pixels]`, in units of 1/255.
///
/// # Errors
///
/// [`Error::ImageSize`] and [`Error::Label`].
pub fn evaluate(
    network: &Perceptron,
    images: &[u8],
    labels: &[u8],
    kernel: Kernel,
) -> Result<ConfusionMatrix, Error> {
    let shape = network.shape();
    shape.check(images, labels)?;
    let start = || ConfusionMatrix::new(shape.classes());
    let matrix = images
        .par_chunks(PIECE * shape.pixels())
        .zip(labels.par_chunks(PIECE))
        .fold(start, |mut matrix, (images, labels)| {
            let mut answers = [Answer::default(); PIECE];
            kernel.run(Task::Answer {
                network,
                images,
                answers: &mut answers,
            });
            for (answer, &label) in answers.iter().zip(labels) {
                matrix.count_answer(label, answer.class());
            }
            matrix
        })
        .reduce(start, |matrix, other| matrix.add(&other));
    Ok(matrix)
}

/// The prediction of each image, in their order, in the current rayon thread pool.
///
/// `images` is `[images, pixels]`, in units of 1/255.
///
/// # Errors
///
/// [`Error::ImageSize`], if `images` is not a whole number of images.
pub fn predict_all(
    network: &Perceptron,
    images: &[u8],
    kernel: Kernel,
) -> Result<Vec<Prediction>, Error> {
    let pixels = network.shape().pixels();
    network
        .shape()
        .check_images(images, images.len() / pixels)?;
    let images = images.par_chunks(pixels).with_min_len(PIECE);
    images.map(|image| network.predict(image, kernel)).collect()
}

/// Turns the answers, so far to no class at all, into those of all classes.
#[inline(always)]
pub(crate) fn answer_images(
    network: &Perceptron,
    images: &[u8],
    answers: &mut [Answer],
    add_dot_products: impl DotProducts,
) {
    // A group's weights stay in the first-level cache for all images of the piece.
    for (index, group) in network.layer().groups().enumerate() {
        let images = layout::images(images, network.shape().pixels());
        for (image, answer) in images.zip(&mut *answers) {
            // Classes that fill the last group score 0, which never wins.
            let scores = group_scores(group, &image, add_dot_products);
            *answer = answer.or_later(index * GROUP, &scores);
        }
    }
}
