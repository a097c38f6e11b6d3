//! The six element types as Rust types.

use crate::ElementType;

/// A Rust type that an IDX array can hold: `u8`, `i8`, `i16`, `i32`, `f32` or `f64`. It cannot be
/// implemented for other types.
pub trait Element: Copy + Default + sealed::Sealed {
    /// The element type of the file format.
    const TYPE: ElementType;

    /// Reads the element from the first [`ElementType::size`] bytes, big-endian.
    ///
    /// # Panics
    ///
    /// If there are fewer bytes.
    fn load(bytes: &[u8]) -> Self;

    /// Writes the element to the first [`ElementType::size`] bytes, big-endian.
    ///
    /// # Panics
    ///
    /// If there are fewer bytes.
    fn store(self, bytes: &mut [u8]);
}

mod sealed {
    /// Keeps [`Element`](super::Element) to the types of this file.
    pub trait Sealed {}
}

macro_rules! elements {
    ($($rust:ty => $variant:ident,)*) => {$(
        impl sealed::Sealed for $rust {}
        impl Element for $rust {
            const TYPE: ElementType = ElementType::$variant;

            #[inline]
            fn load(bytes: &[u8]) -> Self {
                Self::from_be_bytes(*bytes.first_chunk().expect("an element's bytes"))
            }

            #[inline]
            fn store(self, bytes: &mut [u8]) {
                *bytes.first_chunk_mut().expect("an element's bytes") = self.to_be_bytes();
            }
        }
    )*};
}

elements! {
    u8 => U8,
    i8 => I8,
    i16 => I16,
    i32 => I32,
    f32 => F32,
    f64 => F64,
}
