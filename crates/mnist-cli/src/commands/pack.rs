//! `pack`: a data set made of folders of pictures.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use anyhow::{Result, anyhow, bail, ensure};
use clap::Args;
use mnist_idx::{Dataset, Error, Split, write};
use rayon::prelude::*;

use mnist_kernel::Size;

use crate::data::order::{SORTED_BY_CLASS, sorted_by_class};
use crate::data::{
    ClassNames, Data, DataOptions, NAMES_FILE, ReadingOptions, parse_size, size_of, with_any_labels,
};
use crate::files;
use crate::pictures::decode::{of_8_bits, open, resize};
use crate::pictures::folders::{self, Found, Known, Picture};
use crate::pictures::{digits, ordering, preparation};
use crate::terminal::{
    Interrupted, Progress, count, examples, line, plural, print, usage, warn, whole,
};

/// Make a data set from folders of pictures
#[derive(Debug, Args)]
#[command(after_help = examples(&[
    ("pack photos -o set --size 32x32", "a folder for each class"),
    ("pack digits -o more --prepare --with data", "added to MNIST"),
    ("pack mnist_train.csv -o set", "CSV as IDX files"),
]))]
pub struct Options {
    /// A folder that has a folder of pictures (PNG, JPEG, BMP, PNM) for each class, or that has
    /// train and test, each with a folder for each class. If all names are numbers, they are the
    /// labels; else the classes are numbered in the order of their names. Or a data set in a CSV or
    /// an .npz file, which is written as it is
    folder: PathBuf,
    /// The folder to make: it gets the four files of a data set, and labels.txt if the classes
    /// have names
    #[arg(short, long, value_name = "OUT")]
    output: PathBuf,
    /// The images' size, to which the pictures are scaled: 28x28, or that of --with
    #[arg(long, value_name = "HEIGHTxWIDTH", value_parser = parse_size)]
    size: Option<Size>,
    /// Prepare pictures as MNIST's were: grey, the digit light on dark, cut out, scaled to 20
    /// pixels and centred. `predict` does the same for the network
    #[arg(long)]
    prepare: bool,
    /// The share of each class's pictures for the test set, if the folder has no train and test:
    /// 0.2
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true, value_parser = parse_share)]
    test_fraction: Option<f64>,
    /// The seed that chooses the test pictures and shuffles the pictures; if all file names are
    /// different numbers, they are the order instead
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1,
        allow_negative_numbers = true,
        value_parser = whole::<u64, 0>
    )]
    seed: u64,
    /// Add the pictures to this data set, evenly spread among its own
    #[arg(long, value_name = "DATA")]
    with: Option<PathBuf>,
    #[command(flatten)]
    reading: ReadingOptions,
    /// Write gzip files
    #[arg(short = 'z', long)]
    gzip: bool,
    /// Leave out the pictures that can't be read, instead of making nothing
    #[arg(long)]
    skip_unreadable: bool,
}

/// The share of the pictures that become the test set by default.
const TEST_FRACTION: f64 = 0.2;

/// The images of a split, `[count, height, width]`, and their labels.
struct Images {
    size: Size,
    pixels: Vec<u8>,
    labels: Vec<u8>,
}

