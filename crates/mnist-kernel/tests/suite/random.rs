//! Random networks, images and labels: the shape and a seed are the property test's, so that it
//! shrinks them; the many numbers are made from the seed.

use mnist_kernel::{BIAS_LIMIT, Perceptron, Shape};
use proptest::prelude::*;
use proptest::sample::select;
use rand::rngs::ChaCha8Rng;
use rand::{Rng, SeedableRng};

/// From which numbers weights and biases are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Values {
    /// −25…25.
    Small,
    /// All that there are.
    Any,
    /// At most four steps of 255 from a limit, and every second one at the limit.
    NearLimits,
    /// All at the lower limit.
    Lowest,
    /// All at the upper limit.
    Highest,
}

/// A network and data for it.
#[derive(Debug, Clone)]
pub struct Case {
    pub classes: usize,
    pub pixels: usize,
    pub values: Values,
    /// All pixels are 255.
    pub bright: bool,
    pub seed: u64,
}

/// Cases of 2 to 64 classes and 1 to 5000 pixels.
pub fn cases() -> impl Strategy<Value = Case> {
    let classes = prop_oneof![2 => 2..=64usize, 1 => Just(10)];
    // Where chunks and blocks begin and end.
    let boundary = (select(&[16, 784, 1024, 2048, 4096][..]), 0..=4usize);
    let pixels = prop_oneof![
        1..=40usize,
        1..=5000usize,
        boundary.prop_map(|(boundary, offset)| boundary - 2 + offset),
    ];
    const VALUES: [Values; 5] = [
        Values::Small,
        Values::Any,
        Values::NearLimits,
        Values::Lowest,
        Values::Highest,
    ];
    let rest = (select(&VALUES[..]), any::<bool>(), any::<u64>());
    (classes, pixels, rest).prop_map(|(classes, pixels, (values, bright, seed))| Case {
        classes,
        pixels,
        values,
        bright,
        seed,
    })
}

impl Case {
    pub fn new(classes: usize, pixels: usize, values: Values) -> Self {
        Self {
            classes,
            pixels,
            values,
            bright: false,
            seed: 1,
        }
    }

    pub fn network(&self) -> Perceptron {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        let mut value = |limits: (i32, i32)| self.values.random(limits, &mut rng);
        let weights = (0..self.classes * self.pixels)
            .map(|_| value((i16::MIN.into(), i16::MAX.into())) as i16)
            .collect::<Vec<_>>();
        let biases = (0..self.classes)
            .map(|_| value((-BIAS_LIMIT, BIAS_LIMIT)))
            .collect::<Vec<_>>();
        let shape = Shape::new(self.classes, self.pixels).unwrap();
        Perceptron::from_parts(shape, &weights, &biases).unwrap()
    }

    /// Images and labels that have nothing to do with each other: a start for many mistakes.
    pub fn data(&self, images: usize) -> (Vec<u8>, Vec<u8>) {
        let mut rng = ChaCha8Rng::seed_from_u64(!self.seed);
        let mut pixels = vec![255; images * self.pixels];
        if !self.bright {
            rng.fill_bytes(&mut pixels);
        }
        let labels = (0..images).map(|_| below(self.classes, &mut rng) as u8);
        (pixels, labels.collect())
    }
}

impl Values {
    fn random(self, (lowest, highest): (i32, i32), rng: &mut ChaCha8Rng) -> i32 {
        match self {
            Self::Small => below(51, rng) as i32 - 25,
            Self::Any => lowest + below((highest - lowest) as usize + 1, rng) as i32,
            Self::NearLimits => {
                let distance = below(2, rng) as i32 * below(1021, rng) as i32;
                match below(2, rng) {
                    0 => lowest + distance,
                    _ => highest - distance,
                }
            }
            Self::Lowest => lowest,
            Self::Highest => highest,
        }
    }
}

/// A random integer from 0 and below `end`.
fn below(end: usize, rng: &mut ChaCha8Rng) -> usize {
    ((u64::from(rng.next_u32()) * end as u64) >> 32) as usize
}

/// The configuration of all property tests here.
pub fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}
