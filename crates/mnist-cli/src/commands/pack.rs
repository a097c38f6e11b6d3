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
    ClassNames, Data, DataOptions, MNIST_SIZE, NAMES_FILE, ReadingOptions, parse_size, size_of,
    with_any_labels,
};
use crate::files;
use crate::pictures::decode::{of_8_bits, open, resize};
use crate::pictures::folders::{self, Found, Known, Picture};
use crate::pictures::{digits, images, ordering};
use crate::terminal::{
    ADVANCED, Interrupted, Progress, count, examples, line, plural, print, usage, warn, whole,
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
    /// Prepare pictures as MNIST's were: grey, the digit light on dark, cut out, scaled to 20 of 28
    /// pixels and centred. `predict` does the same for the network
    #[arg(long)]
    prepare: bool,
    /// The share of each class's pictures for the test set, if the folder has no train and test:
    /// 0.2
    #[arg(long, value_name = "SHARE", value_parser = parse_share)]
    test_fraction: Option<f64>,
    /// The seed that chooses the test pictures and shuffles the pictures; if all file names are
    /// different numbers, they are the order instead
    #[arg(long, help_heading = ADVANCED, value_name = "N", default_value_t = 1)]
    #[arg(value_parser = whole::<u64, 0>)]
    seed: u64,
    /// Add the pictures to this data set, evenly spread among its own
    #[arg(long, value_name = "DATA")]
    with: Option<PathBuf>,
    #[command(flatten)]
    reading: ReadingOptions,
    /// Write gzip files
    #[arg(short = 'z', long, help_heading = ADVANCED)]
    gzip: bool,
    /// Leave out the pictures that can't be read, instead of making nothing
    #[arg(long, help_heading = ADVANCED)]
    skip_unreadable: bool,
}

/// The share of the pictures that become the test set by default.
const TEST_FRACTION: f64 = 0.2;

/// A split to be written, and whether its labels are known.
type Set = (Split, Dataset, bool);

impl Options {
    /// Reads the pictures, writes the data set, prints what is in it.
    pub fn run(&self) -> Result<()> {
        files::must_be_new(&self.output)?;
        if self.folder.is_file() {
            return self.convert();
        }
        let base = self.base()?;
        let size = self.size(base.as_ref())?;
        let known = base.as_ref().map(|base| {
            let (classes, names) = (base.shape()?.classes(), base.names.as_ref());
            Ok::<_, anyhow::Error>(Known { classes, names })
        });
        let found = folders::find(&self.folder, known.transpose()?)?;
        self.check(&found)?;

        let read = self.read(&found.pictures, size)?;
        let (pictures, images) = self.readable(&found.pictures, read)?;
        let fraction = self.test_fraction.unwrap_or(TEST_FRACTION);
        let image = |at: usize| (&images[at][..], pictures[at].label);
        let [train, test] = ordering::splits(&pictures, fraction, self.seed)?
            .map(|split| split.into_iter().map(image));
        let old_train = base.as_ref().map(|base| &base.train);
        let old_test = base.as_ref().and_then(|base| base.test.as_ref());
        let train = self.merged(old_train, train, size)?;
        let test = self.merged(old_test, test, size)?;
        if sorted_by_class(train.labels()) {
            warn(&format!(
                "{}: {SORTED_BY_CLASS}: pictures are shuffled by --seed unless all their names \
                 are different numbers: put a letter before the numbers; if there are none, take \
                 another seed",
                self.folder.display()
            ));
        }
        let (trains, tests) = (count(train.len()), count(test.len()));
        let classes = train.classes().max(test.classes());
        let classes = found.names.as_ref().map_or(classes, ClassNames::len);
        let sets = [(Split::Train, train, true), (Split::Test, test, true)];
        self.write(&sets, found.names.as_ref())?;
        let text = line(
            "packed",
            format!("{trains} training and {tests} test images, {size} pixels, {classes} classes"),
        );
        print(&(text + &line("written", self.output.display())))
    }

    /// Writes the data set.
    fn write(&self, sets: &[Set], names: Option<&ClassNames>) -> Result<()> {
        files::new_folder(&self.output, |folder| {
            for set in sets {
                write_set(set, folder, self.gzip)?;
            }
            match names {
                Some(names) => Ok(fs::write(folder.join(NAMES_FILE), names.to_text())?),
                None => Ok(()),
            }
        })
    }

    /// Writes the splits of a data set that is in a file of another form.
    fn convert(&self) -> Result<()> {
        let changed = self.size.is_some() || self.prepare || self.test_fraction.is_some();
        if changed || self.with.is_some() || self.skip_unreadable {
            usage!("a data set in a file is packed as it is, without other options of `pack`");
        }
        let mut sets = Vec::new();
        for (split, files) in self.reading.all(&self.folder, None)? {
            let labelled = files.1.is_some();
            let data = self.reading.upright(with_any_labels(files)?, false);
            sets.push((split, data, labelled));
        }
        let classes = sets.iter().map(|(_, data, _)| data.classes()).max();
        let names = ClassNames::of_set(&self.folder, classes.unwrap_or(0))?;
        self.write(&sets, names.as_ref())?;
        let lines = sets.iter().map(|(split, data, _)| {
            let (count, size) = (count(data.len()), size_of(data));
            line("packed", format!("{count} {split} images, {size} pixels"))
        });
        print(&(lines.collect::<String>() + &line("written", self.output.display())))
    }

