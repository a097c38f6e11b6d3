//! Arbitrary and mutated bytes: never a panic, never more memory than the documented bounds. The
//! allocator of this test counts, in all threads.

use std::cell::Cell;
use std::fs;
use std::sync::{Mutex, MutexGuard};

use dhat::{HeapStats, Profiler};
use mnist_idx::{Dataset, ElementType, Error, FormatError, Header, IdxFile, Split, write};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};

mod checks;

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

/// The state of the decompressor, which does not depend on the data.
const DECOMPRESSOR: usize = 50_000;

/// The extra field of a gzip header, whose length has 16 bits.
const EXTRA_FIELD: usize = 65_535;

/// The memory of the test harness, which may print a result meanwhile.
const HARNESS: usize = 4_000;

/// The count is of the whole process, so one test runs at a time.
fn alone() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    ONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// What `run` returns, and the peak of the heap beyond what was used before and what the harness
/// may use.
fn peak<T>(run: impl FnOnce() -> T) -> (T, usize) {
    let _profiler = Profiler::builder()
        .testing()
        .trim_backtraces(Some(4))
        .build();
    let result = run();
    (result, HeapStats::get().max_bytes.saturating_sub(HARNESS))
}

/// The result of opening these bytes, and the peak of the heap beyond the bytes themselves.
fn peak_of_opening(bytes: &[u8]) -> (Result<(), FormatError>, usize) {
    let bytes = bytes.to_vec();
    peak(|| checks::open(bytes).map(drop))
}

/// A header whose magic number is mostly valid, whether there can be such an array or not.
fn any_header() -> impl Strategy<Value = Vec<u8>> {
    let code = prop_oneof![9 => select(&[8u8, 9, 11, 12, 13, 14][..]), 1 => any::<u8>()];
    let dimension = prop_oneof![6 => 0..4u32, 2 => 0..1000u32, 1 => any::<u32>()];
    let dimensions = prop_oneof![
        9 => vec(dimension.clone(), 0..6),
        1 => vec(dimension, 0..256),
    ];
    (code, dimensions).prop_map(|(code, dimensions)| {
        let mut bytes = vec![0, 0, code, dimensions.len() as u8];
        bytes.extend(dimensions.iter().flat_map(|d| d.to_be_bytes()));
        bytes
    })
}

/// A header, and as many bytes after it as it says, if they are few, or else some other number.
fn any_file() -> impl Strategy<Value = Vec<u8>> {
    let bytes = vec(any::<u8>(), 4000);
    (
        any_header(),
        bytes,
        prop_oneof![3 => Just(None), 1 => (0..4000usize).prop_map(Some)],
    )
        .prop_map(|(mut file, bytes, len)| {
            let right = Header::parse(&file).map_or(0, |header| header.file_size() - header.size());
            file.extend(
                bytes
                    .into_iter()
                    .cycle()
                    .take(len.unwrap_or(right.min(100_000))),
            );
            file
        })
}

/// A change: truncate to a length, then replace bytes at positions, all in 1000ths.
type Mutation = (usize, Vec<(usize, u8)>);

fn any_mutation() -> impl Strategy<Value = Mutation> {
    let cut = prop_oneof![2 => Just(1000), 1 => 0..1000usize];
    (cut, vec((0..1000usize, any::<u8>()), 0..4))
}

fn mutate(mut bytes: Vec<u8>, (cut, changes): &Mutation) -> Vec<u8> {
    bytes.truncate(bytes.len() * cut / 1000);
    for (place, byte) in changes {
        let at = bytes.len() * place / 1000;
        if let Some(old) = bytes.get_mut(at) {
            *old = *byte;
        }
    }
    bytes
}

/// All that must hold for these bytes as a file, including the memory that they take.
fn check(bytes: &[u8]) {
    checks::header(bytes);
    checks::view(bytes);
    checks::gzip(bytes);

    // Decompressed without this crate.
    let mut decompressed = Vec::new();
    let _ = std::io::Read::read_to_end(
        &mut flate2::read::MultiGzDecoder::new(bytes),
        &mut decompressed,
    );
    let claimed = Header::parse(&decompressed).map_or(usize::MAX, |header| header.file_size());
    let header = 2 * 255 * size_of::<usize>();

    let (_, used) = peak_of_opening(bytes);
    let bound = claimed.min(2 * decompressed.len()) + DECOMPRESSOR + EXTRA_FIELD + header;
    assert!(used <= bound, "{used} bytes used, {bound} allowed");
    let (_, used) = peak(|| Header::parse(bytes).map(|_| ()));
    assert!(used <= header, "{used} bytes used for a header");
}

