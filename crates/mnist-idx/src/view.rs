//! An array borrowed from the bytes of a file.

use std::marker::PhantomData;

use crate::{Element, ElementType, FormatError};

/// An array, or one of its sub-arrays, in bytes that belong to someone else. Copying a view copies
/// no element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View<'a> {
    element_type: ElementType,
    dimensions: &'a [usize],
    bytes: &'a [u8],
}

impl<'a> View<'a> {
    /// `bytes` must be exactly as many as type and dimensions need.
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

    /// The dimensions, outermost first; none in a view of one element, the sub-array of a vector.
    pub fn dimensions(self) -> &'a [usize] {
        self.dimensions
    }

    /// The elements as they are in the file, row by row, big-endian.
    pub fn bytes(self) -> &'a [u8] {
        self.bytes
    }

    /// Number of sub-arrays, which is the outermost dimension; 0 in a view of one element.
    pub fn len(self) -> usize {
        self.dimensions.first().copied().unwrap_or(0)
    }

    /// Whether there are no sub-arrays.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The sub-array at the outermost `index`: one row of a matrix, one image of many. `None` if
    /// there are not so many.
    pub fn get(self, index: usize) -> Option<View<'a>> {
        let (&len, inner) = self.dimensions.split_first()?;
        if index >= len {
            return None;
        }
        let size = self.bytes.len() / len;
        let bytes = &self.bytes[index * size..][..size];
        Some(View {
            element_type: self.element_type,
            dimensions: inner,
            bytes,
        })
    }

    /// All sub-arrays in order.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = View<'a>> + ExactSizeIterator + Clone {
        (0..self.len()).map(move |index| self.get(index).expect("index is below len"))
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

    /// The elements of a `u8` array, as they are in the file.
    ///
    /// # Errors
    ///
    /// [`FormatError::ElementType`] if they are of another type.
    pub fn as_u8(self) -> Result<&'a [u8], FormatError> {
        self.expect_type(ElementType::U8)?;
        Ok(self.bytes)
    }

    /// The elements of an `i8` array, as they are in the file.
    ///
    /// # Errors
    ///
    /// [`FormatError::ElementType`] if they are of another type.
    pub fn as_i8(self) -> Result<&'a [i8], FormatError> {
        self.expect_type(ElementType::I8)?;
        Ok(bytemuck::cast_slice(self.bytes))
    }

    fn expect_type(self, expected: ElementType) -> Result<(), FormatError> {
        match self.element_type {
            found if found == expected => Ok(()),
            found => Err(FormatError::ElementType { expected, found }),
        }
    }
}

/// The elements of an array, row by row, read from the file's big-endian bytes when they are
/// asked for; nothing is allocated.
#[derive(Clone, Copy, Debug)]
pub struct Elements<'a, T> {
    bytes: &'a [u8],
    element: PhantomData<T>,
}

impl<'a, T: Element> Elements<'a, T> {
    /// Number of elements.
    pub fn len(self) -> usize {
        self.bytes.len() / T::TYPE.size()
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.bytes.is_empty()
    }

    /// The element at `index`, counted row by row; `None` if there are not so many.
    #[inline]
    pub fn get(self, index: usize) -> Option<T> {
        let start = index.checked_mul(T::TYPE.size())?;
        let bytes = self.bytes.get(start..)?.get(..T::TYPE.size())?;
        Some(T::load(bytes))
    }

    /// All elements in order.
    pub fn iter(
        self,
    ) -> impl DoubleEndedIterator<Item = T> + ExactSizeIterator + Clone + use<'a, T> {
        self.bytes.chunks_exact(T::TYPE.size()).map(T::load)
    }

    /// A copy of all elements in the byte order of this machine.
    pub fn to_vec(self) -> Vec<T> {
        self.iter().collect()
    }
}
