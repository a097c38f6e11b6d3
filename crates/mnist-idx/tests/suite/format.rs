//! The format: every way an array in memory can be invalid, and what a view gives.

use mnist_idx::{Element, ElementType, FormatError, Header, View, write_to};

/// The bytes of a header.
pub fn header(code: u8, dimensions: &[u32]) -> Vec<u8> {
    let mut bytes = vec![0, 0, code, dimensions.len() as u8];
    bytes.extend(dimensions.iter().flat_map(|d| d.to_be_bytes()));
    bytes
}

fn parse_error(bytes: &[u8]) -> FormatError {
    Header::parse(bytes).unwrap_err()
}

#[test]
fn a_header_is_as_published() {
    // The first 16 bytes of train-images-idx3-ubyte.
    let bytes = [0, 0, 8, 3, 0, 0, 0xea, 0x60, 0, 0, 0, 28, 0, 0, 0, 28];
    let header = Header::parse(&bytes).unwrap();
    assert_eq!(header.element_type(), ElementType::U8);
    assert_eq!(header.dimensions(), [60_000, 28, 28]);
    assert_eq!(header.size(), 16);
    assert_eq!(header.file_size(), 47_040_016);
}

#[test]
fn the_codes_of_the_types_are_as_published() {
    let codes = [0x08, 0x09, 0x0b, 0x0c, 0x0d, 0x0e];
    let names = ["u8", "i8", "i16", "i32", "f32", "f64"];
    for ((element_type, code), name) in ElementType::ALL.into_iter().zip(codes).zip(names) {
        assert_eq!(element_type.code(), code);
        assert_eq!(ElementType::from_code(code), Some(element_type));
        assert_eq!(element_type.to_string(), name);
    }
    let known = (0..=255).filter_map(ElementType::from_code).count();
    assert_eq!(known, 6);
}

#[test]
fn empty_is_an_error() {
    assert!(matches!(parse_error(&[]), FormatError::Empty));
}

#[test]
fn gzip_is_an_error_where_raw_is_expected() {
    assert!(matches!(
        parse_error(&[0x1f, 0x8b, 8, 0]),
        FormatError::Compressed
    ));
}

#[test]
fn other_magic_bytes_are_an_error() {
    let error = parse_error(b"\x89PNG\r\n\x1a\n");
    assert!(matches!(&error, FormatError::Magic { found } if found == b"\x89PNG"));
    assert!(matches!(
        parse_error(&[0, 1, 8, 1]),
        FormatError::Magic { .. }
    ));
    assert!(matches!(parse_error(&[7]), FormatError::Magic { .. }));
}

#[test]
fn an_unknown_type_is_an_error() {
    for code in [0x00, 0x07, 0x0a, 0x0f, 0xff] {
        let error = parse_error(&header(code, &[0]));
        assert!(matches!(error, FormatError::UnknownType { found } if found == code));
    }
}

#[test]
fn no_dimensions_and_more_than_255_are_errors() {
    assert!(matches!(
        parse_error(&header(8, &[])),
        FormatError::DimensionCount { found: 0 }
    ));
    for count in [0, 256] {
        let error = Header::new(ElementType::U8, &vec![1; count]).unwrap_err();
        assert!(matches!(error, FormatError::DimensionCount { found } if found == count));
    }
}

#[test]
fn a_short_header_is_an_error() {
    let whole = header(8, &[1, 2, 3]);
    for len in 1..whole.len() {
        let error = parse_error(&whole[..len]);
        let expected_size = if len < 4 { 8 } else { 16 };
        assert!(
            matches!(error, FormatError::ShortHeader { expected, found }
                if expected == expected_size && found == len),
            "{error}"
        );
    }
    assert!(Header::parse(&whole).is_ok());
}

#[test]
fn a_dimension_over_32_bits_is_an_error() {
    let Ok(large) = usize::try_from(1u64 << 32) else {
        return;
    };
    let error = Header::new(ElementType::U8, &[1, large]).unwrap_err();
    assert!(matches!(error, FormatError::DimensionSize { found } if found == large));
    assert!(Header::new(ElementType::U8, &[1, large - 1]).is_ok());
}

