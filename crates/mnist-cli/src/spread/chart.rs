//! The spread as a picture: both distributions over one axis.

use anyhow::Result;
use plotters::prelude::*;

use crate::spread::{Spread, bin_width};

/// Width and height in pixels.
const SIZE: (u32, u32) = (800, 420);

/// The most bins over the whole axis.
const BINS: u64 = 100;

/// Sizes of letters, in pixels.
const TITLE: u32 = 24;
const TEXT: u32 = 18;

/// Blue and orange, which eyes that don't tell red from green tell apart, too.
const LAST: RGBColor = RGBColor(0x00, 0x72, 0xb2);
const AVERAGE: RGBColor = RGBColor(0xe6, 0x9f, 0x00);

/// An SVG of the histograms of the last and the averaged networks, in bins of equal width.
pub fn svg(last: &Spread, average: &Spread, title: &str) -> Result<String> {
    let mut svg = String::new();
    draw(
        SVGBackend::with_string(&mut svg, SIZE),
        last,
        average,
        title,
    )?;
    Ok(svg)
}

fn draw(backend: SVGBackend, last: &Spread, average: &Spread, title: &str) -> Result<()> {
    let (lowest, highest) = [last.ends(), average.ends()]
        .into_iter()
        .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
        .expect("there are two");
    let width = bin_width((lowest, highest), BINS);
    let bins = [last.bins(width), average.bins(width)];
    let most = bins.iter().flatten().map(|bin| bin.seeds).max();
    // A bin's width of room at both ends, and above the highest bar.
    let left = last.share(lowest / width * width) - last.share(width);
    let right = last.share((highest / width + 2) * width);
    let top = most.unwrap_or(0) * 11 / 10 + 1;

    let area = backend.into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .caption(title, ("sans-serif", TITLE))
        .margin(15)
        .x_label_area_size(45)
        .y_label_area_size(60)
        .build_cartesian_2d(left..right, 0..top)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .x_desc("accuracy")
        .y_desc("seeds")
        .x_label_formatter(&|accuracy| format!("{accuracy:.3}"))
        .label_style(("sans-serif", TEXT))
        .axis_desc_style(("sans-serif", TEXT))
        .draw()?;
    let series = [("last network", last, LAST), ("average", average, AVERAGE)];
    for ((name, spread, colour), bins) in series.into_iter().zip(bins) {
        let colour = colour.mix(0.8).filled();
        let bars = bins.into_iter().filter(|bin| bin.seeds > 0).map(|bin| {
            let [from, to] = [bin.correct.start, bin.correct.end].map(|c| spread.share(c));
            Rectangle::new([(from, 0), (to, bin.seeds)], colour)
        });
        let deviation = spread.standard_deviation();
        let deviation =
            deviation.map_or(String::new(), |sd| format!(", standard deviation {sd:.4}"));
        chart
            .draw_series(bars)?
            .label(format!("{name}: mean {:.4}{deviation}", spread.mean()))
            .legend(move |(x, y)| Rectangle::new([(x, y - 6), (x + 12, y + 6)], colour));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE)
        .label_font(("sans-serif", TEXT))
        .draw()?;
    drop(chart);
    area.present()?;
    Ok(())
}