impl Options {
    /// Reads the pictures, writes the data set, prints what is in it.
    pub fn run(&self) -> Result<()> {
        files::must_be_new(&self.output)?;
        if self.folder.is_file() {
            return self.convert();
        }
        let base = self.base()?;
        let size = self.size(base.as_ref())?;
        let known = match &base {
            Some(base) => Some(Known {
                classes: base.shape()?.classes(),
                names: base.names.as_ref(),
            }),
            None => None,
        };
        let found = folders::find(&self.folder, known)?;
        self.check(&found)?;

        let mut images = room(found.pictures.len(), size)?;
        images.resize(found.pictures.len() * size.pixels(), 0);
        let failures = self.read(&found.pictures, size, &mut images)?;
        let images = images.chunks_exact(size.pixels()).zip(&found.pictures);
        let readable = images
            .zip(&failures)
            .filter(|(_, failure)| failure.is_none());
        let (images, pictures): (Vec<&[u8]>, Vec<&Picture>) =
            readable.map(|(image, _)| image).unzip();
        self.check_readable(&found, failures)?;

        let fraction = self.test_fraction.unwrap_or(TEST_FRACTION);
        let image = |at: usize| (images[at], pictures[at].label);
        let [train, test] = ordering::splits(&pictures, fraction, self.seed)?
            .map(|split| split.into_iter().map(image));
        let (old_train, old_test) = match &base {
            Some(base) => (Some(&base.train), base.test.as_ref()),
            None => (None, None),
        };
        let train = Images::merged(old_train, train, size)?;
        let test = Images::merged(old_test, test, size)?;
        if sorted_by_class(&train.labels) {
            warn(&format!(
                "{}: {SORTED_BY_CLASS}: pictures are shuffled by --seed unless all their names \
                 are different numbers: put a letter before the numbers; if there are none, take \
                 another seed",
                self.folder.display()
            ));
        }
        let gz = if self.gzip { ".gz" } else { "" };
        files::new_folder(&self.output, |folder| {
            train.write(folder, "train", gz)?;
            test.write(folder, "t10k", gz)?;
            match &found.names {
                Some(names) => Ok(fs::write(folder.join(NAMES_FILE), names.to_text())?),
                None => Ok(()),
            }
        })?;

        let [trains, tests] = [&train, &test].map(|split| count(split.labels.len()));
        let labels = train.labels.iter().chain(&test.labels);
        let classes = match &found.names {
            Some(names) => names.len(),
            None => labels.max().map_or(0, |&label| usize::from(label) + 1),
        };
        let text = line(
            "packed",
            format!("{trains} training and {tests} test images, {size} pixels, {classes} classes"),
        );
        print(&(text + &line("written", self.output.display())))
    }

    /// Writes the splits of a data set that is in a file of another form.
    fn convert(&self) -> Result<()> {
        let changed = self.size.is_some() || self.prepare || self.test_fraction.is_some();
        if changed || self.with.is_some() || self.skip_unreadable {
            usage!("a data set in a file is packed as it is, without other options of `pack`");
        }
        let splits = self.reading.all(&self.folder, None)?;
        let gz = if self.gzip { ".gz" } else { "" };
        let mut text = String::new();
        files::new_folder(&self.output, |folder| {
            let (mut classes, mut path) = (0, PathBuf::new());
            for (split, files) in splits {
                let labelled = files.1.is_some();
                let data = self.reading.upright(with_any_labels(files)?, false);
                let (size, count) = (size_of(&data), count(data.len()));
                text += &line("packed", format!("{count} {split} images, {size} pixels"));
                let images = Images {
                    size,
                    pixels: data.images().to_vec(),
                    labels: if labelled {
                        data.labels().to_vec()
                    } else {
                        Vec::new()
                    },
                };
                let stem = match split {
                    Split::Train => "train",
                    Split::Test => "t10k",
                };
                images.write(folder, stem, gz)?;
                (classes, path) = (classes.max(data.classes()), data.images_path().to_owned());
            }
            match ClassNames::of_set(&path, classes)? {
                Some(names) => Ok(fs::write(folder.join(NAMES_FILE), names.to_text())?),
                None => Ok(()),
            }
        })?;
        print(&(text + &line("written", self.output.display())))
    }

    /// The data set that the pictures are added to, if there is one.
    fn base(&self) -> Result<Option<Data>> {
        let reading = self.reading.clone();
        if let Some(data) = self.with.clone() {
            return Ok(Some(Data::open(
                &DataOptions {
                    data: Some(data),
                    reading,
                },
                None,
                false,
            )?));
        }
        if reading.prefix.is_some() || reading.transpose.is_some() || reading.no_mmap {
            usage!("--prefix, --transpose and --no-mmap are for the data set of --with");
        }
        Ok(None)
    }

    /// The size of the images.
    fn size(&self, base: Option<&Data>) -> Result<Size> {
        let base = base.map(|base| size_of(&base.train));
        let size = self.size.or(base).unwrap_or(preparation::SIZE);
        if let (Some(base), Some(with)) = (base, &self.with)
            && base != size
        {
            let with = with.display();
            usage!("--size: the images of {with} are {base} pixels, and all must be");
        }
        if self.prepare && size != preparation::SIZE {
            let prepared = preparation::SIZE;
            usage!("--prepare makes images of {prepared} pixels, not of {size}");
        }
        Ok(size)
    }

