//! An array borrowed from the bytes of a file.

use std::iter::{FusedIterator, Map};
use std::marker::PhantomData;
use std::ops::Range;
use std::slice::ChunksExact;

use crate::{Element, ElementType, FormatError};

/// An array, or a sub-array of one, that borrows its elements. Copying a view copies no element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View<'a> {
    element_type: ElementType,
    dimensions: &'a [usize],
    bytes: &'a [u8],
}

impl<'a> View<'a> {
    /// `bytes` must be exactly as many as the type and the dimensions need.
    pub(crate) fn new(element_type: ElementType, dimensions: &'a [usize], bytes: &'a [u8]) -> Self {
        View {
            element_type,
            dimensions,
            bytes,
        }
    }

    /// The type of the elements.
    pub fn element_type(self) -> ElementType {
        self.element_type
    }

    /// The dimensions, outermost first. A sub-array of a vector is a single element and has none.
    pub fn dimensions(self) -> &'a [usize] {
        self.dimensions
    }

    /// The elements as they are in the file: row by row, big-endian.
    pub fn bytes(self) -> &'a [u8] {
        self.bytes
    }

    /// Number of sub-arrays, which is the outermost dimension; 0 for a single element.
    pub fn len(self) -> usize {
        self.dimensions.first().copied().unwrap_or(0)
    }

    /// Whether there are no sub-arrays.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The sub-array at the outermost `index`: a row of a matrix, an image of many. `None` if
    /// `index` is not below [`len`](Self::len).
    pub fn get(self, index: usize) -> Option<View<'a>> {
        let (&len, inner) = self.dimensions.split_first()?;
        if index >= len {
            return None;
        }
        let size = self.bytes.len() / len;
        let bytes = &self.bytes[index * size..][..size];
        Some(View::new(self.element_type, inner, bytes))
    }

    /// All sub-arrays in order.
    pub fn iter(self) -> SubArrays<'a> {
        SubArrays {
            view: self,
            indices: 0..self.len(),
        }
    }

    /// The elements, read in place.
    ///
    /// # Errors
    ///
    /// [`FormatError::ElementType`] if they are of another type.
    pub fn elements<T: Element>(self) -> Result<Elements<'a, T>, FormatError> {
        self.expect_type(T::TYPE)?;
        Ok(Elements {
            bytes: self.bytes,
            element: PhantomData,
        })
    }

    /// The elements of a `u8` array, borrowed.
    ///
    /// # Errors
    ///
    /// [`FormatError::ElementType`] if they are of another type.
    pub fn as_u8(self) -> Result<&'a [u8], FormatError> {
        self.expect_type(ElementType::U8)?;
        Ok(self.bytes)
    }

    /// The labels of this array, if it has the type and the shape of labels: integers `[count]`,
    /// or QMNIST's table `i32 [count, columns]`, whose first column is the label. They are not
    /// checked to be classes.
    pub fn labels(self) -> Option<ElementsIter<'a, i64>> {
        use ElementType::{I8, I16, I32, U8};
        let (load, columns): (fn(&'a [u8]) -> i64, _) = match (self.element_type, self.dimensions) {
            (U8, [_]) => (|bytes| u8::load(bytes).into(), 1),
            (I8, [_]) => (|bytes| i8::load(bytes).into(), 1),
            (I16, [_]) => (|bytes| i16::load(bytes).into(), 1),
            (I32, [_]) => (|bytes| i32::load(bytes).into(), 1),
            (I32, &[_, columns]) if columns > 0 => (|bytes| i32::load(bytes).into(), columns),
            _ => return None,
        };
        let rows = self.bytes.chunks_exact(columns * self.element_type.size());
        Some(rows.map(load))
    }

    fn expect_type(self, expected: ElementType) -> Result<(), FormatError> {
        match self.element_type {
            found if found == expected => Ok(()),
            found => Err(FormatError::ElementType { expected, found }),
        }
    }
}

impl<'a> IntoIterator for View<'a> {
    type Item = View<'a>;
    type IntoIter = SubArrays<'a>;

    fn into_iter(self) -> SubArrays<'a> {
        self.iter()
    }
}

/// The sub-arrays of a [`View`] in order.
#[derive(Clone, Debug)]
pub struct SubArrays<'a> {
    view: View<'a>,
    indices: Range<usize>,
}

impl<'a> Iterator for SubArrays<'a> {
    type Item = View<'a>;

    fn next(&mut self) -> Option<View<'a>> {
        self.view.get(self.indices.next()?)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.indices.size_hint()
    }
}

impl DoubleEndedIterator for SubArrays<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.view.get(self.indices.next_back()?)
    }
}

impl ExactSizeIterator for SubArrays<'_> {}
impl FusedIterator for SubArrays<'_> {}

/// The elements of an array, row by row. Each is read from the file's big-endian bytes when it is
/// asked for; nothing is allocated.
#[derive(Clone, Copy, Debug)]
pub struct Elements<'a, T> {
    bytes: &'a [u8],
    element: PhantomData<T>,
}

/// The iterator over [`Elements`], and over [labels](View::labels).
pub type ElementsIter<'a, T> = Map<ChunksExact<'a, u8>, fn(&'a [u8]) -> T>;

impl<'a, T: Element> Elements<'a, T> {
    /// Number of elements.
    pub fn len(self) -> usize {
        self.bytes.len() / T::TYPE.size()
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.bytes.is_empty()
    }

    /// The element at `index`, counted row by row; `None` if `index` is not below
    /// [`len`](Self::len).
    #[inline]
    pub fn get(self, index: usize) -> Option<T> {
        let mut elements = self.bytes.chunks_exact(T::TYPE.size());
        elements.nth(index).map(T::load)
    }

    /// All elements in order.
    pub fn iter(self) -> ElementsIter<'a, T> {
        self.bytes.chunks_exact(T::TYPE.size()).map(T::load)
    }

    /// A copy of all elements in the byte order of this machine.
    pub fn to_vec(self) -> Vec<T> {
        self.iter().collect()
    }
}

impl<'a, T: Element> IntoIterator for Elements<'a, T> {
    type Item = T;
    type IntoIter = ElementsIter<'a, T>;

    fn into_iter(self) -> ElementsIter<'a, T> {
        self.iter()
    }
}