/// Runs a check on 1000 random values.
fn for_any<S: Strategy>(strategy: S, check: impl Fn(S::Value)) {
    let config = Config {
        failure_persistence: None,
        ..Config::with_cases(1000)
    };
    let result = TestRunner::new(config).run(&strategy, |value| {
        check(value);
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

/// The bytes that arbitrary ones must follow to get past the first check: those of an IDX file, or
/// those of gzip data (RFC 1952: deflate, no flags, no time).
const STARTS: [&[u8]; 7] = [
    &[0, 0, 0x08, 1],
    &[0, 0, 0x09, 2],
    &[0, 0, 0x0b, 3],
    &[0, 0, 0x0c, 1, 0, 0],
    &[0, 0, 0x0d, 2, 0, 0, 0],
    &[0, 0, 0x0e, 255],
    &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0],
];

#[test]
fn arbitrary_bytes_never_panic_nor_exceed_the_documented_memory() {
    let _alone = alone();
    let bytes = (select(&STARTS[..]), vec(any::<u8>(), 0..2000));
    for_any(bytes, |(start, bytes)| check(&[start, &bytes].concat()));
}

#[test]
fn arbitrary_files_never_panic_nor_exceed_the_documented_memory() {
    let _alone = alone();
    let (valid, invalid) = (Cell::new(0), Cell::new(0));
    for_any(any_file(), |file| {
        check(&file);
        let counter = match checks::open(file) {
            Ok(_) => &valid,
            Err(_) => &invalid,
        };
        counter.set(counter.get() + 1);
    });
    // Otherwise the other checks would see nothing.
    let (valid, invalid) = (valid.get(), invalid.get());
    assert!(valid > 200 && invalid > 200, "{valid} valid, {invalid} not");
}

#[test]
fn mutated_files_never_panic_nor_exceed_the_documented_memory() {
    let _alone = alone();
    for_any((any_file(), any_mutation()), |(file, mutation)| {
        check(&mutate(file, &mutation))
    });
}

#[test]
fn mutated_gzip_files_never_panic_nor_exceed_the_documented_memory() {
    let _alone = alone();
    for_any((any_file(), any_mutation()), |(file, mutation)| {
        check(&mutate(checks::compress(&file), &mutation));
    });
}

#[test]
fn mutated_files_are_the_same_read_and_mapped() {
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("array");
    for_any(
        (any_file(), any::<bool>(), any_mutation()),
        |(file, gzip, mutation)| {
            let file = if gzip { checks::compress(&file) } else { file };
            fs::write(&path, mutate(file, &mutation)).unwrap();
            let read = IdxFile::read(&path);
            // SAFETY: the file is this test's own and changes only after the map is gone.
            let mapped = unsafe { IdxFile::map(&path) };
            match (read, mapped) {
                (Ok(read), Ok(mapped)) => {
                    assert_eq!(read.view(), mapped.view());
                    checks::view(read.bytes());
                }
                (Err(read), Err(mapped)) => {
                    assert_eq!(format!("{read:?}"), format!("{mapped:?}"));
                }
                (read, mapped) => panic!("{read:?} is not {mapped:?}"),
            }
        },
    );
}

#[test]
fn every_shape_comes_back_as_it_was_written() {
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    let any_array = vec(0..6usize, 1..6).prop_flat_map(|dimensions| {
        let count: usize = dimensions.iter().product();
        (Just(dimensions), vec(any::<f32>(), count), any::<bool>())
    });
    for_any(any_array, |(dimensions, elements, gzip)| {
        let path = folder.path().join(if gzip { "array.gz" } else { "array" });
        write(&path, &dimensions, &elements).unwrap();
        let file = IdxFile::read(&path).unwrap();
        assert_eq!(file.is_gzip(), gzip);
        assert_eq!(file.view().dimensions(), dimensions);
        let read = file.view().elements::<f32>().unwrap();
        let bits = |value: f32| value.to_bits();
        assert!(read.iter().map(bits).eq(elements.into_iter().map(bits)));
    });
}

#[test]
fn a_header_that_claims_much_does_not_get_the_memory() {
    let _alone = alone();
    // A gibibyte is claimed.
    let mut header = Vec::new();
    Header::new(ElementType::U8, &[1 << 10, 1 << 10, 1 << 10])
        .unwrap()
        .write(&mut header)
        .unwrap();
    for size in [0, 1, 1000, 100_000, 3_000_000] {
        let raw = [header.clone(), vec![7; size]].concat();
        let (raw_len, gzip) = (raw.len(), checks::compress(&raw));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("array");
        fs::write(&path, &raw).unwrap();

        let (result, used) = peak_of_opening(&gzip);
        assert!(
            matches!(result, Err(FormatError::TooShort { found, .. }) if found == raw_len as u64)
        );
        assert!(
            used <= 2 * raw_len + DECOMPRESSOR,
            "{used} bytes used for {raw_len}"
        );

        // A file is not read at all if its length is wrong; its buffer is 64 kB.
        let (result, used) = peak(|| IdxFile::read(&path).map(|_| ()));
        assert!(matches!(
            result,
            Err(Error::File {
                source: FormatError::TooShort { .. },
                ..
            })
        ));
        assert!(used <= 70_000, "{used} bytes used for a file of {raw_len}");
    }
}

#[test]
fn a_gzip_bomb_does_not_get_the_memory() {
    let _alone = alone();
    // 100 MB of zeros behind an array of ten elements.
    let mut raw = vec![0; 100_000_000];
    raw[..8].copy_from_slice(&[0, 0, 8, 1, 0, 0, 0, 10]);
    let gzip = checks::compress(&raw);
    let (result, used) = peak_of_opening(&gzip);
    assert!(matches!(
        result,
        Err(FormatError::TooLong { expected: 18, .. })
    ));
    assert!(used <= DECOMPRESSOR, "{used} bytes used");
}

#[test]
fn decompressed_data_is_in_memory_once() {
    let _alone = alone();
    let size = 3_000_000;
    let mut raw = vec![1; size];
    raw[..4].copy_from_slice(&[0, 0, 8, 1]);
    raw[4..8].copy_from_slice(&(size as u32 - 8).to_be_bytes());
    let gzip = checks::compress(&raw);
    let (result, used) = peak_of_opening(&gzip);
    assert!(result.is_ok());
    assert!(used <= size + DECOMPRESSOR, "{used} bytes used for {size}");
}

#[test]
fn a_mapped_data_set_takes_no_memory_in_proportion() {
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path().join("train-images-idx3-ubyte"),
        &[10_000, 28, 28],
        &[9u8; 7_840_000],
    )
    .unwrap();
    write(
        folder.path().join("train-labels-idx1-ubyte"),
        &[10_000],
        &[3u8; 10_000],
    )
    .unwrap();
    // SAFETY: the files are this test's own and do not change.
    let (data, used) = peak(|| unsafe { Dataset::map(&folder, Split::Train).unwrap() });
    assert!(used <= 40_000, "{used} bytes used");

    let (ink, used) = peak(|| {
        data.images()
            .iter()
            .map(|&pixel| u64::from(pixel))
            .sum::<u64>()
    });
    assert_eq!((ink, used), (9 * 7_840_000, 0));
}

#[test]
fn a_data_set_of_pixels_in_memory_is_in_memory_once() {
    let _alone = alone();
    let (data, used) = peak(|| {
        let (pixels, labels) = (vec![9; 7_840_000], vec![3; 10_000]);
        Dataset::from_parts("memory", 28, 28, pixels, labels).unwrap()
    });
    assert!(used <= 7_850_000 + 1_000, "{used} bytes used");
    // Transposing needs the old images and the new ones.
    let (_, used) = peak(|| data.transpose());
    assert!(used <= 7_840_000 + 1_000, "{used} bytes used");
}

#[test]
fn elements_are_read_in_place() {
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("array");
    let elements: Vec<f64> = (0..10_000).map(f64::from).collect();
    write(&path, &[100, 100], &elements).unwrap();
    let file = IdxFile::read(&path).unwrap();
    let (sum, used) = peak(|| {
        let rows = file.view().iter().map(|row| row.elements::<f64>().unwrap());
        let all: f64 = rows.flat_map(|row| row.iter()).sum();
        all + file
            .view()
            .get(99)
            .unwrap()
            .elements::<f64>()
            .unwrap()
            .get(99)
            .unwrap()
    });
    assert_eq!((sum, used), (49_995_000.0 + 9_999.0, 0));
}
