//! The spread as text: a table, histograms, and seeds worth a look.

use crate::present;
use crate::spread::{Spread, bin_width};

/// The longest bar of a histogram, in columns.
const BAR: usize = 50;

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

/// A line for each bin: its accuracies, a bar, the count of its seeds.
fn histogram(spread: &Spread) -> String {
    let bins = spread.bins(bin_width(spread.ends(), LINES));
    let most = bins.iter().map(|bin| bin.seeds).max().unwrap_or(0);
    let lines = bins.iter().map(|bin| {
        let accuracies = format!(
            "{:.4}–{:.4}",
            spread.share(bin.correct.start),
            spread.share(bin.correct.end - 1)
        );
        let bar = bar(bin.seeds, most);
        let count = present::count(bin.seeds);
        format!("{accuracies:<14} {bar} {count}\n")
    });
    lines.collect()
}

/// A bar in eighths of a column, of the full length for `most`; never none for some.
fn bar(count: usize, most: usize) -> String {
    let eighths = (count * BAR * 8).div_ceil(most.max(1));
    let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8];
    "█".repeat(eighths / 8) + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_its_share_of_the_longest() {
        assert_eq!(bar(7, 7).chars().count(), BAR);
        assert_eq!(bar(0, 7), "");
        assert_eq!(bar(1, 1_000_000), "▏");
        assert_eq!(bar(1, 100), "▌");
    }
}
