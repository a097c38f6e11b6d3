//! The rule: look at one image, predict, and learn from a mistake.
//!
//! Rosenblatt's perceptron (1958), online: the image is added to the weights of the class that
//! should have won and subtracted from those of the class that did.

use std::array;
use std::ops::{Add, AddAssign};

use crate::average::Average;
use crate::kernels::Task;
use crate::layout::{self, GROUP, Image, LANES, MOST_GROUPS};
use crate::perceptron::{BIAS_LIMIT, ONE};
use crate::prediction::Answer;
use crate::scores::{DotProducts, group_scores};
use crate::{Error, Kernel, Perceptron, Prediction};

/// What a pass over the images has done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PassCounts {
    /// Images whose answer was wrong.
    pub mistakes: u64,
    /// Images whose answer was right, but by less than the margin.
    pub margin_updates: u64,
}

impl Add for PassCounts {
    type Output = Self;

    /// The counts of a pass in two pieces.
    fn add(self, other: Self) -> Self {
        Self {
            mistakes: self.mistakes + other.mistakes,
            margin_updates: self.margin_updates + other.margin_updates,
        }
    }
}

impl AddAssign for PassCounts {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
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
        self.network.shape().check(images, labels)?;
        let mut counts = PassCounts::default();
        self.kernel.run(Task::Train {
            pass: Pass {
                network: self.network,
                margin: self.margin,
                average: self.average.as_mut(),
                images,
                labels,
            },
            counts: &mut counts,
        });
        Ok(counts)
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

/// A pass under way.
pub(crate) struct Pass<'a> {
    network: &'a mut Perceptron,
    /// In the unit of the scores, 1/255².
    margin: i64,
    average: Option<&'a mut Average>,
    images: &'a [u8],
    labels: &'a [u8],
}

impl Pass<'_> {
    /// Looks at each image, and learns from it if need be.
    #[inline(always)]
    pub(crate) fn run(mut self, add_dot_products: impl DotProducts) -> PassCounts {
        let shape = self.network.shape();
        let mut scores = [[0; GROUP]; MOST_GROUPS];
        let mut counts = PassCounts::default();
        let images = layout::images(self.images, shape.pixels());
        for (image, &label) in images.zip(self.labels) {
            let mut answer = Answer::default();
            let groups = self.network.layer().groups().zip(&mut scores);
            for (index, (group, scores)) in groups.enumerate() {
                *scores = group_scores(group, &image, add_dot_products);
                answer = answer.or_later(index * GROUP, scores);
            }
            let predicted = answer.class();
            if predicted != label {
                counts.mistakes += 1;
                self.learn(&image, label, predicted);
            } else if self.margin > 0 {
                let prediction = Prediction::of(&scores.as_flattened()[..shape.classes()]);
                if prediction.lead < self.margin {
                    counts.margin_updates += 1;
                    self.learn(&image, label, prediction.rival);
                }
            }
            if let Some(average) = &mut self.average {
                average.count_image(self.network);
            }
        }
        counts
    }

    /// Adds the image to the weights of its label and subtracts it from the rival's.
    #[inline(always)]
    fn learn(&mut self, image: &Image<'_>, label: u8, rival: u8) {
        self.change(label, image, ONE, i16::saturating_add);
        self.change(rival, image, -ONE, i16::saturating_sub);
    }

    /// Changes the weights and the bias of a class; at their limits they stay.
    #[inline(always)]
    fn change(
        &mut self,
        class: u8,
        image: &Image<'_>,
        bias_step: i32,
        step: impl Fn(i16, i16) -> i16,
    ) {
        let class = usize::from(class);
        let (row, bias) = self.network.layer_mut().class_mut(class);
        let steps = row.zip(image.chunks());

        let bias_before = *bias;
        *bias = (*bias + bias_step).clamp(-BIAS_LIMIT, BIAS_LIMIT);

        match &mut self.average {
            None => steps.for_each(|(weights, pixels)| {
                let before = *weights;
                *weights = array::from_fn(|lane| step(before[lane], pixels[lane].into()));
            }),
            Some(average) => {
                let (images_before, sums, bias_sum) = average.class_mut(class);
                steps.zip(sums).for_each(|((weights, pixels), sums)| {
                    let before = *weights;
                    let after = array::from_fn(|lane| step(before[lane], pixels[lane].into()));
                    *weights = after;
                    for lane in 0..LANES {
                        sums[lane] += i32::from(after[lane] - before[lane]) * images_before;
                    }
                });
                *bias_sum += (*bias - bias_before) * images_before;
            }
        }
    }
}
