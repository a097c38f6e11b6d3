//! What a kernel does in one go: whole loops over many images. They are compiled for the kernel's
//! instructions, and no image pays for the way there.

use crate::evaluation::answer_images;
use crate::layout::{GROUP, Image};
use crate::prediction::Answer;
use crate::scores::{DotProducts, group_scores};
use crate::training::Pass;
use crate::{PassCounts, Perceptron};

/// A piece of work, and where its result goes.
pub(crate) enum Task<'a> {
    /// The scores of one image, `[groups, GROUP]`.
    Score {
        network: &'a Perceptron,
        image: &'a [u8],
        scores: &'a mut [[i64; GROUP]],
    },
    /// The answers to images.
    Answer {
        network: &'a Perceptron,
        images: &'a [u8],
        answers: &'a mut [Answer],
    },
    /// A pass of training over images.
    Train {
        pass: Pass<'a>,
        counts: &'a mut PassCounts,
    },
}

impl Task<'_> {
    /// Does the work with a kernel's dot products.
    #[inline(always)]
    pub(crate) fn run(self, add_dot_products: impl DotProducts) {
        match self {
            Self::Score {
                network,
                image,
                scores,
            } => {
                let image = Image::new(image);
                for (scores, group) in scores.iter_mut().zip(network.layer().groups()) {
                    *scores = group_scores(group, &image, add_dot_products);
                }
            }
            Self::Answer {
                network,
                images,
                answers,
            } => answer_images(network, images, answers, add_dot_products),
            Self::Train { pass, counts } => *counts = pass.run(add_dot_products),
        }
    }
}