    /// The data set that the pictures are added to, if there is one.
    fn base(&self) -> Result<Option<Data>> {
        let reading = self.reading.clone();
        if self.with.is_some() {
            let data = self.with.clone();
            return Data::open(&DataOptions { data, reading }, None, false).map(Some);
        }
        if reading.prefix.is_some() || reading.transpose.is_some() || reading.no_mmap {
            usage!("--prefix, --transpose and --no-mmap are for the data set of --with");
        }
        Ok(None)
    }

    /// The size of the images.
    fn size(&self, base: Option<&Data>) -> Result<Size> {
        let base = base.map(|base| size_of(&base.train));
        let size = self.size.or(base).unwrap_or(MNIST_SIZE);
        if let (Some(base), Some(with)) = (base, &self.with)
            && base != size
        {
            let with = with.display();
            usage!("--size: the images of {with} are {base} pixels, and all must be");
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

    /// Reads the pictures on all cores, as far as they can be read.
    fn read(&self, pictures: &[Picture], size: Size) -> Result<Vec<Result<Vec<u8>>>> {
        let interrupted = Interrupted::by_ctrl_c()?;
        let progress = Progress::new(pictures.len() as u64);
        let read = |picture: &Picture| {
            progress.advance(1);
            ensure!(!interrupted.load(Ordering::Relaxed), Interrupted);
            let picture = open(&picture.path)?;
            match self.prepare {
                true => images::prepare(&digits::single(&picture)?.ink, size),
                false => Ok(resize(&of_8_bits(&picture), size)),
            }
        };
        let images = pictures.par_iter().map(read).collect();
        drop(progress);
        ensure!(!interrupted.load(Ordering::Relaxed), Interrupted);
        Ok(images)
    }

    /// The pictures that could be read, and their images; warns of the others. They are an error,
    /// unless they are to be skipped and each class has others.
    fn readable<'a>(
        &self,
        pictures: &'a [Picture],
        read: Vec<Result<Vec<u8>>>,
    ) -> Result<(Vec<&'a Picture>, Vec<Vec<u8>>)> {
        let (mut readable, mut images) = (Vec::new(), Vec::new());
        for (picture, image) in pictures.iter().zip(read) {
            match image {
                Ok(image) => {
                    readable.push(picture);
                    images.push(image);
                }
                Err(error) => {
                    let error = error.context(picture.path.display().to_string());
                    warn(&format!("{error:#}"));
                }
            }
        }
        let unreadable = pictures.len() - readable.len();
        ensure!(
            unreadable == 0 || self.skip_unreadable,
            "{} of {} can't be read: --skip-unreadable leaves them out",
            count(unreadable),
            plural(pictures.len(), "picture")
        );
        // A class may have its pictures in several folders.
        let class = |picture: &Picture| (picture.split == Some(Split::Test), picture.label);
        let classes: BTreeSet<_> = readable.iter().map(|picture| class(picture)).collect();
        let mut pictures = pictures.iter();
        if let Some(picture) = pictures.find(|picture| !classes.contains(&class(picture))) {
            let folder = picture.folder().display();
            bail!("{folder}: no picture of this class can be read");
        }
        Ok((readable, images))
    }

    /// The images of the data set that is added to, and among them the new ones.
    fn merged<'a>(
        &self,
        base: Option<&'a Dataset>,
        mut new: impl ExactSizeIterator<Item = (&'a [u8], u8)>,
        size: Size,
    ) -> Result<Dataset> {
        let old = base.map_or(0, Dataset::len);
        let count = old + new.len();
        let (mut pixels, mut labels) = (Vec::new(), Vec::new());
        let bytes = count.checked_mul(size.pixels());
        ensure!(
            bytes.is_some_and(|bytes| pixels.try_reserve_exact(bytes).is_ok()),
            "not enough memory for {} of {size} pixels",
            plural(count, "image")
        );
        let mut old_images = base.into_iter().flatten();
        for is_new in ordering::spread(old, new.len()) {
            let next = match is_new {
                true => new.next(),
                false => old_images.next(),
            };
            let (image, label) = next.expect("there are as many as were counted");
            pixels.extend_from_slice(image);
            labels.push(label);
        }
        let Size { height, width } = size;
        Ok(Dataset::from_parts(
            &self.folder,
            height,
            width,
            pixels,
            labels,
        )?)
    }
}

/// Writes the two files of a split, or one if its labels are not known.
fn write_set((split, data, labelled): &Set, folder: &Path, gzip: bool) -> Result<()> {
    let stem = match split {
        Split::Train => "train",
        Split::Test => "t10k",
    };
    let gz = if gzip { ".gz" } else { "" };
    let (count, height, width) = (data.len(), data.height(), data.width());
    let images = ("images-idx3", &[count, height, width][..], data.images());
    let labels = ("labels-idx1", &[count][..], data.labels());
    let files = [Some(images), labelled.then_some(labels)];
    for (what, dimensions, elements) in files.into_iter().flatten() {
        let name = format!("{stem}-{what}-ubyte{gz}");
        write(folder.join(&name), dimensions, elements).map_err(|error| match error {
            // The path is temporary.
            Error::File { source, .. } => anyhow!(source).context(name),
            error => error.into(),
        })?;
    }
    Ok(())
}

/// Reads a share that leaves pictures for both splits.
fn parse_share(text: &str) -> Result<f64, &'static str> {
    let share = text.parse().ok();
    let share = share.filter(|share| *share > 0.0 && *share < 1.0);
    share.ok_or("it must be more than 0 and less than 1")
}
