//! The evaluation: the network's answer to every image, on all cores.

use rayon::prelude::*;

use crate::output::Answer;
use crate::rows::{self, GROUP};
use crate::{ConfusionMatrix, Error, Kernel, Perceptron};

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
    let start = || {
        (
            ConfusionMatrix::new(shape.classes()),
            network.image_buffer(),
        )
    };
    let (matrix, _) = images
        .par_chunks(PIECE * shape.pixels())
        .zip(labels.par_chunks(PIECE))
        .fold(start, |(mut matrix, mut padded), (images, labels)| {
            let mut answers = [Answer::default(); PIECE];
            // A group's weights stay in the first-level cache for all images of the piece.
            for group in 0..network.groups() {
                for (image, answer) in images.chunks_exact(shape.pixels()).zip(&mut answers) {
                    let image = rows::chunks(image, &mut padded);
                    // Classes that fill the last group score 0, which never wins.
                    let scores = kernel.group_scores(network, group, image);
                    *answer = answer.or_later(group * GROUP, &scores);
                }
            }
            for (answer, &label) in answers.iter().zip(labels) {
                matrix.count_answer(label, answer.class());
            }
            (matrix, padded)
        })
        .reduce(start, |(matrix, padded), (other, _)| {
            (matrix.add(&other), padded)
        });
    Ok(matrix)
}
