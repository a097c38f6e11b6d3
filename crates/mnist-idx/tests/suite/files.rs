//! Files on disk: read and mapped, raw and gzip, written, and every way they can be invalid.

use std::error::Error as _;
use std::fs;
use std::path::Path;

use mnist_idx::{Element, ElementType, Error, FormatError, IdxFile, write, write_to};
use tempfile::TempDir;

use crate::checks::compress;

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// Raw and, if there is gzip, compressed.
const NAMES: &[&str] = if cfg!(feature = "gzip") {
    &["array", "array.gz"]
} else {
    &["array"]
};

#[cfg(not(feature = "mmap"))]
fn map(path: &Path) -> Result<IdxFile, Error> {
    IdxFile::read(path)
}

#[cfg(feature = "mmap")]
fn map(path: &Path) -> Result<IdxFile, Error> {
    // SAFETY: each test has files of its own and does not change them while they are mapped.
    unsafe { IdxFile::map(path) }
}

/// The raw file of a small array.
fn small() -> Vec<u8> {
    let mut bytes = Vec::new();
    write_to(&mut bytes, &[2, 3], &[1i16, -2, 3, -4, 5, -6]).unwrap();
    bytes
}

#[cfg(feature = "gzip")]
fn gunzip(path: &Path) -> Vec<u8> {
    use std::io::Read;
    let mut raw = Vec::new();
    flate2::read::GzDecoder::new(fs::File::open(path).unwrap())
        .read_to_end(&mut raw)
        .unwrap();
    raw
}

#[test]
fn raw_files_are_read_and_mapped() {
    let folder = folder();
    let path = folder.path().join("array");
    fs::write(&path, small()).unwrap();
    let (read, mapped) = (IdxFile::read(&path).unwrap(), map(&path).unwrap());
    assert!(!read.is_mapped());
    assert_eq!(mapped.is_mapped(), cfg!(feature = "mmap"));
    for file in [&read, &mapped] {
        assert_eq!(file.path(), path);
        assert!(!file.is_gzip());
        assert_eq!(file.bytes(), small());
        assert_eq!(file.header().element_type(), ElementType::I16);
        assert_eq!(file.view().dimensions(), [2, 3]);
        assert_eq!(
            file.view().elements::<i16>().unwrap().to_vec(),
            [1, -2, 3, -4, 5, -6]
        );
    }
}

#[test]
fn bytes_in_memory_are_a_file() {
    let bytes = small();
    let address = bytes.as_ptr();
    let file = IdxFile::from_bytes("upload", bytes).unwrap();
    assert_eq!(file.bytes(), small());
    assert_eq!(file.bytes().as_ptr(), address, "raw bytes are not copied");
    assert_eq!(file.path(), Path::new("upload"));
    assert!(!file.is_gzip() && !file.is_mapped());
    let error = IdxFile::from_bytes("upload", small()[..20].to_vec()).unwrap_err();
    assert_eq!(error.to_string(), "upload: cannot read");
}

#[test]
#[cfg(feature = "gzip")]
fn gzip_is_recognised_by_its_bytes_and_not_by_its_name() {
    let folder = folder();
    let compressed = folder.path().join("array.gz");
    write(&compressed, &[2, 3], &[1i16, -2, 3, -4, 5, -6]).unwrap();
    let (raw_name, gzip_name) = (folder.path().join("array"), folder.path().join("raw.gz"));
    fs::rename(&compressed, &raw_name).unwrap();
    fs::write(&gzip_name, small()).unwrap();
    let from_bytes = |path: &Path| IdxFile::from_bytes(path, fs::read(path).unwrap());
    for open in [|path: &Path| IdxFile::read(path), map, from_bytes] {
        let file = open(&raw_name).unwrap();
        assert!(file.is_gzip() && !file.is_mapped());
        assert_eq!(file.bytes(), small());
        let file = open(&gzip_name).unwrap();
        assert!(!file.is_gzip());
        assert_eq!(file.bytes(), small());
    }
}

