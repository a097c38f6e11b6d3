//! Files on disk: read and mapped, raw and gzip, written, and every way they can be wrong.

use std::fs;
use std::io::Read;
use std::path::Path;

use mnist_idx::{Element, ElementType, Error, FormatError, IdxFile, write, write_to};
use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

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

fn gunzip(path: &Path) -> Vec<u8> {
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
    assert!(!read.is_mapped() && mapped.is_mapped());
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
fn gzip_is_known_by_its_bytes_and_not_by_its_name() {
    let folder = folder();
    let compressed = folder.path().join("array.gz");
    write(&compressed, &[2, 3], &[1i16, -2, 3, -4, 5, -6]).unwrap();
    let (raw_name, gzip_name) = (folder.path().join("array"), folder.path().join("raw.gz"));
    fs::rename(&compressed, &raw_name).unwrap();
    fs::write(&gzip_name, small()).unwrap();
    for open in [|path: &Path| IdxFile::read(path), map] {
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
            "header is cut short: expected 12 bytes, found 9",
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
            "found a header of the shape [4294967295, 4294967295, 4294967295]",
        ),
    ];
    for (name, bytes, text) in cases {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        for open in [|path: &Path| IdxFile::read(path), map] {
            let error = open(&path).unwrap_err();
            let message = error.to_string();
            assert!(message.starts_with(path.to_str().unwrap()), "{message}");
            assert!(message.contains(text), "{message}");
            assert!(!message.contains('\n'), "{message}");
            assert!(matches!(&error, Error::Format { path: found, .. } if *found == path));
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
                matches!(&error, Error::Io { path: found, .. } if *found == path),
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
        Error::Format {
            reason: FormatError::TooShort {
                expected: 24,
                found: 20
            },
            ..
        }
    ));
    let error = open([small(), vec![0; 100_000]].concat()).unwrap_err();
    assert!(matches!(
        error,
        Error::Format {
            reason: FormatError::TooLong {
                expected: 24,
                found: None
            },
            ..
        }
    ));
    let gz = folder();
    let gz = gz.path().join("array.gz");
    write(&gz, &[1], &[9u8]).unwrap();
    assert!(open(fs::read(&gz).unwrap()).unwrap().is_gzip());
}

#[test]
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
    for name in ["a", "a.gz"] {
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
        for name in ["array", "array.gz"] {
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
        Error::Format { path: found, reason: FormatError::ElementCount { .. } } if *found == path
    ));
    assert_eq!(fs::read(&path).unwrap(), small());

    // A folder cannot be replaced by a file, and in a file there can be no file.
    let taken = folder.path().join("taken");
    fs::create_dir(&taken).unwrap();
    for path in [taken, path.join("array")] {
        let error = write(&path, &[1], &[1u8]).unwrap_err();
        assert!(
            matches!(&error, Error::Io { path: found, .. } if *found == path),
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
#[cfg(unix)]
fn what_is_no_regular_file_is_not_replaced() {
    use std::os::unix::fs::FileTypeExt;
    use std::os::unix::net::UnixListener;
    let folder = folder();
    let path = folder.path().join("socket");
    // Stands for a device, and cannot be opened.
    let _socket = UnixListener::bind(&path).unwrap();
    let error = write(&path, &[1], &[1u8]).unwrap_err();
    assert!(matches!(&error, Error::Io { path: found, .. } if *found == path));
    assert!(fs::metadata(&path).unwrap().file_type().is_socket());
}

#[test]
#[cfg(target_os = "linux")]
fn a_file_is_written_beside_its_name_since_a_rename_cannot_leave_the_disk() {
    // Most often another file system than that of temporary files.
    let Ok(folder) = tempfile::tempdir_in("/dev/shm") else {
        return;
    };
    let path = folder.path().join("array");
    write(&path, &[1], &[1u8]).unwrap();
    assert_eq!(map(&path).unwrap().view().as_u8().unwrap(), [1]);
}

#[test]
#[cfg(unix)]
fn a_file_is_as_open_to_others_as_one_newly_made() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let (ours, other) = (folder.path().join("ours"), folder.path().join("other"));
    write(&ours, &[1], &[1u8]).unwrap();
    fs::write(&other, "").unwrap();
    let mode = |path| fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(ours), mode(other));
}

#[test]
#[cfg(all(unix, target_pointer_width = "64"))]
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
