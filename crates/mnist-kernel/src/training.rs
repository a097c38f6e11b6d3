//! The rule: look at one image, predict, and learn from a mistake.
//!
//! Rosenblatt's perceptron (1958), online: the image is added to the weights of the class that
//! should have won and subtracted from those of the class that did.

use std::ops::{Add, AddAssign};

use crate::average::Average;
use crate::kernels::Task;
use crate::layout::{GROUP, Image, LANES, MOST_GROUPS};
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

/// A kernel's function: it adds pixels to weights, multiplied by a sign of 1 or -1; at their limits
/// weights stay. What that changes is added to the sums, if there are any, times their factor.
pub(crate) trait Change:
    Fn(&mut [i16; LANES], &[u8; LANES], i16, Option<(&mut [i32; LANES], i32)>) + Copy
{
}

impl<F: Fn(&mut [i16; LANES], &[u8; LANES], i16, Option<(&mut [i32; LANES], i32)>) + Copy> Change
    for F
{
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
    pub(crate) fn run(
        mut self,
        add_dot_products: impl DotProducts,
        change: impl Change,
    ) -> PassCounts {
        let shape = self.network.shape();
        let mut scores = [[0; GROUP]; MOST_GROUPS];
        let mut counts = PassCounts::default();
        for (image, &label) in self.labels.iter().enumerate() {
            let image = Image::of(self.images, shape.pixels(), image);
            let mut answer = Answer::default();
            let groups = self.network.layer().groups().zip(&mut scores);
            for (index, (group, scores)) in groups.enumerate() {
                *scores = group_scores(group, &image, add_dot_products);
                answer = answer.or_later(index * GROUP, scores);
            }
            let predicted = answer.class();
            if predicted != label {
                counts.mistakes += 1;
                self.learn(&image, label, predicted, change);
            } else if self.margin > 0 {
                let prediction = Prediction::of(&scores.as_flattened()[..shape.classes()]);
                if prediction.lead < self.margin {
                    counts.margin_updates += 1;
                    self.learn(&image, label, prediction.rival, change);
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
    fn learn(&mut self, image: &Image<'_>, label: u8, rival: u8, change: impl Change) {
        let (label, rival) = (usize::from(label), usize::from(rival));
        let layer = self.network.layer_mut();
        let steps = [(label, 1), (rival, -1)];
        let rows = steps.map(|(class, sign)| (layer.find(class), sign));
        let (length, weights) = (layer.length(), layer.chunks_mut());
        let mut sums = self.average.as_mut().map(|average| average.chunks_mut());
        // Both rows chunk by chunk, so that what the next image needs first is stored long before.
        for index in 0..length {
            for (row, sign) in rows {
                let sums = sums.as_mut();
                let sums = sums.map(|(sums, images)| (row.chunk_mut(sums, index), *images));
                change(
                    row.chunk_mut(weights, index),
                    image.chunk(index),
                    sign,
                    sums,
                );
            }
        }
        for (class, sign) in steps {
            let bias = &mut layer.biases_mut()[class];
            let before = *bias;
            *bias = (before + i32::from(sign) * ONE).clamp(-BIAS_LIMIT, BIAS_LIMIT);
            if let Some(average) = &mut self.average {
                let (sum, images) = average.bias_mut(class);
                *sum += images * (*bias - before);
            }
        }
    }
}
