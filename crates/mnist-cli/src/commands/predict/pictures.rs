//! Pictures, each with the answers to its digits.

use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use rayon::prelude::*;
use serde::Serialize;

use super::Options;
use super::seen::{self, Image};
use crate::evaluation::answer::{self, Answer};
use crate::model::Model;
use crate::pictures::decode::{self, READ};
use crate::pictures::saved::Saved;
use crate::terminal::{image, line, plural, print, print_json, usage, warn};

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

impl Options {
    /// Reads the pictures and prints what they are. A picture that can't be read does not keep the
    /// others from being read.
    pub fn predict_pictures(&self) -> Result<()> {
        let paths = paths(&self.images)?;
        if let [path] = &paths[..]
            && path != Path::new(STDIN)
        {
            // Before a network is trained for it.
            path.metadata()
                .with_context(|| format!("{}: can't be read", path.display()))?;
        }
        let model = self.model.load_or_train(&self.data)?;
        let named = |path: &Path| match path == Path::new(STDIN) {
            true => "stdin".into(),
            false => path.file_name().unwrap_or_default().into(),
        };
        let failed = self.read(&paths, named, self.single, &model, |at, images| {
            self.print_picture(&paths[at], &images, &model)
        })?;
        all_are_read(failed, paths.len())
    }

    /// Reads pictures, each as one digit if it is `single`, and hands on, for each and in their
    /// order, what the network sees of it. That is also kept in files that are called as `named`
    /// says, if it is wanted. Warns of the pictures that can't be read, and returns how many they
    /// are. One alone is an error.
    pub fn read(
        &self,
        paths: &[PathBuf],
        named: impl Fn(&Path) -> PathBuf,
        single: bool,
        model: &Model,
        mut each: impl FnMut(usize, Vec<Image>) -> Result<()>,
    ) -> Result<usize> {
        let names = paths.iter().map(|path| named(path).with_extension(""));
        let mut saved = Saved::new(names.collect());
        if let (Some(_), Some(twice)) = (&self.save_prepared, saved.name_of_two()) {
            let twice = twice.display();
            usage!("--save-prepared: two pictures are called {twice}");
        }
        let preparation = seen::preparation(&model.metadata, self.prepare)?;
        let size = model.metadata.size();
        let see = |path: &PathBuf| {
            let picture = match path == Path::new(STDIN) {
                true => decode::read(io::stdin().lock())?,
                false => decode::open(path)?,
            };
            match self.raw {
                true => seen::raw(&picture, preparation, size),
                false => seen::of(&picture, preparation, size, single),
            }
        };
        let mut failed = 0;
        for (piece, some) in paths.chunks(PIECE).enumerate() {
            let images: Vec<_> = some.par_iter().map(see).collect();
            for (at, images) in (piece * PIECE..).zip(images) {
                match images.with_context(|| name(&paths[at])) {
                    Ok(images) => {
                        saved.keep(at, images.iter().map(|image| &image.pixels[..]));
                        each(at, images)?;
                    }
                    Err(error) if paths.len() == 1 => return Err(error),
                    Err(error) => {
                        warn(&format!("{error:#}"));
                        failed += 1;
                    }
                }
            }
        }
        saved.write(self.save_prepared.as_deref(), size)?;
        Ok(failed)
    }

    /// Prints the answers to what the network sees of a picture.
    pub fn print_picture(&self, path: &Path, images: &[Image], model: &Model) -> Result<()> {
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
        let size = model.metadata.size();
        let mut text = line("picture", name(path));
        if answers.len() > 1 {
            text += &line("answer", string);
        }
        for (number, (answer, image)) in (1..).zip(digits) {
            let place = image.place.map(|place| format!(", in {place}"));
            let name = match answers.len() {
                1 => "answer".to_owned(),
                _ => format!("digit {number}"),
            };
            text += &line(&name, answer.text() + &place.unwrap_or_default());
            if self.show {
                text += &format!("\n{}", image::draw(&image.pixels, size));
            }
        }
        if let [answer] = &answers[..] {
            text += &format!("\n{}", answer.bars());
        }
        print(&(text + "\n"))
    }
}

/// All pictures: the named files, and those in the named folders.
fn paths(named: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for path in named {
        if !path.is_dir() {
            paths.push(path.clone());
            continue;
        }
        let folder = path.display();
        let [pictures, others] = decode::files(path)?;
        warn_of(&others);
        ensure!(
            !pictures.is_empty(),
            "{folder}: no pictures in this folder itself (.png, .jpg, .bmp, .pgm, …): if it is a \
             data set, --data {folder} --split test reads its images"
        );
        paths.extend(pictures);
    }
    Ok(paths)
}

/// What a message calls a picture.
fn name(path: &Path) -> String {
    match path == Path::new(STDIN) {
        true => "stdin".to_owned(),
        false => path.display().to_string(),
    }
}

/// Warns of what lies beside the pictures.
pub fn warn_of(left_out: &[PathBuf]) {
    if left_out.is_empty() {
        return;
    }
    let names = left_out.iter().take(NAMED);
    let names: Vec<String> = names.map(|path| path.display().to_string()).collect();
    let more = if left_out.len() > NAMED { ", …" } else { "" };
    warn(&format!(
        "skipped {}, not pictures by their names: {}{more}: {READ}",
        plural(left_out.len(), "file"),
        names.join(", ")
    ));
}

/// Fails if some pictures can't be read.
pub fn all_are_read(failed: usize, all: usize) -> Result<()> {
    let all = plural(all, "picture");
    ensure!(failed == 0, "{failed} of {all} can't be read");
    Ok(())
}
