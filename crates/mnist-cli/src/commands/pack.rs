//! `pack`: a data set made of folders of pictures.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Result, anyhow, bail, ensure};
use clap::Args;
use mnist_idx::{Dataset, Error, write};
use rayon::prelude::*;

use crate::arguments::{DataOptions, ReadingOptions};
use crate::class_folders::{self, Found, Known, Picture};
use crate::class_names;
use crate::data::{Data, SORTED_BY_CLASS, sorted_by_class};
use crate::examples::Example;
use crate::failure::{Interrupted, UsageError};
use crate::picture::PictureError;
use crate::progress::Progress;
use crate::size::Size;
use crate::stdio::{print, warn};
use crate::{ordering, output_file, picture, preparation, present};

/// The examples of its help.
pub const EXAMPLES: &[Example] = &[
    ("pack photos -o set --size 32x32", "a folder for each class"),
    (
        "pack digits -o more --prepare --with data",
        "added to MNIST",
    ),
];

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
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true, value_parser = parse_share)]
    pub test_fraction: Option<f64>,
    /// The seed of the choice of test pictures, and of the order of the pictures; those whose file
    /// names are distinct numbers are ordered by them
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1,
        allow_negative_numbers = true
    )]
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

/// The share of the pictures that become the test set where nothing is said of it.
const TEST_FRACTION: f64 = 0.2;

/// The size of the images where nothing is said of it.
const SIZE: Size = Size {
    height: preparation::SIDE,
    width: preparation::SIDE,
};

/// Reads the pictures, writes the data set, prints what is in it.
pub fn run(options: &PackOptions) -> Result<()> {
    output_file::must_be_new(&options.output)?;
    let base = options.base()?;
    let size = options.size(base.as_ref())?;
    let known = match &base {
        Some(base) => Some(Known {
            classes: base.shape()?.classes(),
            names: base.names.as_ref(),
        }),
        None => None,
    };
    let found = class_folders::find(&options.folder, known)?;
    options.check(&found)?;

    let mut images = room(found.pictures.len(), size)?;
    images.resize(found.pictures.len() * size.pixels(), 0);
    let failures = options.read(&found.pictures, size, &mut images)?;
    let images = images.chunks_exact(size.pixels()).zip(&found.pictures);
    let readable = images
        .zip(&failures)
        .filter(|(_, failure)| failure.is_none());
    let (images, pictures): (Vec<&[u8]>, Vec<&Picture>) = readable.map(|(image, _)| image).unzip();
    options.check_readable(&found, failures)?;

    let fraction = options.test_fraction.unwrap_or(TEST_FRACTION);
    let halves = ordering::halves(&pictures, fraction, options.seed);
    let halves = halves.map_err(|error| {
        let folder = pictures[error.picture].folder().display().to_string();
        anyhow!(error).context(folder)
    })?;
    let image = |at: usize| (images[at], pictures[at].label);
    let [train, test] = halves.map(|half| half.into_iter().map(image));
    let (old_train, old_test) = match &base {
        Some(base) => (Some(&base.train), base.test.as_ref()),
        None => (None, None),
    };
    let train = merged(old_train, train, size)?;
    let test = merged(old_test, test, size)?;
    if sorted_by_class(&train.labels) {
        warn(&format!(
            "{}: {SORTED_BY_CLASS}: pictures are shuffled by --seed unless all their names are \
             different numbers: put a letter before the numbers; if there are none, take another \
             seed",
            options.folder.display()
        ));
    }
    output_file::new_folder(&options.output, |folder| {
        options.write(folder, "train", &train, size)?;
        options.write(folder, "t10k", &test, size)?;
        match &found.names {
            Some(names) => Ok(fs::write(folder.join(class_names::FILE), names.to_text())?),
            None => Ok(()),
        }
    })?;

    let [trains, tests] = [&train, &test].map(|half| present::count(half.labels.len()));
    let labels = train.labels.iter().chain(&test.labels);
    let classes = match &found.names {
        Some(names) => names.len(),
        None => labels.max().map_or(0, |&label| usize::from(label) + 1),
    };
    let what =
        format!("{trains} training and {tests} test images, {size} pixels, {classes} classes");
    let text = present::line("packed", &what);
    print(&(text + &present::line("written", &options.output.display().to_string())))
}

/// The images of a half, `[count, height, width]`, and their labels.
struct Half {
    images: Vec<u8>,
    labels: Vec<u8>,
}

impl PackOptions {
    /// The data set that the pictures are added to, if there is one.
    fn base(&self) -> Result<Option<Data>> {
        let reading = self.reading.clone();
        if let Some(data) = self.with.clone() {
            return Ok(Some(Data::open(&DataOptions { data, reading }, None)?));
        }
        match reading.prefix.is_some() || reading.transpose.is_some() || reading.no_mmap {
            true => {
                let what = "--prefix, --transpose and --no-mmap are for the data set of --with";
                Err(UsageError(what.to_owned()).into())
            }
            false => Ok(None),
        }
    }

    /// The size of the images.
    fn size(&self, base: Option<&Data>) -> Result<Size> {
        let base = base.map(|base| Size {
            height: base.train.height(),
            width: base.train.width(),
        });
        let size = self.size.or(base).unwrap_or(SIZE);
        if let (Some(base), Some(with)) = (base, &self.with)
            && base != size
        {
            let with = with.display();
            let what = format!("--size: the images of {with} are {base} pixels, and all must be");
            return Err(UsageError(what).into());
        }
        if self.prepare && size != SIZE {
            let what = format!("--prepare makes images of {SIZE} pixels, not of {size}");
            return Err(UsageError(what).into());
        }
        Ok(size)
    }

