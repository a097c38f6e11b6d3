//! The spread as text: a table, histograms, and seeds worth a look.

use crate::present;
use crate::spread::{Spread, bin_width};

/// The most lines of a histogram.
const LINES: u64 = 16;

/// How many seeds are named at each end and at the mean.
const NAMED: usize = 3;

/// Statistics of the last and the averaged networks side by side, then for each a histogram and
/// the seeds at the ends and in the middle.
pub fn summary(last: &Spread, average: &Spread) -> String {
    let spreads = [("last", last), ("average", average)];
    let mut text = statistics(spreads);
    for (name, spread) in spreads {
        text += &format!("\n{name}\n{}", histogram(spread));
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
    let columns = spreads.map(|(_, spread)| {
        let [minimum, lower, median, upper, maximum] = spread.quartiles();
        let deviation = spread.standard_deviation();
        [
            Some(minimum),
            Some(lower),
            Some(median),
            Some(upper),
            Some(maximum),
            Some(spread.mean()),
            deviation,
        ]
        .map(|value| value.map_or("–".to_owned(), |value| format!("{value:.4}")))
    });
    let names = [
        "minimum",
        "lower quartile",
        "median",
        "upper quartile",
        "maximum",
        "mean",
        "standard deviation",
    ];
    let header = spreads.map(|(name, _)| name);
    let mut text = format!("{:<20} {:>8} {:>8}\n", "accuracy", header[0], header[1]);
    let [last, average] = columns;
    for ((name, last), average) in names.into_iter().zip(last).zip(average) {
        text += &format!("{name:<20} {last:>8} {average:>8}\n");
    }
    text
}

/// A bar for each bin.
fn histogram(spread: &Spread) -> String {
    let bins = spread.bins(bin_width(spread.ends(), LINES));
    let bars = bins.into_iter().map(|bin| {
        let [least, most] = [bin.correct.start, bin.correct.end - 1].map(|c| spread.share(c));
        (format!("{least:.4}–{most:.4}"), bin.seeds as u64)
    });
    present::bar_chart(bars)
}
