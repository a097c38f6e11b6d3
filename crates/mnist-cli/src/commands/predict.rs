//! `predict`: what the network reads in pictures from anywhere.

use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use clap::{Args, ValueEnum};
use mnist_idx::Split;
use mnist_kernel::{Kernel, Size};
use rayon::prelude::*;
use serde::Serialize;

use crate::data::look::Look;
use crate::data::{Files, Form, Preparation, picture_size, size_of, split_parser, with_any_labels};
use crate::evaluation::answer::{self, Answer};
use crate::evaluation::answers::{Answers, HEADER};
use crate::model::{Metadata, Model, ModelOptions};
use crate::pictures::decode::{self, Gray16, check_contrast, of_8_bits, resize};
use crate::pictures::digits::{self, Digit, Place};
use crate::pictures::preparation;
use crate::terminal::{examples, image, line, plural, print, print_json, usage, warn};

/// Read pictures of your own: PNG, JPEG, BMP or PNM, of any size
#[derive(Debug, Args)]
#[command(after_help = examples(&[
    ("predict photo.jpg", "the digit of a picture"),
    ("predict --model digits.safetensors *.png", "the digits of many"),
    ("predict --data data --split test --csv", "a data set's images"),
    ("predict --data data --image 17 --show", "one of them"),
]))]
pub struct Options {
    /// Picture files, folders of them, or - for one picture from stdin; or the images of a data set:
    /// an IDX file, a CSV file or an .npz file, raw or gzip, with labels or without
    #[arg(value_name = "IMAGE", required_unless_present_any = ["split", "image"])]
    images: Vec<PathBuf>,
    #[command(flatten)]
    set: SetOptions,
    #[command(flatten)]
    model: ModelOptions,
    /// Take the pixels as they are, 0 for paper and 255 for ink: the picture must have the
    /// network's size
    #[arg(long)]
    raw: bool,
    /// Prepare pictures in this way instead of as the network's training images were made
    #[arg(long, value_name = "HOW", conflicts_with = "raw")]
    prepare: Option<Prepare>,
    /// Read each picture as one digit, however many there are in it
    #[arg(long, conflicts_with = "raw")]
    single: bool,
    /// Draw what the network sees
    #[arg(long, conflicts_with = "json")]
    show: bool,
    /// Print one JSON object per picture instead of text
    #[arg(long)]
    json: bool,
}

/// Which images of a data set, and in what form the answers.
#[derive(Debug, Args)]
struct SetOptions {
    /// Answer this split of --data, which needs no labels
    #[arg(long, value_parser = split_parser(), conflicts_with = "images")]
    split: Option<Split>,
    /// Answer image N of --data, counted from 0: of the test set, unless --split says train
    #[arg(long, value_name = "N", conflicts_with_all = ["images", "csv"])]
    image: Option<usize>,
    /// Print the answers to a data set as CSV, images counted from 0. With a header of your own of
    /// two or three names, they are counted from 1; without the third there is no lead. For
    /// competitions: --csv=ImageId,Label
    #[arg(
        long,
        value_name = "HEADER",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = HEADER,
        conflicts_with = "json"
    )]
    csv: Option<String>,
}

/// How pictures are prepared if the model is not to say.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Prepare {
    /// Cut out, scaled, and centred by mass as MNIST's digits were
    Mnist,
    /// Resized as a whole
    Resized,
}

/// The name of the picture from stdin.
const STDIN: &str = "-";

/// Pictures that are read at the same time, before what they are is printed.
const PIECE: usize = 64;

/// What `--json` prints of a picture.
#[derive(Serialize)]
struct Report<'a> {
    file: &'a str,
    /// All answers.
    text: &'a str,
    digits: Vec<DigitReport<'a>>,
}

/// What `--json` prints of a digit.
#[derive(Serialize)]
struct DigitReport<'a> {
    #[serde(flatten)]
    answer: &'a Answer<'a>,
    /// Where it was cut out: left, top, width and height in pixels.
    #[serde(rename = "box", skip_serializing_if = "Option::is_none")]
    place: Option<[u32; 4]>,
}

