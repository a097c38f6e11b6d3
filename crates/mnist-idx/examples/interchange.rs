//! Arrays of all types and 1 to 5 dimensions, to be compared with another program's:
//! `interchange write FOLDER` writes them, `interchange check FOLDER` reads those of
//! `tests/interchange.py`, which does the same in Python.

use std::env;
use std::path::Path;

use mnist_idx::{Element, Error, IdxFile, write};

const DIMENSIONS: [usize; 5] = [7, 3, 2, 5, 4];

fn main() -> Result<(), Error> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [command, folder] = &arguments[..] else {
        panic!("usage: interchange write|check FOLDER");
    };
    let (write, folder) = (command == "write", Path::new(folder));
    all::<u8>(write, folder, |number| number as u8)?;
    all::<i8>(write, folder, |number| number as i8)?;
    all::<i16>(write, folder, |number| number as i16)?;
    all::<i32>(write, folder, |number| number)?;
    all::<f32>(write, folder, |number| number as f32 / 8.0)?;
    all::<f64>(write, folder, |number| f64::from(number) / 8.0)
}

/// Writes or checks the arrays of one type, raw and gzip.
fn all<T: Element + PartialEq>(
    do_write: bool,
    folder: &Path,
    element: fn(i32) -> T,
) -> Result<(), Error> {
    for dimensions in (1..=DIMENSIONS.len()).map(|count| &DIMENSIONS[..count]) {
        let count: u32 = dimensions.iter().product::<usize>() as u32;
        // Knuth's multiplier: the numbers are spread over the whole range.
        let numbers = (0..count).map(|index| index.wrapping_mul(2_654_435_761) as i32);
        let elements: Vec<T> = numbers.map(element).collect();
        for end in ["idx", "idx.gz"] {
            let name = format!("{}-{}.{end}", T::TYPE, dimensions.len());
            if do_write {
                write(folder.join(name), dimensions, &elements)?;
                continue;
            }
            let file = IdxFile::read(folder.join(format!("python-{name}")))?;
            assert_eq!(file.header().element_type(), T::TYPE, "{name}");
            assert_eq!(file.view().dimensions(), dimensions, "{name}");
            let read = file.view().elements::<T>().expect("the type is right");
            assert!(
                read.iter().eq(elements.iter().copied()),
                "{name}: other elements"
            );
        }
    }
    Ok(())
}
