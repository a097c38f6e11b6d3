//! What can be said to `pack` and `unpack`.

use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;

use super::{ReadingOptions, SplitName};

#[derive(Debug, Args)]
pub struct PackOptions {
    /// A folder that has a folder of pictures (PNG, JPEG, BMP, PNM) for each class, or that has
    /// train and test, each with a folder for each class. Where all names are numbers they are
    /// the labels; else the classes are numbered in the order of their names
    pub folder: PathBuf,
    /// The folder to make: it gets the four files of a data set, and labels.txt if the classes
    /// have names
    #[arg(short, long, value_name = "OUT")]
    pub output: PathBuf,
    /// The images' size, to which the pictures are scaled: 28x28, or that of --with
    #[arg(long, value_name = "HEIGHTxWIDTH")]
    pub size: Option<Size>,
    /// Prepare pictures as MNIST's were: grey, the digit light on dark, cut out, scaled to 20
    /// pixels and put in the middle. `predict` does the same for a network of 28 × 28 pixels
    #[arg(long)]
    pub prepare: bool,
    /// The share of each class's pictures to make the test set of, where the folder has no train
    /// and test: 0.2
    #[arg(long, value_name = "SHARE", value_parser = parse_share)]
    pub test_fraction: Option<f64>,
    /// The seed of the choice of test pictures, and of the order of the pictures; those whose file
    /// names are distinct numbers are ordered by them
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Add the pictures to this data set, evenly spread among its own
    #[arg(long, value_name = "DATA")]
    pub with: Option<PathBuf>,
    #[command(flatten)]
    pub reading: ReadingOptions,
    /// Write gzip files
    #[arg(short = 'z', long)]
    pub gzip: bool,
    /// Leave out the pictures that can't be read, instead of making nothing
    #[arg(long)]
    pub skip_unreadable: bool,
}

#[derive(Debug, Args)]
pub struct UnpackOptions {
    /// The folder of a data set's IDX files, raw or gzip
    pub data: PathBuf,
    /// The folder to make: it gets train and test, each with a folder of PNG files for each label
    #[arg(short, long, value_name = "FOLDER")]
    pub output: PathBuf,
    #[command(flatten)]
    pub reading: ReadingOptions,
    /// Only this half
    #[arg(long, value_enum)]
    pub split: Option<SplitName>,
    /// Only the first N images of each half
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub limit: Option<u64>,
}

/// The size of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    pub height: usize,
    pub width: usize,
}

impl Size {
    /// Pixels of an image.
    pub fn pixels(self) -> usize {
        self.height * self.width
    }
}

impl Display for Size {
    /// `28 × 28`.
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        write!(f, "{} × {}", self.height, self.width)
    }
}

impl FromStr for Size {
    type Err = &'static str;

    /// Reads `28x28`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let side = |text: &str| text.parse().ok().filter(|side| (1..=4096).contains(side));
        let sides = text.split_once('x');
        let sides = sides.and_then(|(height, width)| Some((side(height)?, side(width)?)));
        match sides {
            Some((height, width)) => Ok(Self { height, width }),
            None => Err("write HEIGHTxWIDTH in pixels, from 1 to 4096 each, such as 28x28"),
        }
    }
}

/// Reads a share that leaves something on both sides.
fn parse_share(text: &str) -> Result<f64, String> {
    let share = text
        .parse()
        .ok()
        .filter(|share| *share > 0.0 && *share < 1.0);
    share.ok_or_else(|| "it must be more than 0 and less than 1".to_owned())
}
