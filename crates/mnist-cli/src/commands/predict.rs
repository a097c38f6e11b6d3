//! `predict`: what the network reads in pictures from anywhere.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::{Context, Result, bail, ensure};
use clap::{Args, ValueEnum};
use mnist_kernel::{Kernel, Size};
use rayon::prelude::*;
use serde::Serialize;

use crate::data::{Form, Preparation, class, picture_size};
use crate::evaluation::Evaluation;
use crate::evaluation::answer::{self, Answer};
use crate::evaluation::answers::SetOptions;
use crate::files;
use crate::model::{Metadata, Model, ModelOptions};
use crate::pictures::decode::{self, Gray16, READ, check_contrast, of_8_bits, resize};
use crate::pictures::digits::{self, Digit, Place};
use crate::pictures::folders::{self, Known, Picture};
use crate::pictures::preparation;
use crate::pictures::saved::Saved;
use crate::terminal::{examples, image, line, plural, print, print_json, usage, warn};

/// Read pictures of your own: PNG, JPEG, BMP or PNM, of any size
#[derive(Debug, Args)]
#[command(after_help = examples(&[
    ("predict photo.jpg", "the digit of a picture"),
    ("predict --model digits.safetensors *.png", "the digits of many"),
    ("predict my-digits", "how many are right"),
    ("predict --data data --split test --csv", "a data set's images"),
    ("predict --data data --image 17 --show", "one of them"),
]))]
pub struct Options {
    /// Picture files, folders of them, or - for one picture from stdin; a folder with a folder for
    /// each class is evaluated. Or the images of a data set: an IDX file, a CSV file or an .npz
    /// file, raw or gzip, with labels or without
    #[arg(value_name = "IMAGE", required_unless_present_any = ["split", "image"])]
    images: Vec<PathBuf>,
    #[command(flatten)]
    set: SetOptions,
    #[command(flatten)]
    model: ModelOptions,
    /// Take the pixels as an image of the training data: the picture must have the network's size
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
    /// Make a folder with what the network sees: a PNG file for each digit
    #[arg(long, value_name = "FOLDER")]
    save_prepared: Option<PathBuf>,
    /// Print one JSON object per picture instead of text
    #[arg(long)]
    json: bool,
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

/// The most files whose names a warning has.
const NAMED: usize = 10;

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

/// What `--json` prints of a folder with a folder for each class.
#[derive(Serialize)]
struct FolderReport<'a> {
    #[serde(flatten)]
    evaluation: &'a Evaluation<'a>,
    /// How many pictures could not be read.
    unreadable: usize,
    misread: Vec<Misread<'a>>,
}