#[test]
fn every_error_names_the_file() {
    let folder = folder();
    let long = [small(), vec![0]].concat();
    let huge = [[0, 0, 8, 3], [0xff; 4], [0xff; 4], [0xff; 4]].concat();
    let cases = [
        (
            "empty",
            vec![],
            "empty: expected an IDX header of at least 8 bytes, found 0 bytes",
        ),
        (
            "png",
            b"\x89PNG".to_vec(),
            "the bytes 00 00, found 89 50 4e 47",
        ),
        (
            "header",
            small()[..9].to_vec(),
            "truncated header: expected 12 bytes, found 9",
        ),
        (
            "cut",
            small()[..23].to_vec(),
            "shorter than its header says: expected 24 bytes, found 23",
        ),
        (
            "long",
            long,
            "longer than its header says: expected 24 bytes, found 25",
        ),
        (
            "huge",
            huge,
            "found the shape [4294967295, 4294967295, 4294967295]",
        ),
    ];
    for (name, bytes, text) in cases {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        for open in [|path: &Path| IdxFile::read(path), map] {
            let error = open(&path).unwrap_err();
            let message = error.to_string();
            assert_eq!(message, format!("{}: cannot read", path.display()));
            let source = error.source().unwrap().to_string();
            assert!(source.contains(text), "{source}");
            assert!(!source.contains('\n'), "{source}");
        }
    }
}

#[test]
fn a_file_that_is_not_there_and_a_folder_are_errors() {
    let folder = folder();
    for path in [folder.path().join("nothing"), folder.path().to_owned()] {
        for open in [|path: &Path| IdxFile::read(path), map] {
            let error = open(&path).unwrap_err();
            assert!(
                matches!(&error, Error::File { path: found, source: FormatError::Io(_), .. } if *found == path),
                "{error}"
            );
        }
    }
}

#[test]
#[cfg(unix)]
fn a_pipe_is_read() {
    use std::io::Write;
    use std::os::fd::AsRawFd;
    let open = |bytes: Vec<u8>| {
        let (reader, mut writer) = std::io::pipe().unwrap();
        let writer = std::thread::spawn(move || writer.write_all(&bytes));
        let path = format!("/dev/fd/{}", reader.as_raw_fd());
        let file = map(path.as_ref());
        drop(reader);
        // The reader may be gone before all is written.
        let _ = writer.join().unwrap();
        file
    };
    let file = open(small()).unwrap();
    assert_eq!(file.bytes(), small());
    assert!(!file.is_mapped());
    let error = open(small()[..20].to_vec()).unwrap_err();
    assert!(matches!(
        error,
        Error::File {
            source: FormatError::TooShort {
                expected: 24,
                found: 20
            },
            ..
        }
    ));
    let error = open([small(), vec![0; 100_000]].concat()).unwrap_err();
    assert!(matches!(
        error,
        Error::File {
            source: FormatError::TooLong {
                expected: 24,
                found: None
            },
            ..
        }
    ));
    if cfg!(feature = "gzip") {
        assert!(open(compress(&small())).unwrap().is_gzip());
    }
}

#[test]
#[cfg(feature = "gzip")]
fn files_are_written_raw_and_gzip_by_their_names() {
    let folder = folder();
    let (raw, gzip) = (folder.path().join("array"), folder.path().join("array.gz"));
    for path in [&raw, &gzip] {
        write(path, &[2, 3], &[1i16, -2, 3, -4, 5, -6]).unwrap();
    }
    assert_eq!(fs::read(&raw).unwrap(), small());
    assert_eq!(gunzip(&gzip), small());
}

#[test]
fn the_same_array_is_the_same_file() {
    let folder = folder();
    for name in NAMES {
        let path = folder.path().join(name);
        write(&path, &[3], &[1.5f32, -2.5, f32::NAN]).unwrap();
        let first = fs::read(&path).unwrap();
        write(&path, &[3], &[1.5f32, -2.5, f32::NAN]).unwrap();
        assert_eq!(fs::read(&path).unwrap(), first);
    }
}

