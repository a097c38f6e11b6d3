//! The header of an IDX file: two zero bytes, the element type, the number of dimensions, and the
//! dimensions as big-endian `u32`, outermost first.

use std::fmt;
use std::io::{self, Write};

use byteorder::{BigEndian, ByteOrder, WriteBytesExt};

use crate::{FormatError, View};

/// The first bytes of every gzip file (RFC 1952).
pub(crate) const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// The type of an array's elements, which are big-endian in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ElementType {
    /// Unsigned bytes, code `0x08`.
    U8,
    /// Signed bytes, code `0x09`.
    I8,
    /// 16-bit integers, code `0x0b`.
    I16,
    /// 32-bit integers, code `0x0c`.
    I32,
    /// 32-bit floats (IEEE 754), code `0x0d`.
    F32,
    /// 64-bit floats (IEEE 754), code `0x0e`.
    F64,
}

impl ElementType {
    /// Every type, in the order of the codes.
    pub const ALL: [ElementType; 6] = [
        Self::U8,
        Self::I8,
        Self::I16,
        Self::I32,
        Self::F32,
        Self::F64,
    ];

    /// The third byte of the file.
    pub const fn code(self) -> u8 {
        match self {
            Self::U8 => 0x08,
            Self::I8 => 0x09,
            Self::I16 => 0x0b,
            Self::I32 => 0x0c,
            Self::F32 => 0x0d,
            Self::F64 => 0x0e,
        }
    }

    /// The type with this code, if there is one.
    pub fn from_code(code: u8) -> Option<ElementType> {
        Self::ALL
            .into_iter()
            .find(|element_type| element_type.code() == code)
    }

    /// Bytes in an element.
    pub const fn size(self) -> usize {
        match self {
            Self::U8 | Self::I8 => 1,
            Self::I16 => 2,
            Self::I32 | Self::F32 => 4,
            Self::F64 => 8,
        }
    }
}

impl fmt::Display for ElementType {
    /// The type's name in Rust: `u8`, `i8`, `i16`, `i32`, `f32` or `f64`.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(match self {
            Self::U8 => "u8",
            Self::I8 => "i8",
            Self::I16 => "i16",
            Self::I32 => "i32",
            Self::F32 => "f32",
            Self::F64 => "f64",
        })
    }
}

/// Type and dimensions of an array. The array fits in the address space: the byte counts of the
/// array and of each of its sub-arrays fit in `usize`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    element_type: ElementType,
    dimensions: Vec<usize>,
    file_size: usize,
}

impl Header {
    /// Bytes before the dimensions.
    const START: usize = 4;

    /// The header of an array of this type and these dimensions, outermost first.
    ///
    /// # Errors
    ///
    /// [`FormatError::DimensionCount`] unless there are 1 to 255 dimensions,
    /// [`FormatError::DimensionSize`] if one is over `u32::MAX`, and [`FormatError::TooLarge`].
    pub fn new(element_type: ElementType, dimensions: &[usize]) -> Result<Header, FormatError> {
        if !(1..=255).contains(&dimensions.len()) {
            return Err(FormatError::DimensionCount {
                found: dimensions.len(),
            });
        }
        if let Some(&found) = dimensions.iter().find(|&&d| u32::try_from(d).is_err()) {
            return Err(FormatError::DimensionSize { found });
        }
        // A dimension of 0 counts as 1, so that sub-arrays of an empty array fit, too.
        let header_size = Self::START + 4 * dimensions.len();
        let file_size = dimensions
            .iter()
            .try_fold(element_type.size() as u64, |size, &d| {
                size.checked_mul(d.max(1) as u64)
            })
            .and_then(|size| size.checked_add(header_size as u64))
            .and_then(|size| usize::try_from(size).ok())
            .ok_or_else(|| FormatError::TooLarge {
                dimensions: dimensions.to_vec(),
            })?;
        let file_size = if dimensions.contains(&0) {
            header_size
        } else {
            file_size
        };
        Ok(Header {
            element_type,
            dimensions: dimensions.to_vec(),
            file_size,
        })
    }