/// A picture that was misread.
#[derive(Serialize)]
struct Misread<'a> {
    file: Cow<'a, str>,
    label: u8,
    #[serde(flatten)]
    answer: Answer<'a>,
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
        let is_model = |path: &&PathBuf| path.extension().is_some_and(|end| end == "safetensors");
        if let Some(model) = self.images.iter().find(is_model) {
            let model = model.display();
            usage!("{model}: a model, not a picture: --model {model} names the network that reads");
        }
        if let Some(folder) = &self.save_prepared {
            files::must_be_new(folder)?;
        }
        if let Some(files) = self.set.files(&self.images, &self.model.data)? {
            let for_pictures = self.raw || self.single || self.prepare.is_some();
            if for_pictures || self.save_prepared.is_some() {
                usage!("--raw, --single, --prepare and --save-prepared are for pictures");
            }
            if self.show && self.set.image.is_none() {
                usage!("--show is for pictures and for --image");
            }
            return self
                .set
                .print(files, &self.model, self.json, |name, pixels, model| {
                    let (place, pixels) = (None, pixels.to_vec());
                    self.print(name, &[Image { place, pixels }], model)
                });
        }
        if let [folder] = &self.images[..]
            && has_class_folders(folder)
        {
            return self.evaluate(folder);
        }
        let paths = pictures(&self.images)?;
        if let [path] = &paths[..]
            && path != Path::new(STDIN)
        {
            // Before a network is trained for it.
            path.metadata()
                .with_context(|| format!("{}: can't be read", path.display()))?;
        }
        let (model, _) = self.model.load_or_train(Kernel::best(), Some(0))?;
        let mut saved = self.saved(&paths, |path| {
            Path::new(path.file_name().unwrap_or_default())
        })?;
        let failed = self.read(&paths, &model, self.single, |at, images| {
            saved.keep(at, images.iter().map(|image| &image.pixels[..]));
            self.print(&paths[at], &images, &model)
        })?;
        saved.write(self.save_prepared.as_deref(), model.metadata.size())?;
        all_are_read(failed, paths.len())
    }

    /// Reads the pictures of a folder with a folder for each class, and prints how many of them are
    /// right.
    fn evaluate(&self, folder: &Path) -> Result<()> {
        let (model, _) = self.model.load_or_train(Kernel::best(), Some(0))?;
        let names = model.metadata.class_names.as_ref();
        let classes = model.network.shape().classes();
        let found = folders::find(folder, Some(Known { classes, names }))?;
        warn_of(&found.left_out);
        let unknown = |picture: &&Picture| usize::from(picture.label) >= classes;
        if let Some(picture) = found.pictures.iter().find(unknown) {
            let folder = picture.folder().display();
            bail!("{folder}: the network has no such class: it has {classes}");
        }
        let paths: Vec<PathBuf> = found
            .pictures
            .iter()
            .map(|picture| picture.path.clone())
            .collect();
        let mut saved = self.saved(&paths, |path| path.strip_prefix(folder).unwrap_or(path))?;
        let (mut pixels, mut labels, mut misread) = (Vec::new(), Vec::new(), Vec::new());
        // Each shows one thing, that of its class.
        let unreadable = self.read(&paths, &model, true, |at, images| {
            saved.keep(at, images.iter().map(|image| &image.pixels[..]));
            let (image, label) = (&images[0].pixels, found.pictures[at].label);
            let answer = Answer::new(&model, image)?;
            pixels.extend_from_slice(image);
            labels.push(label);
            if answer.class != label {
                let file = paths[at].to_string_lossy();
                misread.push(Misread {
                    file,
                    label,
                    answer,
                });
            }
            Ok(())
        })?;
        saved.write(self.save_prepared.as_deref(), model.metadata.size())?;
        let normalized = model.metadata.normalized();
        let (images, kernel) = ((&pixels[..], &labels[..]), Kernel::best());
        let evaluation = Evaluation::new(
            &model.network,
            images,
            "pictures",
            normalized,
            names,
            kernel,
        )?;
        if self.json {
            print_json(&FolderReport {
                evaluation: &evaluation,
                unreadable,
                misread,
            })?;
        } else {
            let mut text = evaluation.accuracy("") + "\n";
            for Misread {
                file,
                label,
                answer,
            } in &misread
            {
                let label = class((*label).into(), names);
                text += &line(
                    "misread",
                    format!("{file}: {}; it is {label}", answer.text()),
                );
            }
            print(&(text + &evaluation.text()))?;
        }
        all_are_read(unreadable, paths.len())
    }

    /// What is kept of the pictures, by these names.
    fn saved(&self, paths: &[PathBuf], named: impl Fn(&Path) -> &Path) -> Result<Saved> {
        let names = paths
            .iter()
            .map(|path| named(path).with_extension(""))
            .collect();
        let saved = Saved::new(names);
        if let (Some(_), Some(twice)) = (&self.save_prepared, saved.name_of_two()) {
            usage!(
                "--save-prepared: two pictures are called {}",
                twice.display()
            );
        }
        Ok(saved)
    }

    /// Reads pictures and hands on, for each and in their order, what the network sees of it. Warns
    /// of those that can't be read, and returns how many they are. One alone is an error.
    fn read(
        &self,
        paths: &[PathBuf],
        model: &Model,
        single: bool,
        mut each: impl FnMut(usize, Vec<Image>) -> Result<()>,
    ) -> Result<usize> {
        let mut failed = 0;
        for (piece, some) in paths.chunks(PIECE).enumerate() {
            let images = some
                .par_iter()
                .map(|path| self.images(path, &model.metadata, single));
            let images: Vec<_> = images.collect();
            for (at, images) in (piece * PIECE..).zip(images) {
                match images.with_context(|| name(&paths[at])) {
                    Ok(images) => each(at, images)?,
                    Err(error) if paths.len() == 1 => return Err(error),
                    Err(error) => {
                        warn(&format!("{error:#}"));
                        failed += 1;
                    }
                }
            }
        }
        Ok(failed)
    }

    /// What the network sees of a picture.
    fn images(&self, path: &Path, network: &Metadata, single: bool) -> Result<Vec<Image>> {
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
            let pixels = raw(picture, size)?;
            return whole(match network.preparation().filter(|p| p.normalized()) {
                Some(preparation) => preparation.normalize(&pixels, size)?,
                None => pixels,
            });
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
        let digits = match single {
            true => digits::single(&picture).map(|digit| vec![digit]),
            false => digits::all(&picture),
        };
        if let Form::Stretched { .. } = preparation.form
            && digits.as_ref().map_or(0, Vec::len) < 2
            && let Some(ink) = preparation::plain_ink(&of_8_bits(picture))
        {
            return whole(preparation::image_of(&ink, preparation, size)?);
        }
        let image = |Digit { place, ink }| {
            let pixels = preparation::image_of(&ink, preparation, size)?;
            let place = Some(place);
            Ok(Image { place, pixels })
        };
        digits?.into_iter().map(image).collect()
    }

    /// How pictures are prepared: as the model says, unless the options say otherwise. None if it is
    /// not known.
    fn preparation(&self, network: &Metadata) -> Result<Option<Preparation>> {
        let size = network.size();
        let recorded = network.preparation().or(Preparation::likely(size));
        let Some(prepare) = self.prepare else {
            return Ok(recorded);
        };
        if network.normalized() {
            usage!("--prepare: the network takes normalized images only");
        }
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
            let digits = digits.map(|(answer, Image { place, .. })| DigitReport {
                answer,
                place: place.map(|place| [place.left, place.top, place.width, place.height]),
            });
            return print_json(&Report {
                file: &path.to_string_lossy(),
                text: &string,
                digits: digits.collect(),
            });
        }
        let Size { height, width } = model.metadata.size();
        let mut text = line("picture", name(path));
        if answers.len() > 1 {
            text += &line("answer", string);
        }
        for (number, (answer, image)) in (1..).zip(digits) {
            let place = image
                .place
                .map_or(String::new(), |place| format!(", in {place}"));
            let name = match answers.len() {
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
        print(&(text + "\n"))
    }
}

