//! What is left without the feature `gzip`: errors, never raw data under a name that ends in `.gz`.

use std::fs;
use std::io::ErrorKind;

use mnist_idx::{Error, FormatError, IdxFile, write};

use crate::checks::compress;
use crate::format::header;

#[test]
fn gzip_data_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("array");
    fs::write(&path, compress(&header(8, &[0]))).unwrap();
    let from_bytes = IdxFile::from_bytes("memory", fs::read(&path).unwrap());
    for result in [IdxFile::read(&path), from_bytes] {
        assert!(matches!(
            result,
            Err(Error::File {
                source: FormatError::Compressed,
                ..
            })
        ));
    }
}

#[test]
fn a_name_that_ends_in_gz_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let error = write(folder.path().join("array.gz"), &[1], &[1u8]).unwrap_err();
    assert!(matches!(
        error,
        Error::File { source: FormatError::Io(reason), .. } if reason.kind() == ErrorKind::Unsupported
    ));
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
}
