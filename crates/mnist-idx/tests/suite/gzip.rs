//! Gzip data: what is accepted, and every way it can be wrong.

use mnist_idx::FormatError;

use crate::checks::{compress, open};
use crate::format::header;

#[test]
fn data_compressed_twice_is_an_error() {
    let twice = compress(&compress(&header(8, &[0])));
    assert!(matches!(open(twice), Err(FormatError::Compressed)));
}

#[test]
fn decompressed_data_must_be_as_long_as_the_header_says() {
    let whole = [header(0x08, &[1000]), vec![7; 1000]].concat();
    assert_eq!(open(compress(&whole)).unwrap().bytes(), whole);
    let error = open(compress(&whole[..1007])).unwrap_err();
    assert!(
        matches!(
            error,
            FormatError::TooShort {
                expected: 1008,
                found: 1007
            }
        ),
        "{error}"
    );
    let error = open(compress(&[&whole[..], &[0]].concat())).unwrap_err();
    assert!(
        matches!(
            error,
            FormatError::TooLong {
                expected: 1008,
                found: None
            }
        ),
        "{error}"
    );
    assert!(matches!(
        open(compress(&[])).unwrap_err(),
        FormatError::Empty
    ));
    let error = open(compress(&whole[..7])).unwrap_err();
    assert!(
        matches!(
            error,
            FormatError::ShortHeader {
                expected: 8,
                found: 7
            }
        ),
        "{error}"
    );
}

#[test]
fn gzip_members_that_follow_each_other_are_one_file() {
    let whole = [header(0x08, &[1000]), vec![7; 1000]].concat();
    for cut in [0, 3, 8, 500, 1008] {
        let (first, second) = whole.split_at(cut);
        let members = [compress(first), compress(second)].concat();
        assert_eq!(open(members).unwrap().bytes(), whole);
    }
}

#[test]
fn corrupt_gzip_data_is_an_error() {
    let whole = [
        header(0x08, &[1000]),
        (0..1000).map(|i| (i * i) as u8).collect(),
    ]
    .concat();
    let good = compress(&whole);
    // Truncated anywhere after the first bytes, which tell that it is gzip.
    for len in 2..good.len() {
        match open(good[..len].to_vec()).unwrap_err() {
            FormatError::Gzip {
                expected: Some(1008),
                inflated,
                ..
            } => assert!(inflated < 1008),
            FormatError::Gzip {
                expected: None,
                inflated,
                ..
            } => assert!(inflated < 8),
            FormatError::GzipEnd { expected: 1008, .. } => assert!(len >= good.len() - 9),
            error => panic!("{error}"),
        }
    }
    // The checksum and the length, after the last byte.
    for last in 1..=8 {
        let mut bad = good.clone();
        let at = bad.len() - last;
        bad[at] ^= 1;
        let error = open(bad).unwrap_err();
        assert!(
            matches!(error, FormatError::GzipEnd { expected: 1008, .. }),
            "{error}"
        );
    }
    // Followed by something else, even zeros.
    for rest in [&b"more"[..], &[0; 512], &[0x1f]] {
        let error = open([&good, rest].concat()).unwrap_err();
        assert!(
            matches!(error, FormatError::GzipEnd { expected: 1008, .. }),
            "{error}"
        );
    }
}
