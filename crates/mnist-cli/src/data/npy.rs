//! The header of NumPy's arrays, as `.npy` files have it.

use std::io::Read;

use anyhow::{Context, Result, ensure};

/// The longest header of an array.
const LONGEST: u32 = 1 << 16;

/// What comes before an array's elements.
pub struct Header {
    /// The type of the elements, such as `<f4`.
    pub kind: String,
    /// Whether the first index varies fastest, and not the last.
    pub fortran_order: bool,
    pub shape: Vec<usize>,
}

impl Header {
    /// How a file begins.
    pub const MAGIC: &[u8] = b"\x93NUMPY";

    /// Reads up to the elements.
    pub fn read(source: &mut impl Read) -> Result<Self> {
        let (mut start, mut length, mut header) = ([0; 8], [0; 4], String::new());
        source.read_exact(&mut start)?;
        ensure!(start.starts_with(Self::MAGIC), "not an array of NumPy");
        source.read_exact(&mut length[..if start[6] == 1 { 2 } else { 4 }])?;
        let length = u32::from_le_bytes(length).min(LONGEST);
        source.take(length.into()).read_to_string(&mut header)?;
        let value = |key: &str, until: char| {
            let (_, value) = header.split_once(&format!("'{key}': "))?;
            Some(value.split_once(until)?.0.trim_matches(['\'', '(']))
        };
        let known = || {
            let sides = value("shape", ')')?.split(',').map(str::trim);
            let sides = sides.filter(|side| !side.is_empty()).map(str::parse);
            Some(Self {
                kind: value("descr", ',')?.to_owned(),
                fortran_order: value("fortran_order", ',')? == "True",
                shape: sides.collect::<Result<_, _>>().ok()?,
            })
        };
        known().with_context(|| format!("its header is not understood: {header:?}"))
    }
}