/// What the network sees of a picture.
struct Image {
    /// Where it was cut out, if not all of the picture is seen.
    place: Option<Place>,
    pixels: Vec<u8>,
}

impl Options {
    /// Loads the model or trains one, reads the pictures, prints what they are. A picture that
    /// can't be read does not keep the others from being read.
    pub fn run(&self) -> Result<()> {
        // Before a network is trained for it.
        if let Some(files) = self.files()? {
            return self.answer(files);
        }
        if self.set.csv.is_some() {
            usage!("--csv is for the images of a data set");
        }
        let paths = pictures(&self.images)?;
        if let [path] = &paths[..]
            && path != Path::new(STDIN)
        {
            // Before a network is trained for it.
            path.metadata()
                .with_context(|| format!("{}: can't be read", path.display()))?;
        }
        let is_alone = paths.len() == 1;
        let (model, _) = self.model.load_or_train(Kernel::best(), Some(0))?;
        let mut failed = 0;
        for paths in paths.chunks(PIECE) {
            let images = paths
                .par_iter()
                .map(|path| self.images(path, &model.metadata));
            let images: Vec<_> = images.collect();
            for (path, images) in paths.iter().zip(images) {
                match images.with_context(|| name(path)) {
                    Ok(images) => self.print(path, &images, &model)?,
                    Err(error) if is_alone => return Err(error),
                    Err(error) => {
                        warn(&format!("{error:#}"));
                        failed += 1;
                    }
                }
            }
        }
        let all = plural(paths.len(), "picture");
        ensure!(failed == 0, "{failed} of {all} can't be read");
        Ok(())
    }

    /// The images of a data set, if they are asked for.
    fn files(&self) -> Result<Option<Files>> {
        let data = &self.model.data;
        let split = self.set.split.unwrap_or(Split::Test);
        match &self.images[..] {
            [] => data.files(split, false).map(Some),
            [path] if path.is_file() => data.reading.in_file(path, split),
            _ => Ok(None),
        }
    }

    /// Prints the answers to the images of a data set, or to the one that is asked for.
    fn answer(&self, files: Files) -> Result<()> {
        let set = &self.set;
        if self.raw || self.show && set.image.is_none() {
            usage!("--raw is for pictures, and --show for pictures and --image");
        }
        let reading = &self.model.data.reading;
        let data = with_any_labels(files)?;
        let path = data.images_path().to_owned();
        let (model, _) = self.model.load_or_train(Kernel::best(), Some(0))?;
        let name = self
            .model
            .model
            .as_deref()
            .unwrap_or(Path::new("the network"));
        model.warn(name, &Look::of_images(&path, data.images(), size_of(&data)));
        let data = model.fit(name, reading.upright(data, model.metadata.transposed))?;
        if let Some(index) = set.image {
            let name = format!("image {index} of {}", path.display());
            let image = data.image(index).with_context(|| {
                let images = plural(data.len(), "image");
                format!("{name}: there are {images}, counted from 0")
            })?;
            let (place, pixels) = (None, image.to_vec());
            return self.print(Path::new(&name), &[Image { place, pixels }], &model);
        }
        let names = model.metadata.class_names.as_ref();
        let answers = Answers::new(&model.network, &data, names, Kernel::best())?;
        print(&match &set.csv {
            Some(header) => answers.csv(header)?,
            None if self.json => answers.json()?,
            None => answers.text(),
        })
    }