    /// Whether what was found goes with the options; tells what is left out.
    fn check(&self, found: &Found) -> Result<()> {
        let split = found.pictures.iter().any(|picture| picture.split.is_some());
        if split && self.test_fraction.is_some() {
            let folder = self.folder.display();
            let what = format!("--test-fraction: {folder} itself says what is for test");
            return Err(UsageError(what).into());
        }
        if let Some(first) = found.left_out.first() {
            warn(&format!(
                "{} left out, by the name no picture: {}, …",
                present::plural(found.left_out.len() as u64, "item"),
                first.display()
            ));
        }
        Ok(())
    }

    /// Reads the pictures on all cores into `images`, `[count, height, width]`; says of each why it
    /// can't be read, if it can't.
    fn read(
        &self,
        pictures: &[Picture],
        size: Size,
        images: &mut [u8],
    ) -> Result<Vec<Option<PictureError>>> {
        let interrupted = Interrupted::by_ctrl_c()?;
        let progress = Progress::new(pictures.len() as u64);
        let resized = AtomicBool::new(false);
        let read = |image: &mut [u8], path| {
            let picture = picture::open(path)?;
            let found = (picture.height() as usize, picture.width() as usize);
            if found != (size.height, size.width) {
                resized.store(true, Ordering::Relaxed);
            }
            image.copy_from_slice(&match self.prepare {
                true => preparation::prepare(&picture)?,
                false => picture::resize(&picture, size.height, size.width),
            });
            Ok(())
        };
        let images = images.par_chunks_exact_mut(size.pixels());
        let failures = images.zip(pictures).map(|(image, picture)| {
            progress.advance(1);
            match interrupted.load(Ordering::Relaxed) {
                true => None,
                false => read(image, &picture.path).err(),
            }
        });
        let failures = failures.collect();
        drop(progress);
        ensure!(!interrupted.load(Ordering::Relaxed), Interrupted);
        if resized.into_inner() && size == SIZE && !self.prepare {
            warn(
                "the pictures are scaled to 28 × 28 pixels as they are, but `predict` prepares \
                 pictures for networks of that size as MNIST's were: give --prepare for drawings \
                 of one thing each, or another --size, and predict does what was done here",
            );
        }
        Ok(failures)
    }

    /// Tells which pictures can't be read: an error unless they are to be skipped, and leave some
    /// of each class.
    fn check_readable(&self, found: &Found, failures: Vec<Option<PictureError>>) -> Result<()> {
        let of_all = present::plural(failures.len() as u64, "picture");
        let mut count = 0;
        let mut readable = BTreeSet::new();
        for (picture, failure) in found.pictures.iter().zip(failures) {
            match failure {
                None => {
                    readable.insert(picture.folder());
                }
                Some(failure) => {
                    let failure = anyhow!(failure).context(picture.path.display().to_string());
                    warn(&format!("{failure:#}"));
                    count += 1;
                }
            }
        }
        ensure!(
            count == 0 || self.skip_unreadable,
            "{} of {of_all} can't be read: --skip-unreadable leaves them out",
            present::count(count)
        );
        let mut folders = found.pictures.iter().map(Picture::folder);
        match folders.find(|folder| !readable.contains(folder)) {
            Some(folder) => bail!("{}: no picture in it can be read", folder.display()),
            None => Ok(()),
        }
    }

    /// Writes one half.
    fn write(&self, folder: &Path, stem: &str, half: &Half, size: Size) -> Result<()> {
        let count = half.labels.len();
        let gz = if self.gzip { ".gz" } else { "" };
        for (what, dimensions, elements) in [
            (
                "images-idx3",
                &[count, size.height, size.width][..],
                &half.images,
            ),
            ("labels-idx1", &[count], &half.labels),
        ] {
            let name = format!("{stem}-{what}-ubyte{gz}");
            write(folder.join(&name), dimensions, elements).map_err(|error| match error {
                // Not by the path that it has for the time being.
                Error::Io { reason, .. } => anyhow!(reason).context(name),
                error => error.into(),
            })?;
        }
        Ok(())
    }
}

/// Room for so many images.
fn room(count: usize, size: Size) -> Result<Vec<u8>> {
    let mut images = Vec::new();
    let bytes = count.checked_mul(size.pixels());
    let reserved = bytes.map(|bytes| images.try_reserve_exact(bytes));
    ensure!(
        matches!(reserved, Some(Ok(()))),
        "not enough memory for {} of {size} pixels",
        present::plural(count as u64, "image")
    );
    Ok(images)
}

/// The images of the data set that is added to, and among them the new ones.
fn merged<'a>(
    base: Option<&'a Dataset>,
    mut new: impl ExactSizeIterator<Item = (&'a [u8], u8)>,
    size: Size,
) -> Result<Half> {
    let (images, labels) = base.map_or((&[][..], &[][..]), |base| (base.images(), base.labels()));
    let mut old = images
        .chunks_exact(size.pixels())
        .zip(labels.iter().copied());
    let count = old.len() + new.len();
    let mut images = room(count, size)?;
    let mut labels = Vec::with_capacity(count);
    for is_new in ordering::spread(old.len(), new.len()) {
        let next = if is_new { new.next() } else { old.next() };
        let (image, label) = next.expect("there are as many as were counted");
        images.extend_from_slice(image);
        labels.push(label);
    }
    Ok(Half { images, labels })
}

/// Reads a share that leaves something on both sides.
fn parse_share(text: &str) -> Result<f64, String> {
    let share = text
        .parse()
        .ok()
        .filter(|share| *share > 0.0 && *share < 1.0);
    share.ok_or_else(|| "it must be more than 0 and less than 1".to_owned())
}
