//! The six types of elements as Rust types.

use byteorder::{BigEndian, ByteOrder};

use crate::ElementType;

/// A Rust type that is one of the six element types. It is implemented for those six and cannot
/// be implemented for others.
pub trait Element: Copy + Default + sealed::Sealed {
    /// The element type that this is.
    const TYPE: ElementType;

    /// The element in the first [`ElementType::size`] bytes, big-endian.
    ///
    /// # Panics
    ///
    /// If there are fewer bytes.
    fn load(bytes: &[u8]) -> Self;

    /// Puts the element into the first [`ElementType::size`] bytes, big-endian.
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

macro_rules! element {
    ($rust:ty, $variant:ident, $load:expr, $store:expr) => {
        impl sealed::Sealed for $rust {}
        impl Element for $rust {
            const TYPE: ElementType = ElementType::$variant;

            #[inline]
            fn load(bytes: &[u8]) -> Self {
                $load(bytes)
            }

            #[inline]
            fn store(self, bytes: &mut [u8]) {
                $store(bytes, self)
            }
        }
    };
}

element!(
    u8,
    U8,
    |bytes: &[u8]| bytes[0],
    |bytes: &mut [u8], value| bytes[0] = value
);
element!(
    i8,
    I8,
    |bytes: &[u8]| bytes[0] as i8,
    |bytes: &mut [u8], value| bytes[0] = value as u8
);
element!(i16, I16, BigEndian::read_i16, BigEndian::write_i16);
element!(i32, I32, BigEndian::read_i32, BigEndian::write_i32);
element!(f32, F32, BigEndian::read_f32, BigEndian::write_f32);
element!(f64, F64, BigEndian::read_f64, BigEndian::write_f64);