#[test]
fn dimensions_whose_product_overflows_are_an_error() {
    let most = u32::MAX;
    for (code, dimensions) in [
        (0x08, vec![most, most, 3]),
        (0x08, vec![most; 255]),
        // 2^64 elements, and 2^61 of eight bytes: both would wrap to none.
        (0x08, vec![1 << 31, 1 << 31, 4]),
        (0x0e, vec![1 << 31, 1 << 30]),
        // 2^64 - 1 elements would fit, but not the header before them.
        (0x08, vec![most, 641, 6_700_417]),
        // An empty array of sub-arrays that are too large.
        (0x08, vec![0, most, most, most]),
    ] {
        let error = parse_error(&header(code, &dimensions));
        assert!(matches!(error, FormatError::TooLarge { .. }), "{error}");
    }
}

#[test]
fn a_file_shorter_or_longer_than_its_header_says_is_an_error() {
    let mut bytes = header(0x0b, &[2, 3]);
    let header = Header::parse(&bytes).unwrap();
    bytes.extend([0; 12]);
    assert!(header.view(&bytes).is_ok());
    let error = header.view(&bytes[..23]).unwrap_err();
    assert!(matches!(
        error,
        FormatError::TooShort {
            expected: 24,
            found: 23
        }
    ));
    bytes.push(0);
    let error = header.view(&bytes).unwrap_err();
    assert!(matches!(
        error,
        FormatError::TooLong {
            expected: 24,
            found: Some(25)
        }
    ));
}

#[test]
fn a_type_that_the_elements_are_not_is_an_error() {
    let bytes = [header(0x0c, &[1]), vec![0; 4]].concat();
    let header = Header::parse(&bytes).unwrap();
    let view = header.view(&bytes).unwrap();
    let error = view.elements::<f32>().unwrap_err();
    assert!(matches!(
        error,
        FormatError::ElementType {
            expected: ElementType::F32,
            found: ElementType::I32
        }
    ));
    assert!(view.as_u8().is_err());
}

#[test]
fn elements_are_big_endian() {
    let read = |code, elements: &[u8], count| [header(code, &[count]), elements.to_vec()].concat();
    fn first<T: Element>(bytes: &[u8]) -> Vec<T> {
        let header = Header::parse(bytes).unwrap();
        header.view(bytes).unwrap().elements().unwrap().to_vec()
    }
    assert_eq!(first::<u8>(&read(0x08, &[0, 255], 2)), [0, 255]);
    assert_eq!(first::<i8>(&read(0x09, &[127, 128], 2)), [127, -128]);
    assert_eq!(
        first::<i16>(&read(0x0b, &[1, 2, 0xff, 0xfe], 2)),
        [0x0102, -2]
    );
    assert_eq!(first::<i32>(&read(0x0c, &[1, 2, 3, 4], 1)), [0x0102_0304]);
    assert_eq!(first::<f32>(&read(0x0d, &[0x3f, 0x80, 0, 0], 1)), [1.0]);
    assert_eq!(
        first::<f64>(&read(0x0e, &[0xc0, 0, 0, 0, 0, 0, 0, 0], 1)),
        [-2.0]
    );
}

#[test]
fn sub_arrays_are_rows_images_and_elements() {
    let bytes: Vec<u8> = [header(0x0b, &[2, 3, 4]), (0..48).collect()].concat();
    let header = Header::parse(&bytes).unwrap();
    let view = header.view(&bytes).unwrap();
    assert_eq!(view.len(), 2);

    let second = view.get(1).unwrap();
    assert_eq!(second.dimensions(), [3, 4]);
    assert_eq!(second.bytes(), (24..48).collect::<Vec<u8>>());
    let row = second.get(2).unwrap();
    assert_eq!(row.bytes(), (40..48).collect::<Vec<u8>>());
    let element = row.get(3).unwrap();
    assert_eq!(element.dimensions(), []);
    assert_eq!(
        element.elements::<i16>().unwrap().get(0),
        Some(46 * 256 + 47)
    );
    assert_eq!(element.get(0), None);

    // The same bytes, not a copy.
    assert!(std::ptr::eq(second.bytes(), &bytes[16 + 24..]));
    let rows: Vec<View> = view.iter().flat_map(View::iter).collect();
    assert_eq!(rows.len(), 6);
    assert_eq!(rows[5], row);
}

