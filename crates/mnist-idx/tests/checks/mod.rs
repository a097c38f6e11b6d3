//! What must hold for any bytes. The property tests and the fuzz targets share it.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use mnist_idx::{Element, Error, FormatError, Header, IdxFile, View};

/// A header is written as it was parsed.
pub fn header(bytes: &[u8]) {
    let Ok(header) = Header::parse(bytes) else {
        return;
    };
    let mut written = Vec::new();
    header.write(&mut written).unwrap();
    assert_eq!(written, bytes[..header.size()]);
    let again = Header::new(header.element_type(), header.dimensions()).unwrap();
    assert_eq!(again, header);

    let elements: u128 = header.dimensions().iter().map(|&d| d as u128).product();
    let size = elements * header.element_type().size() as u128 + header.size() as u128;
    assert_eq!(header.file_size() as u128, size);
}

/// A view shows all bytes after the header, each once.
pub fn view(bytes: &[u8]) {
    let Ok(header) = Header::parse(bytes) else {
        return;
    };
    let Ok(view) = header.view(bytes) else {
        assert_ne!(bytes.len(), header.file_size());
        return;
    };
    assert_eq!(view.bytes(), &bytes[header.size()..]);
    walk(view);
}

/// A file that is accepted holds a valid array, and compression makes no difference.
pub fn gzip(bytes: &[u8]) {
    if let Ok(file) = open(bytes.to_vec()) {
        assert_eq!(&Header::parse(file.bytes()).unwrap(), file.header());
        assert_eq!(file.header().view(file.bytes()).unwrap(), file.view());
    }
    let raw = Header::parse(bytes).and_then(|header| header.view(bytes).map(|_| ()));
    match (raw, open(compress(bytes))) {
        (Ok(()), Ok(file)) => assert_eq!(file.bytes(), bytes),
        (Err(_), Err(FormatError::Gzip { .. })) => panic!("the gzip data is right"),
        (Err(_), Err(_)) => {}
        (raw, opened) => panic!("{raw:?} is not {opened:?}"),
    }
}

/// Opens a file in memory. The error is without its name.
pub fn open(bytes: Vec<u8>) -> Result<IdxFile, FormatError> {
    IdxFile::from_bytes("memory", bytes).map_err(|error| match error {
        Error::File { path, source, .. } if path.as_os_str() == "memory" => source,
        error => panic!("{error:?}"),
    })
}

/// A gzip file of these bytes.
pub fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn walk(view: View) {
    let read = [
        elements::<u8>(view),
        elements::<i8>(view),
        elements::<i16>(view),
        elements::<i32>(view),
        elements::<f32>(view),
        elements::<f64>(view),
    ];
    assert_eq!(read.into_iter().filter(|&read| read).count(), 1);
    assert_eq!(view.as_u8().is_ok(), elements::<u8>(view));

    assert_eq!(view.iter().len(), view.len());
    assert_eq!(view.get(view.len()), None);
    if let Some(labels) = view.labels() {
        assert_eq!(labels.len(), view.len());
        assert_eq!(labels.count(), view.len());
    }
    // Empty sub-arrays may be billions.
    if !view.bytes().is_empty() && !view.dimensions().is_empty() {
        let joined: Vec<u8> = view
            .iter()
            .flat_map(|inner| inner.bytes().to_vec())
            .collect();
        assert_eq!(joined, view.bytes());
    }
    for inner in view.iter().take(1).chain(view.iter().next_back()) {
        assert_eq!(inner.dimensions(), &view.dimensions()[1..]);
        assert_eq!(inner.element_type(), view.element_type());
        walk_once(inner);
    }
}

/// Visits only the first sub-array of each level: all of them could be 2 to the power of 255.
fn walk_once(mut view: View) {
    while let Some(inner) = view.get(0) {
        assert_eq!(view.bytes().len(), inner.bytes().len() * view.len());
        view = inner;
    }
}

/// Whether the elements are of this type. If so, storing them gives the bytes that they were
/// loaded from.
fn elements<T: Element>(view: View) -> bool {
    let Ok(elements) = view.elements::<T>() else {
        return false;
    };
    let size = T::TYPE.size();
    assert_eq!(elements.len() * size, view.bytes().len());
    assert_eq!(elements.iter().len(), elements.len());
    assert_eq!(elements.is_empty(), view.bytes().is_empty());
    assert!(elements.get(elements.len()).is_none());
    assert!(elements.get(usize::MAX).is_none());
    // The offset in bytes overflows, unless elements are single bytes.
    assert!(elements.get(1 << (usize::BITS - 1)).is_none());

    let indexed = (0..elements.len()).map(|index| elements.get(index).unwrap());
    for found in [
        indexed.collect(),
        elements.iter().collect(),
        elements.to_vec(),
    ] {
        let mut bytes = vec![0; view.bytes().len()];
        for (element, bytes) in found.iter().zip(bytes.chunks_exact_mut(size)) {
            element.store(bytes);
        }
        assert_eq!(bytes, view.bytes());
    }
    true
}