fn all_are_read(failed: usize, all: usize) -> Result<()> {
    ensure!(
        failed == 0,
        "{failed} of {} can't be read",
        plural(all, "picture")
    );
    Ok(())
}

/// Whether a folder has no pictures itself, but folders.
fn has_class_folders(folder: &Path) -> bool {
    let has_pictures = decode::files(folder).is_ok_and(|[pictures, _]| !pictures.is_empty());
    let mut entries = fs::read_dir(folder).into_iter().flatten().flatten();
    !has_pictures && entries.any(|entry| entry.path().is_dir())
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
        let [pictures, others] = files;
        warn_of(&others);
        ensure!(
            !pictures.is_empty(),
            "{folder}: no pictures in this folder itself (.png, .jpg, .bmp, .pgm, …)"
        );
        paths.extend(pictures);
    }
    Ok(paths)
}

/// Warns of what lies beside the pictures.
fn warn_of(left_out: &[PathBuf]) {
    if left_out.is_empty() {
        return;
    }
    let names: Vec<String> = left_out
        .iter()
        .take(NAMED)
        .map(|path| path.display().to_string())
        .collect();
    let more = if left_out.len() > NAMED { ", …" } else { "" };
    warn(&format!(
        "skipped {}, not pictures by their names: {}{more}: {READ}",
        plural(left_out.len(), "file"),
        names.join(", ")
    ));
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
