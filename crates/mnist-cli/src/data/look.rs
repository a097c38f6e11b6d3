//! A look at images and labels for what makes a network's answers worthless.

use std::collections::HashSet;
use std::ops::Range;
use std::path::Path;

use mnist_idx::Dataset;
use mnist_kernel::Size;

use super::measuring::border_median;
use super::order::{SORTED_BY_CLASS, sorted_by_class};
use super::part_of;
use super::preparation::{Form, Preparation};
use super::size::size_of;
use crate::terminal::{count, plural};

/// The images that show for all what the background is.
const SAMPLE: usize = 16;

/// The most warnings of a run.
pub const MOST: usize = 3;

/// The least of the ranges in which pixels come that holds the pixels: its largest pixel.
fn range(holds: impl Fn(u8) -> bool) -> u8 {
    let narrow = [1, 16].into_iter().find(|&range| holds(range));
    narrow.unwrap_or(u8::MAX)
}

const LIGHT_ON_DARK: &str = "light on dark";
const DARK_ON_LIGHT: &str = "dark on light";

/// What is seen of images and labels, or known of those that a model was trained on. What is empty
/// or 0 is not known.
#[derive(Default)]
pub struct Look {
    /// What warnings call the images.
    images: String,
    /// The same of the labels.
    labels: String,
    count: usize,
    /// The classes that have images.
    classes: Vec<String>,
    sorted: bool,
    /// Whether all images are the same.
    alike: bool,
    /// The largest pixel of the least range that holds all pixels.
    range: u8,
    /// Dark on light, or light on dark.
    polarity: &'static str,
}

impl Look {
    /// Looks at a part of a data set, as it is before any normalization.
    pub fn new(data: &Dataset, part: Range<usize>) -> Self {
        let (images, labels) = part_of(data, part);
        let mut seen = [false; 256];
        for &label in labels {
            seen[usize::from(label)] = true;
        }
        let classes = (0..=u8::MAX).filter(|&class| seen[usize::from(class)]);
        Self {
            labels: data.labels_path().display().to_string(),
            count: labels.len(),
            classes: classes.map(|class| class.to_string()).collect(),
            sorted: sorted_by_class(labels),
            ..Self::of_images(data.images_path(), images, size_of(data))
        }
    }

    /// Looks at the images of a file, `[count, height, width]`.
    pub fn of_images(path: &Path, images: &[u8], size: Size) -> Self {
        if images.is_empty() {
            return Self::default();
        }
        let (first, others) = images.split_at(size.pixels());
        let step = (images.len() / first.len()).div_ceil(SAMPLE);
        let sample = images.chunks_exact(first.len()).step_by(step);
        let sample = sample.collect::<Vec<_>>().concat();
        let range = range(|range| images.iter().all(|&pixel| pixel <= range));
        // In quarters of the range. What is grey at its border may be either.
        let background = 4 * u32::from(border_median(&sample, size)) / u32::from(range);
        Self {
            images: path.display().to_string(),
            alike: !others.is_empty()
                && others.chunks_exact(first.len()).all(|image| image == first),
            range,
            polarity: [LIGHT_ON_DARK, "", "", DARK_ON_LIGHT, DARK_ON_LIGHT][background as usize],
            ..Self::default()
        }
    }

    /// What is known of the images that a model was trained on.
    pub fn of_model(name: &str, preparation: Option<Preparation>) -> Self {
        let images = format!("those that {name} was trained on");
        let mut look = Self {
            images,
            ..Self::default()
        };
        if let Some(known) = preparation {
            let largest = known.paper.max(known.ink);
            look.range = range(|range| largest <= range);
            look.polarity = match (known.form, known.dark_ink()) {
                (Form::Resized { plain: false }, _) => "",
                (_, true) => DARK_ON_LIGHT,
                (_, false) => LIGHT_ON_DARK,
            };
        }
        look
    }
}

/// Warnings about the images to learn from and those to answer, a line each.
pub fn warnings(learned: &Look, answered: &Look) -> Vec<String> {
    let mut warnings = Vec::new();
    let mut say = |applies: bool, warning: String| warnings.extend(applies.then_some(warning));
    for look in [learned, answered] {
        let Look { images, labels, .. } = look;
        let classes = look.classes.concat();
        let is_one = look.classes.len() == 1 && look.count > 1;
        say(look.alike, format!("{images}: all images are the same"));
        say(is_one, format!("{labels}: all labels are {classes}"));
    }
    let (images, others) = (&answered.images, &learned.images);
    let (range, other) = (answered.range, learned.range);
    say(
        range != other && range > 0 && other > 0,
        format!(
            "{images}: the pixels are from 0 to {range}, but from 0 to {other} in {others}: bring \
             both to 0 to 255"
        ),
    );
    let (polarity, other) = (answered.polarity, learned.polarity);
    say(
        polarity != other && !polarity.is_empty() && !other.is_empty(),
        format!(
            "{images}: the images are {polarity}, but {other} in {others}: invert the pixels (255 \
             − pixel)"
        ),
    );
    let mut unseen = answered.classes.clone();
    unseen.retain(|class| !learned.classes.contains(class));
    say(
        !unseen.is_empty() && !learned.classes.is_empty(),
        format!(
            "{}: labels that {} does not have, and that can't be learned: {}",
            answered.labels,
            learned.labels,
            unseen.join(", ")
        ),
    );
    let look = if learned.range > 0 { learned } else { answered };
    let Look { images, range, .. } = look;
    say(
        (1..u8::MAX).contains(range) && !look.alike,
        format!(
            "{images}: no pixel is above {range}, and full ink is 255: multiply the pixels by {}",
            u8::MAX / range.max(&1)
        ),
    );
    say(
        learned.sorted,
        format!(
            "{}: {SORTED_BY_CLASS}: shuffle the images with their labels",
            learned.labels
        ),
    );
    warnings.truncate(MOST);
    warnings
}

/// A warning about test images that are training images, too. It looks at all of them.
pub fn repeated((training, test): (&Dataset, &Dataset)) -> Option<String> {
    let known: HashSet<&[u8]> = training.iter().map(|(image, _)| image).collect();
    let repeated = test
        .iter()
        .filter(|(image, _)| known.contains(image))
        .count();
    (100 * repeated >= test.len()).then(|| {
        format!(
            "{}: {} of {} are in the training set, too, and say little of new images",
            test.images_path().display(),
            plural(repeated, "image"),
            count(test.len())
        )
    })
}