#[test]
fn labels_are_vectors_of_integers_and_the_first_column_of_qmnist() {
    fn labels<T: Element>(dimensions: &[usize], elements: &[T]) -> Option<Vec<i64>> {
        let mut bytes = Vec::new();
        write_to(&mut bytes, dimensions, elements).unwrap();
        let header = Header::parse(&bytes).unwrap();
        let labels = header.view(&bytes).unwrap().labels()?;
        assert_eq!(labels.len(), dimensions[0]);
        Some(labels.collect())
    }
    assert_eq!(labels(&[3], &[0u8, 255, 7]).unwrap(), [0, 255, 7]);
    assert_eq!(labels(&[2], &[-128i8, 127]).unwrap(), [-128, 127]);
    assert_eq!(labels(&[2], &[-2i16, 300]).unwrap(), [-2, 300]);
    assert_eq!(
        labels(&[2], &[i32::MIN, 70_000]).unwrap(),
        [i32::MIN.into(), 70_000]
    );
    assert_eq!(labels(&[2, 3], &[5, 1, 2, -6, 3, 4]).unwrap(), [5, -6]);
    assert_eq!(labels::<u8>(&[0], &[]).unwrap(), []);
    assert_eq!(labels::<i32>(&[0, 8], &[]).unwrap(), []);

    assert_eq!(labels::<i32>(&[2, 0], &[]), None);
    assert_eq!(labels(&[2, 1, 1], &[1, 2]), None);
    assert_eq!(labels(&[2, 2], &[0u8, 1, 1, 0]), None);
    assert_eq!(labels(&[2, 1], &[0i16, 1]), None);
    assert_eq!(labels(&[1], &[1f32]), None);
    assert_eq!(labels(&[1], &[1f64]), None);
}

#[test]
fn views_and_elements_are_iterated_from_both_ends() {
    let bytes: Vec<u8> = [header(0x0b, &[3, 2]), (0..12).collect()].concat();
    let header = Header::parse(&bytes).unwrap();
    let view = header.view(&bytes).unwrap();
    let rows: Vec<View> = view.into_iter().collect();
    assert_eq!(rows, [0, 1, 2].map(|index| view.get(index).unwrap()));
    assert!(view.iter().rev().eq(rows.iter().rev().copied()));
    let mut both = view.iter();
    both.next();
    both.next_back();
    assert_eq!((both.len(), both.next()), (1, view.get(1)));
    assert_eq!(both.next_back(), None);

    let elements = view.elements::<i16>().unwrap();
    let expected = [0x0001, 0x0203, 0x0405, 0x0607, 0x0809, 0x0a0b];
    assert!(elements.into_iter().eq(expected));
    assert!(elements.iter().rev().eq(expected.into_iter().rev()));
    assert_eq!(elements.iter().len(), 6);
}

#[test]
fn empty_arrays_are_arrays() {
    for dimensions in [&[0][..], &[0, 28, 28], &[5, 0], &[1 << 28, 0]] {
        let bytes = header(0x0e, dimensions);
        let header = Header::parse(&bytes).unwrap();
        let view = header.view(&bytes).unwrap();
        assert_eq!(view.len(), dimensions[0] as usize);
        assert_eq!(view.is_empty(), dimensions[0] == 0);
        assert_eq!(view.iter().len(), dimensions[0] as usize);
        assert!(view.elements::<f64>().unwrap().to_vec().is_empty());
    }
}

#[test]
fn there_may_be_255_dimensions() {
    let mut dimensions = vec![1; 255];
    dimensions[254] = 3;
    let bytes = [header(0x08, &dimensions), vec![1, 2, 3]].concat();
    let header = Header::parse(&bytes).unwrap();
    let mut view = header.view(&bytes).unwrap();
    for left in (1..255).rev() {
        view = view.get(0).unwrap();
        assert_eq!(view.dimensions().len(), left);
    }
    assert_eq!(view.get(1).unwrap().as_u8().unwrap(), [2]);
}

#[test]
fn elements_that_are_not_as_many_as_the_shape_says_are_not_written() {
    for found in [5, 7] {
        let mut written = Vec::new();
        let error = write_to(&mut written, &[2, 3], &vec![0i16; found]).unwrap_err();
        assert!(
            matches!(&error, FormatError::ElementCount { dimensions, expected: 6, found: n }
                if dimensions == &[2, 3] && *n == found)
        );
        assert!(written.is_empty());
    }
}

#[test]
fn a_writer_that_fails_is_an_error() {
    let mut space = [0; 10];
    let error = write_to(&mut space[..], &[2, 3], &[0u8; 6]).unwrap_err();
    assert!(matches!(error, FormatError::Io(_)));
}
