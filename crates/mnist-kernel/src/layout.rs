//! How a value for each weight and each bias is laid out in memory: as the kernels read it.
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

/// Groups of the most classes that there are, 256.
pub(crate) const MOST_GROUPS: usize = 256_usize.div_ceil(GROUP);

/// How many images before its own turn an image is asked for from memory.
const AHEAD: usize = 3;

/// Cache lines of an image that are asked for, at most: what is ahead is to fit the fastest cache.
/// Within a larger image, the processor itself sees what comes next.
const MOST_LINES: usize = 64;

/// A chunk of each of the ten classes of a group, in whole cache lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C, align(64))]
pub(crate) struct Chunks<W>(pub [[W; LANES]; GROUP]);

/// A `W` for each weight and a `B` for each bias.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layer<W, B> {
    /// `[groups, chunks of a row]`.
    weights: Vec<Chunks<W>>,
    /// `[groups, GROUP]`.
    biases: Vec<[B; GROUP]>,
    /// Chunks of a row.
    length: usize,
}

/// Where the row of a class is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    /// The index of the first chunks of its group.
    first: usize,
    /// The class's place in the group.
    place: usize,
}

impl Row {
    /// A chunk of the row.
    #[inline(always)]
    pub(crate) fn chunk_mut<W>(self, chunks: &mut [Chunks<W>], index: usize) -> &mut [W; LANES] {
        &mut chunks[self.first + index].0[self.place]
    }
}

impl<W: Copy + Default, B: Copy + Default> Layer<W, B> {
    /// Zeros.
    pub(crate) fn zero(shape: Shape) -> Self {
        let length = shape.pixels().div_ceil(LANES);
        let groups = shape.classes().div_ceil(GROUP);
        Self {
            weights: vec![Chunks([[W::default(); LANES]; GROUP]); groups * length],
            biases: vec![[B::default(); GROUP]; groups],
            length,
        }
    }

    /// Groups of ten classes: their weights and their biases.
    #[inline(always)]
    pub(crate) fn groups(&self) -> impl ExactSizeIterator<Item = (&[Chunks<W>], &[B; GROUP])> {
        self.weights.chunks_exact(self.length).zip(&self.biases)
    }

    /// The weights of a class, in chunks.
    pub(crate) fn row(&self, class: usize) -> impl Iterator<Item = &[W; LANES]> {
        let group = &self.weights[class / GROUP * self.length..][..self.length];
        group.iter().map(move |chunks| &chunks.0[class % GROUP])
    }

    /// Chunks of a row.
    #[inline(always)]
    pub(crate) fn length(&self) -> usize {
        self.length
    }

    /// Where the row of a class is.
    #[inline(always)]
    pub(crate) fn find(&self, class: usize) -> Row {
        Row {
            first: class / GROUP * self.length,
            place: class % GROUP,
        }
    }

    /// All weights, to be changed: `[groups, chunks of a row]`.
    #[inline(always)]
    pub(crate) fn chunks_mut(&mut self) -> &mut [Chunks<W>] {
        &mut self.weights
    }

    /// All weights, in chunks, in the order of the memory.
    pub(crate) fn weights(&self) -> impl Iterator<Item = &[W; LANES]> {
        self.weights.iter().flat_map(|chunks| &chunks.0)
    }

    /// All weights, in chunks, to be changed.
    pub(crate) fn weights_mut(&mut self) -> impl Iterator<Item = &mut [W; LANES]> {
        self.weights.iter_mut().flat_map(|chunks| &mut chunks.0)
    }

    /// The biases of all classes, and zeros up to a multiple of ten.
    pub(crate) fn biases(&self) -> &[B] {
        self.biases.as_flattened()
    }

    /// The biases, to be changed.
    pub(crate) fn biases_mut(&mut self) -> &mut [B] {
        self.biases.as_flattened_mut()
    }
}

/// An image in chunks: its own bytes as far as they fill them, and a copy of the rest.
#[derive(Clone, Copy)]
pub(crate) struct Image<'a> {
    pub full: &'a [[u8; LANES]],
    /// The rest, and zeros; all zeros where there is none.
    pub tail: [u8; LANES],
}

impl<'a> Image<'a> {
    /// An image of many, counted from 0. One that comes soon is asked for from memory, while this
    /// one is worked on: without that, half of the time of an image is waiting for it.
    #[inline(always)]
    pub(crate) fn of(images: &'a [u8], pixels: usize, index: usize) -> Self {
        let rest = &images[index * pixels..];
        if let Some(later) = rest.get(AHEAD * pixels..(AHEAD + 1) * pixels) {
            prefetch(later);
        }
        Self::new(&rest[..pixels])
    }

    /// An image.
    #[inline(always)]
    pub(crate) fn new(pixels: &'a [u8]) -> Self {
        let (full, rest) = pixels.as_chunks();
        let mut tail = [0; LANES];
        tail[..rest.len()].copy_from_slice(rest);
        Self { full, tail }
    }

    /// A chunk, counted from 0.
    #[inline(always)]
    pub(crate) fn chunk(&self, index: usize) -> &[u8; LANES] {
        self.full.get(index).unwrap_or(&self.tail)
    }
}

/// Asks for the memory of an image, and reads nothing.
#[inline(always)]
fn prefetch(image: &[u8]) {
    for _line in image.iter().step_by(64).take(MOST_LINES) {
        #[cfg(target_arch = "x86_64")]
        safe_arch::prefetch_t0(_line);
    }
}
