//! The network as its definition says: one loop, in `i128`, no thought of speed.

use std::fmt::Debug;

use mnist_kernel::{BIAS_LIMIT, ONE, PassCounts, Perceptron, Prediction};

/// A row for each class: its weights, and its bias as the weight of one more pixel that is always
/// 255, in units of 1/255.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    pub rows: Vec<Vec<i128>>,
}

/// The mean of the network after every image.
pub struct Mean {
    sums: Vec<Vec<i128>>,
    images: i128,
}

impl Reference {
    /// A copy of the network as it is.
    pub fn of(network: &Perceptron) -> Self {
        let row = |(class, &bias)| {
            let mut row: Vec<i128> = Vec::new();
            row.extend(network.weights(class).iter().map(|&w| i128::from(w)));
            row.push(i128::from(bias));
            row
        };
        let rows = network.biases().iter().enumerate().map(row).collect();
        Self { rows }
    }

    pub fn scores(&self, image: &[u8]) -> Vec<i128> {
        let image = with_bias_pixel(image);
        let score = |row: &Vec<i128>| row.iter().zip(&image).map(|(w, pixel)| w * pixel).sum();
        self.rows.iter().map(score).collect()
    }

    /// Learns from all images in their order, with a margin in full pixels.
    pub fn train(&mut self, images: &[u8], labels: &[u8], margin: u16) -> PassCounts {
        self.train_and_look(images, labels, margin, |_| ())
    }

    /// The same, and shows the network after every image.
    pub fn train_and_look(
        &mut self,
        images: &[u8],
        labels: &[u8],
        margin: u16,
        mut look: impl FnMut(&Self),
    ) -> PassCounts {
        let pixels = self.rows[0].len() - 1;
        let mut counts = PassCounts::default();
        for (image, &label) in images.chunks_exact(pixels).zip(labels) {
            self.learn(image, label, margin, &mut counts);
            look(self);
        }
        counts
    }

    fn learn(&mut self, image: &[u8], label: u8, margin: u16, counts: &mut PassCounts) {
        let scores = self.scores(image);
        let predicted = answer(&scores);
        let rival = if predicted != label {
            counts.mistakes += 1;
            usize::from(predicted)
        } else {
            let Prediction { rival, lead, .. } = prediction(&scores);
            if margin == 0 || lead >= i64::from(margin) * 65_025 {
                return;
            }
            counts.margin_updates += 1;
            usize::from(rival)
        };
        self.add(image, usize::from(label), 1);
        self.add(image, rival, -1);
    }

    fn add(&mut self, image: &[u8], class: usize, sign: i128) {
        let row = &mut self.rows[class];
        for (value, pixel) in row.iter_mut().zip(with_bias_pixel(image)) {
            *value += sign * pixel;
        }
        let (bias, weights) = row.split_last_mut().unwrap();
        for weight in weights {
            *weight = (*weight).clamp(-32_768, 32_767);
        }
        *bias = (*bias).clamp(-i128::from(BIAS_LIMIT), i128::from(BIAS_LIMIT));
    }

    /// How many weights and biases are at a limit.
    pub fn saturated(&self) -> usize {
        let at_limits = |row: &Vec<i128>| {
            let (bias, weights) = row.split_last().unwrap();
            let weights = weights.iter().filter(|w| [-32_768, 32_767].contains(*w));
            weights.count() + usize::from(bias.abs() == i128::from(BIAS_LIMIT))
        };
        self.rows.iter().map(at_limits).sum()
    }

    /// Fails at the first weight or bias that is another in `network`.
    #[track_caller]
    pub fn assert_is(&self, network: &Perceptron, context: impl Debug) {
        let found = Self::of(network);
        for (class, (row, expected)) in found.rows.iter().zip(&self.rows).enumerate() {
            let difference = (0..expected.len()).find(|&index| row[index] != expected[index]);
            if let Some(index) = difference {
                panic!(
                    "{context:?}: class {class}, weight {index} ({} is the bias) is {}, not {}",
                    expected.len() - 1,
                    row[index],
                    expected[index]
                );
            }
        }
        assert_eq!(found.rows.len(), self.rows.len());
    }
}

impl Mean {
    pub fn new(network: &Reference) -> Self {
        let sums = network.rows.iter().map(|row| vec![0; row.len()]).collect();
        Self { sums, images: 0 }
    }

    pub fn add(&mut self, network: &Reference) {
        for (sum, value) in self.sums.iter_mut().zip(&network.rows) {
            for (sum, value) in sum.iter_mut().zip(value) {
                *sum += value;
            }
        }
        self.images += 1;
    }

    /// The mean, rounded to the nearest integer and half away from zero.
    pub fn rounded(&self) -> Reference {
        let round = |sum: &i128| {
            let (quotient, rest) = (sum / self.images, sum % self.images);
            let away = 2 * rest.abs() >= self.images;
            quotient + if away { sum.signum() } else { 0 }
        };
        let rows = self.sums.iter().map(|row| row.iter().map(round).collect());
        Reference {
            rows: rows.collect(),
        }
    }
}

/// The first class that has the largest output.
pub fn answer(scores: &[i128]) -> u8 {
    let outputs: Vec<i128> = scores.iter().map(|&score| score.max(0)).collect();
    let largest = *outputs.iter().max().unwrap();
    let class = outputs.iter().position(|&output| output == largest);
    class.unwrap() as u8
}

/// The answer, the first of the others that has the largest score, and how far they are apart.
pub fn prediction(scores: &[i128]) -> Prediction {
    let class = answer(scores);
    let mut others = (0..scores.len()).filter(|&other| other != usize::from(class));
    let largest = others.clone().map(|other| scores[other]).max().unwrap();
    let rival = others.find(|&other| scores[other] == largest).unwrap();
    let lead = scores[usize::from(class)] - largest;
    Prediction {
        class,
        rival: rival as u8,
        lead: lead.try_into().unwrap(),
    }
}

fn with_bias_pixel(image: &[u8]) -> Vec<i128> {
    let pixels = image.iter().map(|&pixel| i128::from(pixel));
    pixels.chain([i128::from(ONE)]).collect()
}
