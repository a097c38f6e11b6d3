//! What can be said on the command line.

mod pack;

use std::num::NonZeroUsize;
use std::ops::Range;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use self::pack::{PackOptions, Size, UnpackOptions};
use crate::commands::completions::CompletionsOptions;
use crate::commands::verify::VerifyOptions;

/// The simplest neural network: one layer of ten dot products, relu, argmax, trained on MNIST by
/// the perceptron's online rule. Exact integers: the same seed gives the same network, bit for
/// bit, on every kernel, thread count and processor.
///
/// Without a subcommand: train on the data, evaluate on its test set, print what came out.
#[derive(Debug, Parser)]
#[command(name = "mnist-cli", version, args_conflicts_with_subcommands = true)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub train: TrainOptions,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Train a network, evaluate it, and save it if asked
    Train(TrainOptions),
    /// Evaluate a saved network
    Evaluate(EvaluateOptions),
    /// Show what an IDX file or a data set is: type, shape, size, SHA-256 of the raw bytes, whether
    /// it is a file of MNIST or Fashion-MNIST, and how often each label is there
    Inspect(InspectOptions),
    /// Read pictures of your own: PNG, JPEG, BMP or PNM, of any size
    Predict(PredictOptions),
    /// Show a network on one HTML page, and let the reader draw for it
    Report(ReportOptions),
    /// Make a data set of folders of pictures
    Pack(PackOptions),
    /// Write the images of a data set as PNG files
    Unpack(UnpackOptions),
    /// Train from many random starts, and show how the accuracies spread
    Trials(TrialsOptions),
    /// Make a model of a linear layer that was trained elsewhere
    Import(ImportOptions),
    /// Train the same network on every kernel, with 1, 2 and all threads, mapped and read, and
    /// compare: exit code 1 if a bit differs
    Verify(VerifyOptions),
    /// Print the completions of a shell
    Completions(CompletionsOptions),
}

