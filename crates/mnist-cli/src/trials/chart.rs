//! The spread as a picture: both distributions over one axis. The picture is
//! `templates/trials.svg`.

use anyhow::Result;
use askama::Template;

use super::spread::{Bin, Spread, bin_width};

/// The most bins over the whole axis.
const BINS: u64 = 100;

/// The most marks on an axis.
const TICKS: u64 = 6;

/// What the template sees. Counts of right answers stand for accuracies.
#[derive(Template)]
#[template(path = "trials.svg")]
struct Chart<'a> {
    title: &'a str,
    series: [Series; 2],
    accuracy_ticks: Vec<u64>,
    seed_ticks: Vec<u64>,
    /// The right answers at the left end of the plot, and at its right end.
    ends: (u64, u64),
    /// The seeds at the top of the plot.
    top: u64,
    /// Its images are those of both.
    last: &'a Spread,
}

/// The distribution of one kind of network.
struct Series {
    label: String,
    colour: &'static str,
    /// All but the empty ones.
    bins: Vec<Bin>,
}

/// An SVG of the histograms of the last and the averaged networks, in bins of equal width.
pub fn svg(last: &Spread, average: &Spread, title: &str) -> Result<String> {
    let [ends, others] = [last, average].map(Spread::ends);
    let (lowest, highest) = (ends.0.min(others.0), ends.1.max(others.1));
    let bin = bin_width((lowest, highest), BINS);
    // Room for a bin at both ends, and above the highest bar.
    let ends = (
        (lowest / bin * bin).saturating_sub(bin),
        (highest / bin + 2) * bin,
    );
    let series = |label: &str, spread: &Spread, colour| {
        let deviation = spread
            .standard_deviation()
            .map_or(String::new(), |deviation| {
                format!(", standard deviation {deviation:.4}")
            });
        let bins = spread.bins(bin).into_iter();
        Series {
            label: format!("{label}: mean {:.4}{deviation}", spread.mean()),
            colour,
            bins: bins.filter(|bin| bin.seeds > 0).collect(),
        }
    };
    // Blue and orange, which look different to everybody.
    let series = [
        series("last network", last, "#0072b2"),
        series("average", average, "#e69f00"),
    ];
    let bins = series.iter().flat_map(|series| &series.bins);
    let top = bins.map(|bin| bin.seeds).max().unwrap_or(0) * 11 / 10 + 1;
    let ticks = |(from, to): (u64, u64)| {
        let step = bin_width((from, to), TICKS);
        (from.div_ceil(step)..=to / step).map(move |tick| tick * step)
    };
    let chart = Chart {
        title,
        series,
        accuracy_ticks: ticks(ends).collect(),
        seed_ticks: ticks((0, top)).collect(),
        ends,
        top,
        last,
    };
    Ok(chart.render()?)
}

impl Chart<'_> {
    /// The place of an accuracy, in per cent of the plot's width.
    fn x(&self, correct: &u64) -> f64 {
        100.0 * (correct - self.ends.0) as f64 / (self.ends.1 - self.ends.0) as f64
    }

    /// The place of a number of seeds from the top, in per cent of the plot's height.
    fn y(&self, seeds: &u64) -> f64 {
        100.0 * (self.top - seeds) as f64 / self.top as f64
    }

    fn accuracy(&self, correct: &u64) -> String {
        format!("{:.3}", self.last.share(*correct))
    }
}
