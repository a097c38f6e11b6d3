//! NumPy's `.npz` files: zip archives of arrays, such as `x_train` and `y_train`.

use std::io::{self, Read};

use anyhow::{Context, Result, bail, ensure};
use flate2::bufread::DeflateDecoder;
use mnist_idx::Split;
use rawzip::{CompressionMethod, ZipArchive};

use super::arrays::{Arrays, byte, not_a_byte, square_side};
use super::npy::Header;

/// The bytes of elements that are converted at once.
const PIECE: usize = 1 << 16;

/// The most bytes of a file.
const LARGEST: u64 = 1 << 32;

/// An array of whole numbers from 0 to 255.
struct Array {
    shape: Vec<usize>,
    elements: Vec<u8>,
}

/// Reads the images of a split, if they are there, and their labels if there are any.
pub fn read(file: impl Read, split: Split) -> Result<Option<Arrays>> {
    let mut bytes = Vec::new();
    file.take(LARGEST).read_to_end(&mut bytes)?;
    let names = match split {
        Split::Train => ["x_train", "y_train", "train_images", "train_labels"],
        Split::Test => ["x_test", "y_test", "test_images", "test_labels"],
    };
    let mut arrays = [None, None];
    let archive = ZipArchive::from_slice(&bytes)?;
    let mut entries = archive.entries();
    while let Some(entry) = entries.next_entry()? {
        let name = String::from_utf8_lossy(entry.file_path().as_ref()).to_lowercase();
        let is_name = |known: &&str| name.strip_suffix(".npy") == Some(known);
        let Some(at) = names.iter().position(is_name) else {
            continue;
        };
        let found = archive.get_entry(entry.wayfinder())?;
        let reader: Box<dyn Read> = match entry.compression_method() {
            CompressionMethod::STORE => Box::new(found.data()),
            CompressionMethod::DEFLATE => Box::new(DeflateDecoder::new(found.data())),
            _ => bail!("{name} is compressed in another way than by numpy.savez_compressed"),
        };
        let array = array(found.verifying_reader(reader)).with_context(|| name.clone())?;
        arrays[at % 2] = Some(array);
    }
    let [Some(images), labels] = arrays else {
        return Ok(None);
    };
    let mut shape = images.shape;
    // A channel of grey.
    if shape.len() == 4 && shape[3] == 1 {
        shape.pop();
    }
    if let [count, pixels] = shape[..]
        && let Some(side) = square_side(pixels)
    {
        shape = vec![count, side, side];
    }
    let is_vector = |labels: &Array| matches!(labels.shape[..], [_] | [_, 1]);
    ensure!(
        shape.len() == 3 && labels.as_ref().is_none_or(is_vector),
        "the images are {shape:?}, the labels {}: expected grey images [count, height, width] and \
         labels [count]",
        labels.map_or("none".to_owned(), |labels| format!("{:?}", labels.shape))
    );
    Ok(Some(Arrays {
        dimensions: shape,
        pixels: images.elements,
        labels: labels.map(|labels| labels.elements),
    }))
}

/// Reads an `.npy` file to its end. Memory is reserved as the elements come.
fn array(mut source: impl Read) -> Result<Array> {
    let Header {
        kind,
        fortran_order,
        shape,
    } = Header::read(&mut source)?;
    ensure!(
        !fortran_order,
        "it is stored column by column: numpy.ascontiguousarray mends that"
    );
    let (size, number) = element(&kind)?;
    let count = shape
        .iter()
        .try_fold(1_usize, |count, &n| count.checked_mul(n));
    let bytes = count.and_then(|count| count.checked_mul(size));
    let bytes = bytes.with_context(|| format!("{shape:?} is too large"))? as u64;

    let mut rest = source.take(bytes);
    let mut elements = Vec::new();
    if size == 1 && kind != "|i1" {
        rest.read_to_end(&mut elements)?;
    } else {
        let mut piece = Vec::new();
        while rest.by_ref().take(PIECE as u64).read_to_end(&mut piece)? > 0 {
            elements.try_reserve(piece.len() / size)?;
            for bytes in piece.chunks_exact(size) {
                let found = number(bytes);
                elements.push(byte(found).ok_or_else(|| {
                    let (at, columns) = (elements.len(), shape.iter().skip(1).product::<usize>());
                    not_a_byte(at / columns, at % columns, found)
                })?);
            }
            piece.clear();
        }
    }
    ensure!(
        Some(elements.len()) == count,
        "it has {} elements, but its shape is {shape:?}",
        elements.len()
    );
    // The end of the compressed data has the checksum.
    let more = io::copy(&mut rest.into_inner().take(1), &mut io::sink())?;
    ensure!(
        more == 0,
        "it has more elements than its shape, {shape:?}, says"
    );
    Ok(Array { shape, elements })
}

/// Reads the number in the bytes of an element.
type Number = fn(&[u8]) -> f64;

/// How many bytes an element of this type has, as NumPy names it, and how they are read.
fn element(kind: &str) -> Result<(usize, Number)> {
    macro_rules! number {
        ($type:ty) => {
            (size_of::<$type>(), |bytes| {
                <$type>::from_le_bytes(bytes.try_into().expect("the bytes of one element")) as f64
            })
        };
    }
    Ok(match kind {
        "|u1" | "|b1" => number!(u8),
        "|i1" => number!(i8),
        "<u2" => number!(u16),
        "<i2" => number!(i16),
        "<u4" => number!(u32),
        "<i4" => number!(i32),
        "<u8" => number!(u64),
        "<i8" => number!(i64),
        "<f4" => number!(f32),
        "<f8" => number!(f64),
        _ => bail!(
            "its type is \"{kind}\", which is not read: x.astype('uint8') changes it if its numbers \
             are whole and from 0 to 255, (x * 255).round().astype('uint8') if they are from 0 to 1"
        ),
    })
}
