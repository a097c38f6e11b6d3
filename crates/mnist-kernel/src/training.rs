//! The rule: look at one image, predict, and learn from a mistake.
//!
//! Rosenblatt's perceptron (1958), online: the image is added to the weights of the class that
//! should have won and subtracted from those of the class that did.

use wide::{i16x16, i32x16, u8x16};

use crate::average::Average;
use crate::output::{Answer, rival};
use crate::perceptron::{BIAS_LIMIT, ONE};
use crate::rows::{self, GROUP, LANES};
use crate::{Error, Kernel, Perceptron};

/// What a pass over the images has done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PassCounts {
    /// Images whose answer was wrong.
    pub mistakes: u64,
    /// Images whose answer was right, but by less than the margin.
    pub margin_updates: u64,
}

/// The training of one network, image after image.
///
/// As many passes as one likes; a pass may also be handed over in pieces, which is the same.
#[derive(Debug)]
pub struct Training<'network> {
    network: &'network mut Perceptron,
    kernel: Kernel,
    /// In the unit of the scores, 1/255².
    margin: i64,
    average: Option<Average>,
}

impl Perceptron {
    /// Trains one pass over the images by the article's rule and returns the count of mistakes.
    ///
    /// `images` is `[labels.len(), pixels]`, in units of 1/255.
    ///
    /// # Errors
    ///
    /// [`Error::ImageSize`] and [`Error::Label`]; the network is then as it was.
    pub fn train_pass(
        &mut self,
        images: &[u8],
        labels: &[u8],
        kernel: Kernel,
    ) -> Result<u64, Error> {
        Ok(Training::new(self, kernel).pass(images, labels)?.mistakes)
    }
}

impl<'network> Training<'network> {
    /// Training by the article's rule: learn from mistakes only.
    pub fn new(network: &'network mut Perceptron, kernel: Kernel) -> Self {
        Self {
            kernel,
            margin: 0,
            average: None,
            network,
        }
    }

    /// Learns from a right answer, too, when it leads by less than `pixels` full pixels
    /// (Krauth & Mézard 1987): its score, before relu, over the largest of the others. Zero is the
    /// article's rule.
    pub fn with_margin(mut self, pixels: u16) -> Self {
        self.margin = i64::from(pixels) * i64::from(ONE * ONE);
        self
    }

    /// Keeps the sum of the network after every image, for [`average`](Self::average).
    pub fn with_average(mut self) -> Self {
        self.average = Some(Average::new(self.network.shape()));
        self
    }

    /// One pass over the images in their order.
    ///
    /// `images` is `[labels.len(), pixels]`, in units of 1/255.
    ///
    /// # Errors
    ///
    /// [`Error::ImageSize`] and [`Error::Label`]; the network is then as it was.
    ///
    /// # Panics
    ///
    /// If there is an average, of 2³⁷ images or more in all passes.
    pub fn pass(&mut self, images: &[u8], labels: &[u8]) -> Result<PassCounts, Error> {
        let shape = self.network.shape();
        shape.check(images, labels)?;
        let mut padded = self.network.image_buffer();
        let mut scores = vec![[0; GROUP]; self.network.groups()];
        let mut counts = PassCounts::default();
        for (image, &label) in images.chunks_exact(shape.pixels()).zip(labels) {
            let image = rows::chunks(image, &mut padded);
            let mut answer = Answer::default();
            for (group, scores) in scores.iter_mut().enumerate() {
                *scores = self.kernel.group_scores(self.network, group, image);
                answer = answer.or_later(group * GROUP, scores);
            }
            let predicted = answer.class();
            if predicted != label {
                counts.mistakes += 1;
                self.learn(image, label, predicted);
            } else if self.margin > 0 {
                let scores = &scores.as_flattened()[..shape.classes()];
                let rival = rival(scores, label);
                let lead = scores[usize::from(label)] - scores[usize::from(rival)];
                if lead < self.margin {
                    counts.margin_updates += 1;
                    self.learn(image, label, rival);
                }
            }
            if let Some(average) = &mut self.average {
                average.count_image(self.network);
            }
        }
        Ok(counts)
    }

    /// Adds the image to the weights of its label and subtracts it from the rival's.
    fn learn(&mut self, image: &[[u8; LANES]], label: u8, rival: u8) {
        self.change(label, image, ONE, i16x16::saturating_add);
        self.change(rival, image, -ONE, i16x16::saturating_sub);
    }

    /// Changes the weights and the bias of a class; at their limits they stay.
    fn change(
        &mut self,
        class: u8,
        image: &[[u8; LANES]],
        bias_step: i32,
        step: impl Fn(i16x16, i16x16) -> i16x16,
    ) {
        let class = usize::from(class);
        let (rows, biases) = self.network.parts_mut();
        let pixels = image.iter().map(|&chunk| i16x16::from(u8x16::new(chunk)));
        let steps = rows.row_mut(class).zip(pixels);

        let bias = &mut biases[class];
        let bias_before = *bias;
        *bias = (*bias + bias_step).clamp(-BIAS_LIMIT, BIAS_LIMIT);

        match &mut self.average {
            None => {
                for (weights, pixels) in steps {
                    *weights = step(*weights, pixels);
                }
            }
            Some(average) => {
                let (images_before, sums, bias_sum) = average.class_mut(class);
                for ((weights, pixels), sums) in steps.zip(sums) {
                    let before = *weights;
                    *weights = step(before, pixels);
                    *sums += i32x16::from(*weights - before) * i32x16::splat(images_before);
                }
                *bias_sum += (*bias - bias_before) * images_before;
            }
        }
    }

    /// The network as it is after the last image.
    pub fn network(&self) -> &Perceptron {
        self.network
    }

    /// The mean of the network after every image so far, rounded half away from zero to the grid:
    /// the averaged perceptron (Freund & Schapire 1999, Collins 2002). Before the first image it
    /// is the start; `None` without [`with_average`](Self::with_average).
    ///
    /// # Panics
    ///
    /// If it is of 2³⁷ images or more.
    pub fn average(&self) -> Option<Perceptron> {
        let average = self.average.as_ref()?;
        Some(average.of(self.network))
    }
}