#[test]
fn every_type_comes_back_as_it_was_written() {
    fn check<T: Element + PartialEq + std::fmt::Debug>(values: &[T]) {
        let folder = folder();
        // More than the buffer that is written at once.
        let values: Vec<T> = values.iter().copied().cycle().take(30_000).collect();
        for name in NAMES {
            let path = folder.path().join(name);
            write(&path, &[300, 100], &values).unwrap();
            let file = map(&path).unwrap();
            assert_eq!(file.header().element_type(), T::TYPE);
            assert_eq!(file.view().elements::<T>().unwrap().to_vec(), values);
        }
    }
    check::<u8>(&[0, 1, 255]);
    check::<i8>(&[0, -1, -128, 127]);
    check::<i16>(&[0, -1, i16::MIN, i16::MAX, 258]);
    check::<i32>(&[0, -1, i32::MIN, i32::MAX, 16_909_060]);
    check::<f32>(&[0.0, -1.5, f32::MIN, f32::MIN_POSITIVE, f32::INFINITY]);
    check::<f64>(&[0.0, -1.5, f64::MAX, f64::MIN_POSITIVE, f64::NEG_INFINITY]);
}

#[test]
fn a_write_that_fails_leaves_what_was_there() {
    let folder = folder();
    let path = folder.path().join("array");
    fs::write(&path, small()).unwrap();
    let error = write(&path, &[2], &[1u8]).unwrap_err();
    assert!(matches!(
        &error,
        Error::File { path: found, source: FormatError::ElementCount { .. }, .. } if *found == path
    ));
    assert_eq!(fs::read(&path).unwrap(), small());

    // A folder cannot be replaced by a file, and in a file there can be no file.
    let taken = folder.path().join("taken");
    fs::create_dir(&taken).unwrap();
    for path in [taken, path.join("array")] {
        let error = write(&path, &[1], &[1u8]).unwrap_err();
        assert!(
            matches!(&error, Error::File { path: found, .. } if *found == path),
            "{error}"
        );
    }
    let names = fs::read_dir(&folder).unwrap().count();
    assert_eq!(names, 2, "no temporary file is left");
}

#[test]
#[cfg(not(windows))] // which refuses to replace a file that is mapped
fn writing_replaces_a_file_that_is_mapped_and_the_map_keeps_the_old_one() {
    let folder = folder();
    let path = folder.path().join("array");
    write(&path, &[5000], &[1u8; 5000]).unwrap();
    let old = map(&path).unwrap();
    write(&path, &[3], &[2u8; 3]).unwrap();
    assert_eq!(old.view().as_u8().unwrap(), [1; 5000]);
    assert_eq!(map(&path).unwrap().view().as_u8().unwrap(), [2; 3]);
}

#[test]
#[cfg(all(unix, target_pointer_width = "64", feature = "mmap"))]
fn a_file_larger_than_memory_is_mapped_and_used() {
    use std::os::unix::fs::FileExt;
    let folder = folder();
    let path = folder.path().join("array");
    // A tebibyte of zeros that are not on the disk, but for its last image.
    let (count, pixels) = (1 << 20, 1 << 20);
    let file = fs::File::create_new(&path).unwrap();
    file.write_all_at(&[0, 0, 8, 3, 0, 0x10, 0, 0, 0, 0, 4, 0, 0, 0, 4, 0], 0)
        .unwrap();
    file.set_len(16 + count * pixels).unwrap();
    file.write_all_at(&[7; 1 << 20], 16 + (count - 1) * pixels)
        .unwrap();
    drop(file);

    let file = map(&path).unwrap();
    let view = file.view();
    assert_eq!(view.dimensions(), [1 << 20, 1 << 10, 1 << 10]);
    assert_eq!(view.as_u8().unwrap().len() as u64, count * pixels);
    for (index, expected) in [(0, 0), (count / 2, 0), (count - 2, 0), (count - 1, 7)] {
        let image = view.get(index as usize).unwrap();
        assert!(
            image
                .as_u8()
                .unwrap()
                .iter()
                .all(|&pixel| pixel == expected)
        );
    }
}
