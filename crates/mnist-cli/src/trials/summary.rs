//! The spread as text: a table, histograms, and seeds worth a look.

use super::spread::{Spread, bin_width};
use crate::terminal::{bars, four_decimals, table};

/// The most lines of a histogram.
const LINES: u64 = 16;

/// So few seeds are all named, from the lowest to the highest.
const FEW: usize = 10;

/// How many seeds are named at each end and at the mean.
const NAMED: usize = 3;

/// Statistics of the last and the averaged networks side by side, then for each a histogram and
/// the seeds at the ends and in the middle.
pub fn summary(last: &Spread, average: &Spread) -> String {
    let spreads = [("last", last), ("average", average)];
    let mut text = statistics(spreads);
    for (name, spread) in spreads {
        text += &format!("\n{name}\n");
        let [all, ..] = spread.seeds_at(FEW + 1);
        if all.len() <= FEW {
            for (seed, accuracy) in all {
                text += &format!("{:>18} {accuracy:>8.4}\n", format!("seed {seed}"));
            }
            continue;
        }
        text += &histogram(spread);
        for (what, seeds) in ["lowest", "nearest to the mean", "highest"]
            .into_iter()
            .zip(spread.seeds_at(NAMED))
        {
            let seeds = seeds
                .iter()
                .map(|(seed, accuracy)| format!("{seed} ({accuracy:.4})"));
            let seeds: Vec<_> = seeds.collect();
            text += &format!("{what:<20} seed {}\n", seeds.join(", "));
        }
    }
    text
}

fn statistics(spreads: [(&str, &Spread); 2]) -> String {
    let names = [
        "minimum",
        "lower quartile",
        "median",
        "upper quartile",
        "maximum",
        "mean",
        "standard deviation",
    ];
    let [last, average] = spreads.map(|(_, spread)| {
        let values = spread.quartiles().map(Some).into_iter();
        let values = values.chain([Some(spread.mean()), spread.standard_deviation()]);
        values.map(four_decimals)
    });
    let rows = names.into_iter().zip(last.zip(average));
    // Padded, because the cells are aligned to the right.
    let padded = |name: &str| format!("{name:<18}");
    let rows = rows.map(|(name, (last, average))| [padded(name), last, average]);
    let header = [&padded("accuracy"), spreads[0].0, spreads[1].0];
    table(header, rows)
}

/// A bar for each bin.
fn histogram(spread: &Spread) -> String {
    let bins = spread.bins(bin_width(spread.ends(), LINES));
    let rows = bins.into_iter().map(|bin| {
        let [least, most] = [bin.correct.start, bin.correct.end - 1].map(|c| spread.share(c));
        (format!("{least:.4}–{most:.4}"), bin.seeds)
    });
    bars::counts(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_named_by_the_least_and_the_most_accuracy_in_it() {
        let correct = (0..40).map(|seed| (seed, 100 + seed));
        let text = histogram(&Spread::new(correct, 1000));
        let names = text
            .lines()
            .map(|line| line.split_whitespace().next().unwrap());
        let names: Vec<_> = names.collect();
        assert_eq!(names.len(), 8);
        assert_eq!([names[0], names[7]], ["0.1000–0.1040", "0.1350–0.1390"]);
    }
}