#[derive(Debug, Args)]
pub struct TrainOptions {
    #[command(flatten)]
    pub data: DataOptions,
    #[command(flatten)]
    pub rule: RuleOptions,
    #[command(flatten)]
    pub compute: ComputeOptions,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub json: bool,
    /// Keep the last N training images out of training, and evaluate on them instead of on the
    /// test set
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub holdout: Option<u64>,
    /// Save the network as a safetensors file
    #[arg(long, value_name = "FILE")]
    pub save: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct EvaluateOptions {
    /// A model file that `train --save` or `import` has written
    pub model: PathBuf,
    #[command(flatten)]
    pub data: DataOptions,
    /// Which half of the data
    #[arg(long, value_enum, default_value_t = SplitName::Test)]
    pub split: SplitName,
    #[command(flatten)]
    pub compute: ComputeOptions,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct InspectOptions {
    /// An IDX file, raw or gzip, or the folder of a data set
    #[arg(value_name = "FILE|FOLDER")]
    pub path: PathBuf,
    #[command(flatten)]
    pub reading: ReadingOptions,
    /// Only this half of the data set in the folder
    #[arg(long, value_enum)]
    pub split: Option<SplitName>,
    /// Draw image N, counted from 0, and say its label; of the training set, unless --split says
    /// test
    #[arg(long, value_name = "N")]
    pub show: Option<usize>,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct PredictOptions {
    /// Picture files, folders of them, or - for one picture from stdin
    #[arg(value_name = "IMAGE", required = true)]
    pub images: Vec<PathBuf>,
    /// A model file that `train --save` or `import` has written; without it, a network is trained
    /// first
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,
    #[command(flatten)]
    pub data: DataOptions,
    /// Take the pixels as they are, 0 for paper and 255 for ink: the picture must have the
    /// network's size
    #[arg(long)]
    pub raw: bool,
    /// Draw what the network sees
    #[arg(long, conflicts_with = "json")]
    pub show: bool,
    /// Print one JSON object per picture instead of text
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct ReportOptions {
    /// A model file that `train --save` has written; without it, a network is trained first
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,
    #[command(flatten)]
    pub data: DataOptions,
    #[command(flatten)]
    pub compute: ComputeOptions,
    /// The page to write
    #[arg(short, long, value_name = "FILE", default_value = "report.html")]
    pub output: PathBuf,
    /// Write only a picture of the weights, as PNG
    #[arg(long, value_name = "FILE", conflicts_with = "output")]
    pub weights: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct TrialsOptions {
    /// The seeds from A to B − 1, as many at a time as there are threads
    #[arg(
        long,
        value_name = "A..B",
        default_value = "0..1000",
        value_parser = parse_seeds
    )]
    pub seeds: Range<u64>,
    #[command(flatten)]
    pub data: DataOptions,
    #[command(flatten)]
    pub passes: PassOptions,
    #[command(flatten)]
    pub compute: ComputeOptions,
    /// Keep the last N training images out of training, and evaluate on them instead of on the
    /// test set
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub holdout: Option<u64>,
    /// Print one JSON object per seed, in the order of the seeds, and the summary to stderr
    #[arg(long)]
    pub json: bool,
    /// Write a line for each seed as CSV
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// Draw the distributions of both networks as SVG
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct ImportOptions {
    /// A safetensors file with a layer's weight (classes × pixels) and bias (classes), F64, F32,
    /// F16 or BF16, for pixels from 0 to 1
    pub file: PathBuf,
    /// Save the model as this file
    #[arg(short, long, value_name = "MODEL")]
    pub output: PathBuf,
    /// The name of the weight's tensor
    #[arg(long, value_name = "NAME", default_value = "weight")]
    pub weight: String,
    /// The name of the bias's tensor
    #[arg(long, value_name = "NAME", default_value = "bias")]
    pub bias: String,
    /// The images' height in pixels; without height and width they are square
    #[arg(long, value_name = "N")]
    pub height: Option<NonZeroUsize>,
    /// The images' width in pixels
    #[arg(long, value_name = "N")]
    pub width: Option<NonZeroUsize>,
}

/// Which data set, and how it is read.
#[derive(Debug, Clone, Args)]
pub struct DataOptions {
    /// The folder of the data set's IDX files, raw or gzip
    #[arg(long, value_name = "DIR", env = "MNIST_DATA", default_value = "data")]
    pub data: PathBuf,
    #[command(flatten)]
    pub reading: ReadingOptions,
}

/// How the files of a data set are found and read.
#[derive(Debug, Clone, Args)]
pub struct ReadingOptions {
    /// Which data set, where the folder holds several: how its file names begin
    #[arg(long, value_name = "NAME")]
    pub prefix: Option<String>,
    /// The images are stored column by column, as EMNIST's are: turn them; a model remembers it
    #[arg(
        long,
        value_name = "true|false",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true"
    )]
    pub transpose: Option<bool>,
    /// Read the files into memory instead of mapping them: for files that may change meanwhile
    #[arg(long)]
    pub no_mmap: bool,
}

/// How a network is trained.
#[derive(Debug, Clone, Args)]
pub struct RuleOptions {
    /// The seed of the random start. The default is the smallest whose test accuracy on MNIST
    /// rounds to 88 %: it was chosen for that. Over all seeds the mean is 87 %, from 83 to 90
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Take the average of the network over all images instead of the last network
    #[arg(long)]
    pub average: bool,
    #[command(flatten)]
    pub passes: PassOptions,
}

/// How a pass goes, and how many there are.
#[derive(Debug, Clone, Args)]
pub struct PassOptions {
    /// Passes over the training images; 0 keeps the random start
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub epochs: u32,
    /// Learn from right answers, too, that lead by less than this many full pixels; 0 is the
    /// article's rule
    #[arg(
        long,
        value_name = "PIXELS",
        default_value_t = 0,
        value_parser = clap::value_parser!(u16).range(0..=1000)
    )]
    pub margin: u16,
}

impl RuleOptions {
    /// The README's recipe: what `predict` and `report` train by when no model is named.
    pub fn recipe() -> Self {
        Self {
            seed: 1,
            average: true,
            passes: PassOptions {
                epochs: 20,
                margin: 175,
            },
        }
    }

    /// The rule's name in model files and in JSON.
    pub fn name(&self) -> &'static str {
        if self.average {
            "averaged"
        } else {
            "perceptron"
        }
    }
}

/// What computes.
#[derive(Debug, Args)]
pub struct ComputeOptions {
    /// How the dot products are computed; the results are the same
    #[arg(long, value_enum, default_value_t = KernelName::Simd)]
    pub kernel: KernelName,
    /// Threads for evaluations and trials, at most 1024; 0 is one per core
    #[arg(
        long,
        value_name = "N",
        default_value_t = 0,
        value_parser = clap::value_parser!(u16).range(0..=1024)
    )]
    pub threads: u16,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum KernelName {
    /// SIMD lanes
    Simd,
    /// The plain loop
    Scalar,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum SplitName {
    /// The test set
    Test,
    /// The training set
    Train,
}

/// Reads `A..B`, half-open as in Rust.
fn parse_seeds(text: &str) -> Result<Range<u64>, String> {
    let seeds = text
        .split_once("..")
        .and_then(|(start, end)| Some(start.parse().ok()?..end.parse().ok()?));
    match seeds {
        Some(seeds) if !seeds.is_empty() => Ok(seeds),
        Some(_) => Err("there is no seed in it: B itself is not one of A..B".to_owned()),
        None => Err("write A..B, such as 0..1000 for the seeds 0 to 999".to_owned()),
    }
}
