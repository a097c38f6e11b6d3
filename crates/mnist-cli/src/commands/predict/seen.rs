//! What the network sees of a picture.

use anyhow::{Result, ensure};
use clap::ValueEnum;
use mnist_kernel::Size;

use crate::data::{Form, Preparation};
use crate::model::Metadata;
use crate::pictures::decode::{Gray16, check_contrast, of_8_bits, picture_size};
use crate::pictures::digits::{self, Digit, Place};
use crate::pictures::images;
use crate::terminal::usage;

/// How pictures are prepared if the model is not to say.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Prepare {
    /// Cut out, scaled, and centred by mass as MNIST's digits were
    Mnist,
    /// Resized as a whole
    Resized,
}

/// What the network sees of a picture, or of a digit in it.
pub struct Image {
    /// Where it was cut out, if not all of the picture is seen.
    pub place: Option<Place>,
    pub pixels: Vec<u8>,
}

/// All that the network sees of a picture, if that is not cut out.
fn whole(pixels: Vec<u8>) -> Result<Vec<Image>> {
    let place = None;
    Ok(vec![Image { place, pixels }])
}

/// How pictures are prepared for a network: as the model says, unless the user says otherwise. Where
/// nothing is known, they are only resized.
pub fn preparation(network: &Metadata, asked: Option<Prepare>) -> Result<Preparation> {
    let size = network.size();
    let known = network.preparation.or(Preparation::likely(size));
    let unknown = Preparation::light(Form::Resized { plain: false });
    let preparation = known.unwrap_or(unknown);
    let form = match asked {
        None => preparation.form,
        Some(_) if preparation.normalized() => {
            usage!("--prepare: the network takes normalized images only")
        }
        Some(Prepare::Mnist) => Form::mnist(size),
        Some(Prepare::Resized) => Form::Resized { plain: true },
    };
    Ok(Preparation {
        form,
        ..preparation
    })
}

/// A picture's own pixels, as if they were an image of the training data.
pub fn raw(picture: &Gray16, preparation: Preparation, size: Size) -> Result<Vec<Image>> {
    let found = picture_size(picture);
    ensure!(
        found == size,
        "the picture is {found} pixels, but the network takes {size}: without --raw it is fitted"
    );
    let pixels = of_8_bits(picture).into_raw();
    whole(preparation.seen(pixels, size)?)
}

/// All of a picture, or each of its digits, as a network of this preparation and size sees it. The
/// picture is one digit if it is `single`.
pub fn of(
    picture: &Gray16,
    preparation: Preparation,
    size: Size,
    single: bool,
) -> Result<Vec<Image>> {
    // It may be an image of the data set itself.
    if let Some(pixels) = images::own(picture, preparation, size)? {
        return whole(pixels);
    }
    if let Form::Resized { .. } = preparation.form {
        check_contrast(picture)?;
        let picture = of_8_bits(picture);
        return whole(images::whole(&picture, preparation, size));
    }
    let digits = match single {
        true => digits::single(picture).map(|digit| vec![digit]),
        false => digits::all(picture),
    };
    if let Form::Stretched { .. } = preparation.form
        && digits.as_ref().map_or(0, Vec::len) < 2
        && let Some(ink) = images::plain_ink(&of_8_bits(picture))
    {
        return whole(images::image_of(&ink, preparation, size)?);
    }
    let image = |Digit { place, ink }| {
        let pixels = images::image_of(&ink, preparation, size)?;
        let place = Some(place);
        Ok(Image { place, pixels })
    };
    digits?.into_iter().map(image).collect()
}
