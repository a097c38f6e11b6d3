//! How the accuracy of a network spreads over the seeds of its random start.

use std::ops::Range;

/// The right answers of one kind of network, for each seed.
pub struct Spread {
    /// Right answers and seed, sorted; at least one.
    trials: Vec<(u64, u64)>,
    /// Images answered.
    images: u64,
}

/// A range of right answers, and how many seeds are in it.
pub struct Bin {
    pub correct: Range<u64>,
    pub seeds: u64,
}

impl Spread {
    /// The spread of seeds with their right answers to `images` images.
    ///
    /// # Panics
    ///
    /// If there are no seeds.
    pub fn new(trials: impl Iterator<Item = (u64, u64)>, images: u64) -> Self {
        let mut trials: Vec<_> = trials.map(|(seed, correct)| (correct, seed)).collect();
        assert!(!trials.is_empty(), "nothing has no spread");
        trials.sort_unstable();
        Self { trials, images }
    }

    /// Right answers as a share of all, 0…1.
    pub fn share(&self, correct: u64) -> f64 {
        correct as f64 / self.images as f64
    }

    /// Minimum, lower quartile, median, upper quartile and maximum of the accuracy. Between two
    /// seeds a quartile is interpolated linearly (Hyndman & Fan 1996, type 7).
    pub fn quartiles(&self) -> [f64; 5] {
        let last = self.trials.len() - 1;
        [0, 1, 2, 3, 4].map(|quarters| {
            let (below, rest) = (quarters * last / 4, quarters * last % 4);
            let [below, above] = [below, (below + 1).min(last)].map(|i| self.trials[i].0 as f64);
            (below + (above - below) * rest as f64 / 4.0) / self.images as f64
        })
    }

    /// The mean of the accuracy.
    pub fn mean(&self) -> f64 {
        let correct: u64 = self.trials.iter().map(|(correct, _)| correct).sum();
        self.share(correct) / self.trials.len() as f64
    }

    /// The standard deviation of the accuracy, estimated from these seeds for all seeds (divided
    /// by one less than their number); `None` for a single seed.
    pub fn standard_deviation(&self) -> Option<f64> {
        let mean = self.mean();
        let square = |&(correct, _): &(u64, u64)| (self.share(correct) - mean).powi(2);
        let squares: f64 = self.trials.iter().map(square).sum();
        let degrees = self.trials.len() - 1;
        (degrees > 0).then(|| (squares / degrees as f64).sqrt())
    }

    /// The first `count` seeds of the lowest accuracy, of the nearest to the mean, and of the
    /// highest, each with its accuracy, the most fitting first.
    pub fn seeds_at(&self, count: usize) -> [Vec<(u64, f64)>; 3] {
        let mean = self.mean();
        let first_by = |order: &dyn Fn(f64) -> f64| {
            let seeds = self.trials.iter();
            let mut seeds: Vec<_> = seeds.map(|&(c, seed)| (seed, self.share(c))).collect();
            seeds.sort_by(|a, b| order(a.1).total_cmp(&order(b.1)).then(a.0.cmp(&b.0)));
            seeds.truncate(count);
            seeds
        };
        let nearest = first_by(&|share| (share - mean).abs());
        [first_by(&|share| share), nearest, first_by(&|share| -share)]
    }

    /// The smallest and the largest count of right answers.
    pub fn ends(&self) -> (u64, u64) {
        (self.trials[0].0, self.trials[self.trials.len() - 1].0)
    }

    /// The distribution in bins of `width` counts, which begin at multiples of it, from the
    /// lowest seed's to the highest's.
    pub fn bins(&self, width: u64) -> Vec<Bin> {
        let (lowest, highest) = self.ends();
        let bins = lowest / width..=highest / width;
        bins.map(|bin| {
            let correct = bin * width..(bin + 1) * width;
            let seeds = self.trials.iter().filter(|(c, _)| correct.contains(c));
            Bin {
                seeds: seeds.count() as u64,
                correct,
            }
        })
        .collect()
    }
}

/// The smallest of 1, 2, 5, 10, 20, 50, … by which the counts between `lowest` and `highest` fall
/// into at most `bins` bins.
pub fn bin_width((lowest, highest): (u64, u64), bins: u64) -> u64 {
    let powers = (0..).map(|power| 10_u64.pow(power));
    powers
        .flat_map(|power| [power, 2 * power, 5 * power])
        .find(|width| highest / width - lowest / width < bins)
        .expect("one of them is larger than the counts")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(correct: &[u64]) -> Spread {
        Spread::new((0..).zip(correct.iter().copied()), 10)
    }

    /// NumPy: quantile([1, 2, 4, 9], [0, .25, .5, .75, 1]), mean, std(ddof=1), each over ten.
    #[test]
    fn statistics_are_those_of_numpy() {
        let spread = spread(&[4, 9, 1, 2]);
        assert_eq!(spread.quartiles(), [0.1, 0.175, 0.3, 0.525, 0.9]);
        assert_eq!(spread.mean(), 0.4);
        let deviation = spread.standard_deviation().expect("there are four");
        assert!((deviation - 0.355_902_608_401_04).abs() < 1e-12);
    }

    #[test]
    fn a_single_seed_has_no_deviation() {
        let spread = spread(&[7]);
        assert_eq!(spread.quartiles(), [0.7; 5]);
        assert_eq!(spread.standard_deviation(), None);
    }

    #[test]
    fn seeds_are_named_the_most_fitting_first_and_of_equals_the_smallest() {
        let [lowest, nearest, highest] = spread(&[5, 9, 1, 5, 9, 1]).seeds_at(3);
        assert_eq!(lowest, [(2, 0.1), (5, 0.1), (0, 0.5)]);
        assert_eq!(nearest, [(0, 0.5), (3, 0.5), (1, 0.9)]);
        assert_eq!(highest, [(1, 0.9), (4, 0.9), (0, 0.5)]);
    }

    #[test]
    fn bins_hold_every_seed_once() {
        let bins = spread(&[3, 4, 5, 10]).bins(2);
        let bins = bins.into_iter().map(|bin| (bin.correct, bin.seeds));
        assert_eq!(
            bins.collect::<Vec<_>>(),
            [(2..4, 1), (4..6, 2), (6..8, 0), (8..10, 0), (10..12, 1)]
        );
    }

    #[test]
    fn bins_are_as_narrow_as_their_number_allows() {
        assert_eq!(bin_width((7, 7), 1), 1);
        assert_eq!(bin_width((0, 9), 10), 1);
        assert_eq!(bin_width((0, 10), 10), 2);
        assert_eq!(bin_width((8349, 8990), 16), 50);
        assert_eq!(bin_width((0, u64::from(u32::MAX)), 1), 5_000_000_000);
    }
}