    /// Parses the header at the start of `bytes`, and ignores what follows it.
    ///
    /// # Errors
    ///
    /// [`FormatError::Empty`], [`FormatError::Compressed`], [`FormatError::Magic`],
    /// [`FormatError::UnknownType`], [`FormatError::ShortHeader`], and those of [`Header::new`].
    pub fn parse(bytes: &[u8]) -> Result<Header, FormatError> {
        let (element_type, size) = Self::parse_start(bytes)?;
        let Some(dimensions) = bytes.get(Self::START..size) else {
            return Err(FormatError::ShortHeader {
                expected: size,
                found: bytes.len(),
            });
        };
        let dimensions: Vec<usize> = dimensions
            .chunks_exact(4)
            .map(|bytes| BigEndian::read_u32(bytes) as usize)
            .collect();
        Header::new(element_type, &dimensions)
    }

    /// The element type and the size of the whole header, from its first four bytes.
    pub(crate) fn parse_start(bytes: &[u8]) -> Result<(ElementType, usize), FormatError> {
        if bytes.is_empty() {
            return Err(FormatError::Empty);
        }
        if bytes.starts_with(&GZIP_MAGIC) {
            return Err(FormatError::Compressed);
        }
        let start = &bytes[..bytes.len().min(Self::START)];
        if start.iter().take(2).any(|&byte| byte != 0) {
            return Err(FormatError::Magic {
                found: start.to_vec(),
            });
        }
        let &[_, _, code, count] = start else {
            return Err(FormatError::ShortHeader {
                expected: 8,
                found: bytes.len(),
            });
        };
        let element_type =
            ElementType::from_code(code).ok_or(FormatError::UnknownType { found: code })?;
        Ok((element_type, Self::START + 4 * usize::from(count)))
    }

    /// Writes the header as it is at the start of a file.
    ///
    /// # Errors
    ///
    /// Those of `writer`.
    pub fn write(&self, mut writer: impl Write) -> io::Result<()> {
        // Neither cast truncates: `new` has checked both.
        writer.write_all(&[0, 0, self.element_type.code(), self.dimensions.len() as u8])?;
        for &dimension in &self.dimensions {
            writer.write_u32::<BigEndian>(dimension as u32)?;
        }
        Ok(())
    }

    /// The type of the elements.
    pub fn element_type(&self) -> ElementType {
        self.element_type
    }

    /// The dimensions, outermost first; 1 to 255 of them.
    pub fn dimensions(&self) -> &[usize] {
        &self.dimensions
    }

    /// Bytes in the header itself.
    pub fn size(&self) -> usize {
        Self::START + 4 * self.dimensions.len()
    }

    /// Bytes in header and elements together: the exact size of a raw file.
    pub fn file_size(&self) -> usize {
        self.file_size
    }

    /// The array in `file`, which is all bytes of a raw file, header included.
    ///
    /// # Errors
    ///
    /// [`FormatError::TooShort`] or [`FormatError::TooLong`] unless `file` is exactly
    /// [`file_size`](Self::file_size) long.
    pub fn view<'a>(&'a self, file: &'a [u8]) -> Result<View<'a>, FormatError> {
        self.check_size(file.len() as u64)?;
        Ok(View::new(
            self.element_type,
            &self.dimensions,
            &file[self.size()..],
        ))
    }

    /// An error unless a raw file of `found` bytes is exactly as long as this header says.
    pub(crate) fn check_size(&self, found: u64) -> Result<(), FormatError> {
        let expected = self.file_size as u64;
        match found.cmp(&expected) {
            std::cmp::Ordering::Less => Err(FormatError::TooShort { expected, found }),
            std::cmp::Ordering::Equal => Ok(()),
            std::cmp::Ordering::Greater => Err(FormatError::TooLong {
                expected,
                found: Some(found),
            }),
        }
    }
}
