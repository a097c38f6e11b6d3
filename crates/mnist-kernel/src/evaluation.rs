//! The evaluation: the network's answer to every image, on all cores.

use rayon::prelude::*;

use crate::{ConfusionMatrix, Error, Kernel, Perceptron, predicted_class};

/// A core is not asked for fewer images than this: less than waking it costs.
const FEWEST_IMAGES: usize = 128;

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
    let nothing = || {
        (
            ConfusionMatrix::new(shape.classes()),
            network.score_buffer(),
        )
    };
    let (matrix, _) = images
        .par_chunks_exact(shape.pixels())
        .zip(labels)
        .with_min_len(FEWEST_IMAGES)
        .fold(nothing, |(mut matrix, mut scores), (image, &label)| {
            kernel.scores(network, image, &mut scores);
            matrix.count_answer(label, predicted_class(&scores[..shape.classes()]));
            (matrix, scores)
        })
        .reduce(nothing, |(matrix, scores), (other, _)| {
            (matrix.add(&other), scores)
        });
    Ok(matrix)
}