    /// Checks that what was found agrees with the options; warns of what is left out.
    fn check(&self, found: &Found) -> Result<()> {
        let split = found.pictures.iter().any(|picture| picture.split.is_some());
        if split && self.test_fraction.is_some() {
            let folder = self.folder.display();
            usage!("--test-fraction: {folder} already has a test folder");
        }
        if let Some(first) = found.left_out.first() {
            warn(&format!(
                "skipped {}, not pictures by their names or in no class's folder: {}, …",
                plural(found.left_out.len(), "item"),
                first.display()
            ));
        }
        Ok(())
    }

    /// Reads the pictures on all cores into `images`, `[count, height, width]`; returns for each
    /// why it can't be read, if it can't.
    fn read(
        &self,
        pictures: &[Picture],
        size: Size,
        images: &mut [u8],
    ) -> Result<Vec<Option<anyhow::Error>>> {
        let interrupted = Interrupted::by_ctrl_c()?;
        let progress = Progress::new(pictures.len() as u64);
        let read = |image: &mut [u8], path| {
            let picture = open(path)?;
            image.copy_from_slice(&match self.prepare {
                true => preparation::prepare(&digits::single(&picture)?.ink)?,
                false => resize(&of_8_bits(picture), size),
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
        Ok(failures)
    }

    /// Warns of each picture that can't be read. This is an error, unless they are to be skipped
    /// and each class has others.
    fn check_readable(&self, found: &Found, failures: Vec<Option<anyhow::Error>>) -> Result<()> {
        let all = plural(failures.len(), "picture");
        let mut unreadable = 0;
        // A class may have its pictures in several folders.
        let class = |picture: &Picture| (picture.split == Some(Split::Test), picture.label);
        let mut readable = BTreeSet::new();
        for (picture, failure) in found.pictures.iter().zip(failures) {
            match failure {
                None => {
                    readable.insert(class(picture));
                }
                Some(failure) => {
                    let failure = failure.context(picture.path.display().to_string());
                    warn(&format!("{failure:#}"));
                    unreadable += 1;
                }
            }
        }
        ensure!(
            unreadable == 0 || self.skip_unreadable,
            "{} of {all} can't be read: --skip-unreadable leaves them out",
            count(unreadable)
        );
        let mut pictures = found.pictures.iter();
        if let Some(picture) = pictures.find(|picture| !readable.contains(&class(picture))) {
            let folder = picture.folder().display();
            bail!("{folder}: no picture of this class can be read");
        }
        Ok(())
    }
}

impl Images {
    /// The images of the data set that is added to, and among them the new ones.
    fn merged<'a>(
        base: Option<&'a Dataset>,
        mut new: impl ExactSizeIterator<Item = (&'a [u8], u8)>,
        size: Size,
    ) -> Result<Self> {
        let (images, labels) =
            base.map_or((&[][..], &[][..]), |base| (base.images(), base.labels()));
        let images = images.chunks_exact(size.pixels());
        let mut old = images.zip(labels.iter().copied());
        let count = old.len() + new.len();
        let mut pixels = room(count, size)?;
        let mut labels = Vec::with_capacity(count);
        for is_new in ordering::spread(old.len(), new.len()) {
            let next = if is_new { new.next() } else { old.next() };
            let (image, label) = next.expect("there are as many as were counted");
            pixels.extend_from_slice(image);
            labels.push(label);
        }
        Ok(Self {
            size,
            pixels,
            labels,
        })
    }

    /// Writes the two files of the split, or one if there are no labels.
    fn write(&self, folder: &Path, stem: &str, gz: &str) -> Result<()> {
        let count = self.pixels.len() / self.size.pixels();
        let Size { height, width } = self.size;
        let images = ("images-idx3", &[count, height, width][..], &self.pixels);
        let labels = ("labels-idx1", &[count][..], &self.labels);
        for (what, dimensions, elements) in [images, labels] {
            if elements.is_empty() {
                continue;
            }
            let name = format!("{stem}-{what}-ubyte{gz}");
            write(folder.join(&name), dimensions, elements).map_err(|error| match error {
                // The path is temporary.
                Error::File { source, .. } => anyhow!(source).context(name),
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
        plural(count, "image")
    );
    Ok(images)
}

/// Reads a share that leaves pictures for both splits.
fn parse_share(text: &str) -> Result<f64, String> {
    let share = text.parse().ok();
    let share = share.filter(|share| *share > 0.0 && *share < 1.0);
    share.ok_or_else(|| "it must be more than 0 and less than 1".to_owned())
}
