//! `trials`: the same training from many random starts.

use std::ops::Range;
use std::path::PathBuf;

use anyhow::{Result, ensure};
use clap::Args;

use crate::compute::ComputeOptions;
use crate::data::{Data, DataOptions, HoldoutOptions};
use crate::evaluation::Summary;
use crate::files;
use crate::terminal::{ADVANCED, Interrupted, count, examples, note, plural, print, print_json};
use crate::training::Updates;
use crate::trials::{self, Spread, Trial};

/// Train from many random starts, and show how the accuracies spread
#[derive(Debug, Args)]
#[command(after_help = examples(&[
    ("trials", "a thousand seeds"),
    ("trials --seeds 0..100 --svg trials.svg", "a hundred, drawn"),
]))]
pub struct Options {
    /// The seeds from A to B − 1, as many at a time as there are threads
    #[arg(
        long,
        value_name = "A..B",
        default_value = "0..1000",
        value_parser = parse_seeds
    )]
    seeds: Range<u64>,
    #[command(flatten)]
    data: DataOptions,
    #[command(flatten)]
    updates: Updates,
    #[command(flatten)]
    compute: ComputeOptions,
    #[command(flatten)]
    evaluation: HoldoutOptions,
    /// Print one JSON object per seed, in the order of the seeds, and the summary to stderr
    #[arg(long, help_heading = ADVANCED)]
    json: bool,
    /// Write a line for each seed as CSV
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Draw the distributions of both networks as SVG
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
}

impl Options {
    /// Trains a network for each seed and shows how the accuracies spread.
    pub fn run(&self) -> Result<()> {
        self.compute.start()?;
        let data = Data::open(&self.data, self.evaluation.holdout, self.updates.normalize)?;
        data.warn();
        let outputs = [&self.csv, &self.svg].into_iter().flatten();
        files::check(outputs.map(PathBuf::as_path), data.paths())?;
        let interrupted = Interrupted::by_ctrl_c()?;

        let (seeds, kernel) = (self.seeds.clone(), self.compute.kernel);
        let each = |trial: &Trial| match self.json {
            true => print_json(trial),
            false => Ok(()),
        };
        let trials = trials::run(&data, &self.updates, seeds, kernel, &interrupted, each)?;
        if !trials.is_empty() {
            self.summarize(&data, &trials)?;
        }
        let asked = self.seeds.end - self.seeds.start;
        ensure!(trials.len() as u64 == asked, Interrupted);
        Ok(())
    }

    /// Prints the summary and writes the files that were asked for.
    fn summarize(&self, data: &Data, trials: &[Trial]) -> Result<()> {
        let images = data.evaluation().1.len();
        let spread = |network: fn(&Trial) -> &Summary| {
            let correct = |trial: &Trial| (trial.seed, network(trial).correct);
            Spread::new(trials.iter().map(correct), images as u64)
        };
        let (last, average) = (spread(|trial| &trial.last), spread(|trial| &trial.average));
        let title = self.title(data, trials.len(), images);
        let saved = || {
            if let Some(path) = &self.csv {
                files::write(path, trials::csv(trials).as_bytes())?;
            }
            if let Some(path) = &self.svg {
                files::write(path, trials::svg(&last, &average, &title)?.as_bytes())?;
            }
            Ok(())
        };
        let saved = saved();
        let text = format!("{title}\n\n{}", trials::summary(&last, &average));
        // With `--json` only the lines of the seeds go to stdout.
        match self.json {
            true => note(text.trim_end()),
            false => print(&text)?,
        }
        saved
    }

    /// `"1,000 seeds, 1 epoch: accuracy on 10,000 test images"`.
    fn title(&self, data: &Data, trials: usize, images: usize) -> String {
        let asked = (self.seeds.end - self.seeds.start) as usize;
        let of = match trials == asked {
            true => String::new(),
            false => format!(" (of {}, interrupted)", count(asked)),
        };
        let margin = match self.updates.margin {
            0 => String::new(),
            margin => format!(", margin {margin}"),
        };
        format!(
            "{}{of}, {}{margin}: accuracy on {} {} images{}",
            plural(trials, "seed"),
            plural(self.updates.epochs as usize, "epoch"),
            count(images),
            data.evaluated_on(),
            self.data.remark()
        )
    }
}

/// Reads `A..B`, half-open as in Rust.
fn parse_seeds(text: &str) -> Result<Range<u64>, String> {
    let seeds = text
        .split_once("..")
        .and_then(|(start, end)| Some(start.parse().ok()?..end.parse().ok()?));
    match seeds {
        Some(seeds) if !seeds.is_empty() => Ok(seeds),
        Some(_) => Err("it holds no seed: B itself is not one of A..B".to_owned()),
        None => Err("write A..B, such as 0..1000 for the seeds 0 to 999".to_owned()),
    }
}
