//! How a value for each weight is laid out in memory: as the SIMD kernel reads it.
//!
//! A row of weights is cut into chunks of 16 lanes. Ten classes form a group, and a group's
//! chunks stand side by side: chunk 0 of its ten classes, chunk 1 of its ten classes, and so on.
//! One pass over the group then meets each pixel once, for ten weights. Lanes after the last
//! pixel and classes after the last are zero and stay zero.

use crate::Shape;

/// Lanes of a chunk: the `i16`s of 256 bits.
pub(crate) const LANES: usize = 16;

/// Classes of a group: their ten sums fit the 16 registers of AVX2.
pub(crate) const GROUP: usize = 10;

/// A chunk `C` for every 16 pixels of every class, `[groups, chunks, GROUP]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rows<C> {
    chunks: usize,
    sides: Vec<[C; GROUP]>,
}

impl<C: Copy + Default> Rows<C> {
    /// Rows of zeros.
    pub(crate) fn zero(shape: Shape) -> Self {
        let chunks = shape.pixels().div_ceil(LANES);
        let groups = shape.classes().div_ceil(GROUP);
        Self {
            chunks,
            sides: vec![[C::default(); GROUP]; groups * chunks],
        }
    }

    /// The chunks of a group, ten classes side by side.
    pub(crate) fn group(&self, group: usize) -> &[[C; GROUP]] {
        &self.sides[group * self.chunks..][..self.chunks]
    }

    /// The chunks of one class.
    pub(crate) fn row(&self, class: usize) -> impl Iterator<Item = &C> {
        let group = self.group(class / GROUP).iter();
        group.map(move |side| &side[class % GROUP])
    }

    /// The chunks of one class, to be changed.
    pub(crate) fn row_mut(&mut self, class: usize) -> impl Iterator<Item = &mut C> {
        let group = &mut self.sides[class / GROUP * self.chunks..][..self.chunks];
        group.iter_mut().map(move |side| &mut side[class % GROUP])
    }

    /// All chunks, in the order of the memory.
    pub(crate) fn all(&self) -> impl Iterator<Item = &C> {
        self.sides.as_flattened().iter()
    }

    /// All chunks, to be changed.
    pub(crate) fn all_mut(&mut self) -> impl Iterator<Item = &mut C> {
        self.sides.as_flattened_mut().iter_mut()
    }
}

/// An image in chunks: its own bytes where they fill them, else a copy in `padded`, zeros after
/// the last pixel.
pub(crate) fn chunks<'a>(image: &'a [u8], padded: &'a mut [[u8; LANES]]) -> &'a [[u8; LANES]] {
    let (chunks, rest) = image.as_chunks();
    if rest.is_empty() {
        return chunks;
    }
    padded.as_flattened_mut()[..image.len()].copy_from_slice(image);
    padded
}