    /// What the network sees of a picture.
    fn images(&self, path: &Path, network: &Metadata) -> Result<Vec<Image>> {
        let picture = match path == Path::new(STDIN) {
            true => decode::read(io::stdin().lock())?,
            false => decode::open(path)?,
        };
        let size = network.size();
        let whole = |pixels| {
            Ok(vec![Image {
                place: None,
                pixels,
            }])
        };
        if self.raw {
            return whole(raw(picture, size)?);
        }
        let Some(preparation) = self.preparation(network)? else {
            check_contrast(&picture)?;
            return whole(resize(&of_8_bits(picture), size));
        };
        if let Some(pixels) = preparation::own(&picture, preparation, size)? {
            return whole(pixels);
        }
        if let Form::Resized { .. } = preparation.form {
            check_contrast(&picture)?;
            return whole(preparation::whole(&of_8_bits(picture), preparation, size));
        }
        let digits = match self.single {
            true => vec![digits::single(&picture)?],
            false => digits::all(&picture)?,
        };
        let image = |Digit { place, ink }| {
            Ok(Image {
                place: Some(place),
                pixels: preparation::image_of(&ink, preparation, size)?,
            })
        };
        digits.into_iter().map(image).collect()
    }

    /// How pictures are prepared: as the model says, unless the options say otherwise. None if it is
    /// not known.
    fn preparation(&self, network: &Metadata) -> Result<Option<Preparation>> {
        let size = network.size();
        let recorded = network.preparation().or(Preparation::likely(size));
        let Some(prepare) = self.prepare else {
            return Ok(recorded);
        };
        ensure!(
            !network.normalized(),
            "--prepare: the network takes normalized images only"
        );
        let form = match prepare {
            Prepare::Mnist => Form::mnist(size),
            Prepare::Resized => Form::Resized { plain: true },
        };
        let preparation = recorded.unwrap_or(Preparation::light(form));
        Ok(Some(Preparation {
            form,
            ..preparation
        }))
    }

    fn print(&self, path: &Path, images: &[Image], model: &Model) -> Result<()> {
        let answers = images.iter().map(|image| Answer::new(model, &image.pixels));
        let answers: Vec<Answer> = answers.collect::<Result<_>>()?;
        let string = answer::string(&answers);
        let digits = answers.iter().zip(images);
        if self.json {
            let digits = digits.map(|(answer, image)| DigitReport {
                answer,
                place: image.place.map(
                    |Place {
                         left,
                         top,
                         width,
                         height,
                     }| [left, top, width, height],
                ),
            });
            return print_json(&Report {
                file: &path.to_string_lossy(),
                text: &string,
                digits: digits.collect(),
            });
        }
        let Size { height, width } = model.metadata.size();
        let mut text = line("picture", name(path));
        if let [_, _, ..] = images {
            text += &line("answer", string);
        }
        for (number, (answer, image)) in (1..).zip(digits) {
            let place = image
                .place
                .map_or(String::new(), |place| format!(", {place}"));
            let name = match images.len() {
                1 => "answer".to_owned(),
                _ => format!("digit {number}"),
            };
            text += &line(&name, answer.text() + &place);
            if self.show {
                text += &format!("\n{}", image::draw(&image.pixels, height, width));
            }
        }
        if let [answer] = &answers[..] {
            text += &format!("\n{}", answer.bars());
        }
        print(&format!("{text}\n"))
    }
}

/// What a message calls a picture.
fn name(path: &Path) -> String {
    match path == Path::new(STDIN) {
        true => "stdin".to_owned(),
        false => path.display().to_string(),
    }
}

/// All pictures: the named files, and those in the named folders.
fn pictures(named: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for path in named {
        if !path.is_dir() {
            paths.push(path.clone());
            continue;
        }
        let folder = path.display();
        let files = decode::files(path).with_context(|| format!("{folder}: can't be read"))?;
        ensure!(
            !files.is_empty(),
            "{folder}: there is no picture in this folder itself (.png, .jpg, .bmp, .pgm, …)"
        );
        paths.extend(files);
    }
    Ok(paths)
}

/// A picture's own pixels.
fn raw(picture: Gray16, size: Size) -> Result<Vec<u8>> {
    let found = picture_size(&picture);
    ensure!(
        found == size,
        "the picture is {found} pixels, but the network takes {size}: without --raw it is fitted"
    );
    Ok(of_8_bits(picture).into_raw())
}
