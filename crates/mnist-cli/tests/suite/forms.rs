//! Data sets in other forms than IDX: CSV, NumPy's arrays, and what is only recognised.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::Command;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};
use mnist_idx::{Dataset, Split};
use rawzip::{CompressionMethod, ZipArchiveWriter};
use serde_json::json;
use tempfile::TempDir;

use crate::fixtures::{data_set, first_of_mnist};
use crate::program::{DATA, FINGERPRINT, error, file_in, json, mnist_cli, text};

/// The rows of a split as they are distributed: the label, and then the pixels.
fn rows(data: &Dataset) -> String {
    let row = |(image, label): (&[u8], u8)| {
        let pixels: Vec<String> = image.iter().map(u8::to_string).collect();
        format!("{label},{}\n", pixels.join(","))
    };
    data.iter().map(row).collect()
}

/// A `.npy` file.
fn npy(kind: &str, shape: &str, elements: &[u8]) -> Vec<u8> {
    let header = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}\n");
    let length = (header.len() as u16).to_le_bytes();
    [b"\x93NUMPY\x01\0", &length[..], header.as_bytes(), elements].concat()
}

/// A zip archive, compressed or not.
fn zip(files: &[(&str, Vec<u8>)], compressed: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut archive = ZipArchiveWriter::new(&mut bytes);
    for (name, content) in files {
        let method = match compressed {
            true => CompressionMethod::DEFLATE,
            false => CompressionMethod::STORE,
        };
        let builder = archive.new_file(name).compression_method(method);
        let (mut entry, config) = builder.start().unwrap();
        let descriptor = match compressed {
            true => {
                let encoder = DeflateEncoder::new(&mut entry, Compression::fast());
                let mut writer = config.wrap(encoder);
                writer.write_all(content).unwrap();
                let (encoder, descriptor) = writer.finish().unwrap();
                encoder.finish().unwrap();
                descriptor
            }
            false => {
                let mut writer = config.wrap(&mut entry);
                writer.write_all(content).unwrap();
                writer.finish().unwrap().1
            }
        };
        entry.finish(descriptor).unwrap();
    }
    archive.finish().unwrap();
    bytes
}

/// The arrays of a data set as Keras names them, labels as numbers of 64 bits. `image` is the shape of an
/// image.
fn arrays(folder: &str, kind: &str, image: &str) -> Vec<(&'static str, Vec<u8>)> {
    let mut files = Vec::new();
    for (split, names) in [
        (Split::Train, ["x_train.npy", "y_train.npy"]),
        (Split::Test, ["x_test.npy", "y_test.npy"]),
    ] {
        let data = Dataset::read(folder, split).unwrap();
        let pixels: Vec<u8> = match kind {
            "<f4" => {
                let pixels = data.images().iter().map(|&pixel| f32::from(pixel));
                pixels.flat_map(f32::to_le_bytes).collect()
            }
            _ => data.images().to_vec(),
        };
        let labels = data.labels().iter().map(|&label| i64::from(label));
        let labels: Vec<u8> = labels.flat_map(i64::to_le_bytes).collect();
        let count = data.len();
        files.push((names[0], npy(kind, &format!("({count}, {image})"), &pixels)));
        files.push((names[1], npy("<i8", &format!("({count},)"), &labels)));
    }
    files
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The fingerprint of the network that is trained on this data.
fn fingerprint(data: &str) -> String {
    let trained = json(&["train", "--data", data]);
    trained["fingerprint"].as_str().unwrap().to_owned()
}

#[test]
fn all_of_mnist_as_csv_and_as_npz_gives_the_network_of_its_idx_files() {
    let folder = tempfile::tempdir().unwrap();
    let train = file_in(&folder, "mnist_train.csv");
    for (split, name) in [
        (Split::Train, "mnist_train.csv"),
        (Split::Test, "mnist_test.csv"),
    ] {
        fs::write(
            file_in(&folder, name),
            rows(&Dataset::read(DATA, split).unwrap()),
        )
        .unwrap();
    }
    assert_eq!(fingerprint(&train), FINGERPRINT);
    let npz = file_in(&folder, "mnist.npz");
    fs::write(&npz, zip(&arrays(DATA, "|u1", "28, 28"), true)).unwrap();
    assert_eq!(fingerprint(&npz), FINGERPRINT);

    let size = fs::metadata(&npz).unwrap().len();
    let printed = text(&["inspect", &npz, "--split", "test"]);
    let [of_file, of_idx] = [&*printed, "7,840,016"].map(|text| text.replace(',', ""));
    let expected = format!("{size} bytes {of_idx} bytes as a raw IDX file\n");
    assert!(of_file.contains(&expected), "{printed}");

    let inspected = json(&["inspect", &npz]);
    let known = |split: usize, what: &str| inspected["splits"][split][what]["known"].clone();
    assert_eq!(known(0, "images"), "MNIST training images");
    assert_eq!(known(1, "labels"), "MNIST test labels");

    // As IDX files they are the same, byte for byte, and so are the names of their classes.
    let names = "zero\none\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n";
    fs::write(file_in(&folder, "labels.txt"), names).unwrap();
    for (data, set) in [(&train, "csv"), (&npz, "npz")] {
        let set = file_in(&folder, set);
        let printed = text(&["pack", data, "-o", &set]);
        assert!(
            printed.contains("60,000 training images, 28 × 28 pixels"),
            "{printed}"
        );
        let packed_names = fs::read_to_string(Path::new(&set).join("labels.txt"));
        assert_eq!(packed_names.unwrap(), names);
        for name in fs::read_dir(DATA)
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
        {
            if name.to_str().unwrap().ends_with("ubyte") {
                let [packed, original] =
                    [Path::new(&set), Path::new(DATA)].map(|set| set.join(&name));
                assert!(
                    fs::read(packed).unwrap() == fs::read(original).unwrap(),
                    "{name:?}"
                );
            }
        }
    }
}

/// A small data set of MNIST, and the fingerprint of its network.
fn small() -> (TempDir, String) {
    let folder = first_of_mnist(300, 50);
    let fingerprint = fingerprint(folder.path().to_str().unwrap());
    (folder, fingerprint)
}

#[test]
fn csv_is_read_with_a_header_or_without_and_as_gzip_from_a_file_or_a_folder() {
    let (idx, expected) = small();
    let [train, test] =
        [Split::Train, Split::Test].map(|split| rows(&Dataset::read(idx.path(), split).unwrap()));
    let header = |number: fn(usize) -> String| {
        let columns: Vec<String> = (0..784).map(number).collect();
        format!("label,{}\n", columns.join(","))
    };
    let quoted = header(|column| format!("\"{}x{}\"", column / 28, column % 28));
    for (how, train) in [
        ("as it is", train.clone()),
        ("named", header(|column| format!("pixel{column}")) + &train),
        ("counted", header(|column| column.to_string()) + &train),
        ("quoted, with a mark", format!("\u{feff}{quoted}{train}")),
        ("with a mark alone", format!("\u{feff}{train}")),
        ("of Windows", train.replace('\n', "\r\n")),
        (
            "floats and blank lines",
            train.replace(",0,", ", 0.0,").replace('\n', "\n\n"),
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(file_in(&folder, "digits-train.csv"), &train).unwrap();
        fs::write(file_in(&folder, "digits-test.csv"), &test).unwrap();
        assert_eq!(
            fingerprint(&file_in(&folder, "digits-train.csv")),
            expected,
            "{how}"
        );
        assert_eq!(
            fingerprint(&file_in(&folder, "digits-test.csv")),
            expected,
            "{how}"
        );
        assert_eq!(
            fingerprint(folder.path().to_str().unwrap()),
            expected,
            "{how}"
        );
    }
    // The label last, as a header says.
    let moved = |rows: &str| {
        let mut text = header(|column| format!("pixel{column}")).replace("label,", "");
        text = text.replace('\n', ",class\n");
        for row in rows.lines() {
            let (label, pixels) = row.split_once(',').unwrap();
            text += &format!("{pixels},{label}\n");
        }
        text
    };
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        file_in(&folder, "train.csv.gz"),
        gzip(moved(&train).as_bytes()),
    )
    .unwrap();
    fs::write(
        file_in(&folder, "test.csv.gz"),
        gzip(moved(&test).as_bytes()),
    )
    .unwrap();
    assert_eq!(fingerprint(folder.path().to_str().unwrap()), expected);
}

/// The rows of CSV, the fields of each changed by a function that gets the number of the row.
fn changed(rows: &str, change: impl Fn(usize, Vec<&str>) -> Vec<String>) -> String {
    let rows = rows.lines().enumerate();
    let rows = rows.map(|(row, line)| change(row, line.split(',').collect()).join(",") + "\n");
    rows.collect()
}

#[test]
fn a_header_tells_ids_and_the_label_from_pixels() {
    let (idx, expected) = small();
    let folder = tempfile::tempdir().unwrap();
    let [train, test] = ["train.csv", "test.csv"].map(|name| file_in(&folder, name));
    let columns: Vec<String> = (0..784).map(|column| column.to_string()).collect();
    let pixels: Vec<String> = (0..784).map(|column| format!("pixel{column}")).collect();
    let labelled = [&["label".to_owned()], &pixels[..]].concat();
    // Ways to store a row, and headers that tell them.
    let as_it_is = |_: usize, row: Vec<&str>| row.iter().map(|&field| field.into()).collect();
    let numbered = |number: usize, row: Vec<&str>| {
        let row = row.iter().map(|field| field.to_string());
        [(1000 * number).to_string()]
            .into_iter()
            .chain(row)
            .collect()
    };
    let last = |_: usize, row: Vec<&str>| {
        let row = row[1..].iter().chain(&row[..1]);
        row.map(|field| field.to_string()).collect()
    };
    type Change<'a> = &'a dyn Fn(usize, Vec<&str>) -> Vec<String>;
    let mut headers: Vec<(Vec<String>, Change)> = Vec::new();
    for id in ["id", "ImageId", "image_id", "Index", "", "Unnamed: 0"] {
        headers.push(([&[id.to_owned()], &labelled[..]].concat(), &numbered));
    }
    let counted: Vec<String> = (0..785).map(|column| column.to_string()).collect();
    headers.push((counted.clone(), &as_it_is));
    headers.push(([&[String::new()], &counted[..]].concat(), &numbered));
    let label = "label".to_owned();
    headers.push(([&[String::new(), label], &columns[..]].concat(), &numbered));
    for pixels in [&pixels, &columns] {
        headers.push(([&pixels[..], &["ziffer".to_owned()]].concat(), &last));
    }
    for (header, change) in headers {
        for (split, path) in [(Split::Train, &train), (Split::Test, &test)] {
            let rows = rows(&Dataset::read(idx.path(), split).unwrap());
            let text = header.join(",") + "\n" + &changed(&rows, change);
            fs::write(path, text).unwrap();
        }
        assert_eq!(fingerprint(&train), expected, "{:?}", &header[..3]);
    }
    // Ids without labels are no labels.
    let rows = rows(&Dataset::read(idx.path(), Split::Test).unwrap());
    let images = changed(&rows, |number, row| numbered(number, row[1..].to_vec()));
    let header = format!("ImageId,{}\n", pixels.join(","));
    fs::write(&test, header + &images).unwrap();
    let found = error(1, &["train", "--data", &train]);
    assert!(
        found.contains("images without labels") && found.contains("--holdout N"),
        "{found}"
    );
    let model = file_in(&folder, "model");
    text(&[
        "train",
        "--data",
        &train,
        "--holdout",
        "50",
        "--save",
        &model,
    ]);
    let answers = |of: &str| text(&["predict", "--model", &model, of]);
    let idx = file_in(&idx, "t10k-images-idx3-ubyte");
    assert_eq!(answers(&test), answers(&idx));

    // Without a header, the label is the first.
    fs::write(&train, changed(&rows, last)).unwrap();
    let found = error(1, &["train", "--holdout", "10", "--data", &train]);
    assert!(
        found.contains("the first column is 0 in every row, while the last one varies"),
        "{found}"
    );
}

#[test]
fn an_npz_file_may_be_stored_or_of_floats_and_have_other_names() {
    let (idx, expected) = small();
    let idx = idx.path().to_str().unwrap();
    let mut named = arrays(idx, "|u1", "28, 28");
    let names = [
        "train_images.npy",
        "train_labels.npy",
        "test_images.npy",
        "test_labels.npy",
    ];
    for (file, name) in named.iter_mut().zip(names) {
        file.0 = name;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = file_in(&folder, "digits.npz");
    for bytes in [
        zip(&arrays(idx, "|u1", "28, 28"), false),
        zip(&arrays(idx, "<f4", "28, 28"), true),
        zip(&named, true),
        zip(&arrays(idx, "|u1", "784"), true),
        zip(&arrays(idx, "|u1", "28, 28, 1"), true),
        gzip(&zip(&named, false)),
    ] {
        fs::write(&path, bytes).unwrap();
        assert_eq!(fingerprint(&path), expected);
        assert_eq!(fingerprint(folder.path().to_str().unwrap()), expected);
    }
}

#[test]
fn what_is_no_pixel_in_csv_is_named_by_row_and_column() {
    let folder = tempfile::tempdir().unwrap();
    let path = file_in(&folder, "digits.csv");
    let row = "1,0,255,0,17\n";
    for (text, message) in [
        (
            format!("{row}2,0,256,0,0\n"),
            "row 2, column 3 (counted from 1) is \"256\": expected a whole number from 0 to 255\n",
        ),
        (
            format!("label,a,b,c,d\n{row}2,0,0.5,0,0\n"),
            "row 3, column 3 (counted from 1) is \"0.5\": expected a whole number from 0 to 255 \
             (pixels from 0 to 1 are to be multiplied by 255 and rounded)\n",
        ),
        (
            format!("{row}2,0,0,0,NaN\n"),
            "row 2, column 5 (counted from 1) is \"NaN\": expected",
        ),
        (
            format!("{row}2,0,,0,0\n"),
            "row 2, column 3 (counted from 1) is \"\": expected",
        ),
        (
            format!("{row}-1,0,0,0,0\n"),
            "row 2, column 1 (counted from 1) is \"-1\": expected",
        ),
        (
            format!("{row}2,0,0,0\n"),
            "row 2 has 4 columns, but the first row has 5",
        ),
        (
            format!("{row}2,0,0,0,0,0\n"),
            "row 2 has 6 columns, but the first row has 5",
        ),
        ("1,2,3\n".to_owned(), "the first row has 3 columns"),
        (
            "x,0,0,0,0\n".to_owned(),
            "row 1, column 1 (counted from 1) is \"x\"",
        ),
        ("label,a,b,c,d\n".to_owned(), "no pixels"),
        ("5;0;0;0;0\n".to_owned(), "a table with semicolons, which"),
        ("0,0,0,0\n".to_owned(), "images without labels"),
    ] {
        fs::write(&path, &text).unwrap();
        let found = error(1, &["train", "--holdout", "1", "--data", &path]);
        assert!(
            found.starts_with(&path) && format!("{found}\n").contains(message),
            "{found}\n{message}"
        );
    }
    fs::write(&path, row.repeat(3)).unwrap();
    let found = error(1, &["train", "--data", &path]);
    assert!(
        found.contains("no file of the test set") && found.contains("--holdout N"),
        "{found}"
    );
    text(&["train", "--holdout", "1", "--data", &path]);
}

#[test]
fn what_is_no_pixel_in_an_npz_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = file_in(&folder, "digits.npz");
    let floats = |numbers: &[f64]| -> Vec<u8> {
        numbers
            .iter()
            .flat_map(|number| number.to_le_bytes())
            .collect()
    };
    let labels = || ("y_train.npy", npy("|u1", "(2,)", &[0, 1]));
    let images = |numbers: &[f64]| ("x_train.npy", npy("<f8", "(2, 1, 2)", &floats(numbers)));
    for (files, message) in [
        (
            vec![images(&[0.0, 1.0, 0.5, 2.0]), labels()],
            "x_train.npy: row 2, column 1 (counted from 1) is 0.5: expected",
        ),
        (
            vec![images(&[0.0, f64::NAN, 0.0, 2.0]), labels()],
            "row 1, column 2 (counted from 1) is NaN",
        ),
        (
            vec![images(&[0.0, 1.0, 0.0, 256.0]), labels()],
            "row 2, column 2 (counted from 1) is 256: expected a whole number from 0 to 255\n",
        ),
        (
            vec![
                ("x_train.npy", npy("<u2", "(2, 1, 1)", &[7, 0, 3, 1])),
                labels(),
            ],
            "row 2, column 1 (counted from 1) is 259",
        ),
        (
            vec![
                ("x_train.npy", npy("|i1", "(2, 1, 1)", &[7, 255])),
                labels(),
            ],
            "row 2, column 1 (counted from 1) is -1",
        ),
        (
            vec![images(&[0.0, 1.0, 0.0]), labels()],
            "it has 3 elements, but its shape is [2, 1, 2]",
        ),
        (
            vec![images(&[0.0; 5]), labels()],
            "it has more elements than its shape",
        ),
        (vec![labels()], "no array x_train"),
        (vec![images(&[0.0; 4])], "images without labels"),
        (
            vec![
                images(&[0.0; 4]),
                ("y_train.npy", npy("|u1", "(3,)", &[0, 1, 2])),
            ],
            "wrong number of labels",
        ),
        (
            vec![
                ("x_train.npy", npy("|u1", "(2, 1, 1, 3)", &[0; 6])),
                labels(),
            ],
            "the images are [2, 1, 1, 3], the labels [2]: expected grey images",
        ),
        (
            vec![("x_train.npy", npy("|u1", "(2,)", &[0; 2]))],
            "the images are [2], the labels none: expected",
        ),
        (
            vec![("x_train.npy", npy(">f4", "(2, 1, 1)", &[0; 8])), labels()],
            "its type is \">f4\"",
        ),
        (
            vec![("x_train.npy", npy("<f2", "(2, 1, 1)", &[0; 4])), labels()],
            "(x * 255).round().astype('uint8') if they are from 0 to 1",
        ),
        (
            vec![("x_train.npy", npy("<f4", "()", &[0, 0, 0, 63]))],
            "row 1, column 1 (counted from 1) is 0.5",
        ),
        (
            vec![(
                "x_train.npy",
                npy("<f4", "(0, 4294967295, 4294967295)", &[]),
            )],
            "",
        ),
        (
            vec![("x_train.npy", b"nothing at all".to_vec())],
            "not an array of NumPy",
        ),
    ] {
        fs::write(&path, zip(&files, true)).unwrap();
        let found = error(1, &["train", "--holdout", "1", "--data", &path]);
        assert!(
            found.starts_with(&path) && format!("{found}\n").contains(message),
            "{found}\n{message}"
        );
    }
    // A bit of an element has changed, which the archive's checksum tells.
    let mut bytes = zip(&[images(&[0.0; 4]), labels()], false);
    let at = bytes
        .windows(4)
        .position(|bytes| bytes == b", }\n")
        .unwrap()
        + 10;
    assert_eq!(bytes[at], 0);
    bytes[at] = 1;
    fs::write(&path, bytes).unwrap();
    let found = error(1, &["train", "--holdout", "1", "--data", &path]);
    assert!(found.contains("x_train.npy: "), "{found}");
}

#[test]
fn what_is_recognised_and_not_read_is_named_with_what_helps() {
    let folder = tempfile::tempdir().unwrap();
    let tar = [&[b'a'; 257][..], b"ustar", &[0; 300]].concat();
    for (bytes, what, help) in [
        (
            b"PAR1\x15\x04".to_vec(),
            "a Parquet file",
            "pandas.read_parquet('",
        ),
        (
            b"\x80\x04\x95".to_vec(),
            "a pickle",
            "pickle.load(gzip.open('",
        ),
        (
            b"MATLAB 5.0 MAT-file".to_vec(),
            "a MATLAB file",
            "scipy.io.loadmat('",
        ),
        (b"\x89HDF\r\n\x1a\n".to_vec(), "an HDF5 file", "h5py.File('"),
        (gzip(&tar), "a tar archive", "tar xf "),
        (
            zip(&[("a/b.png", vec![1])], true),
            "a zip archive",
            "unzip ",
        ),
        (
            b"<!DOCTYPE html><title>404".to_vec(),
            "a web page",
            "download",
        ),
        (
            b"version https://git-lfs.github.com/spec/v1".to_vec(),
            "a pointer of Git LFS",
            "git lfs pull",
        ),
        (npy("|u1", "(1,)", &[1]), "a single array", "numpy.load('"),
        (
            b"label;a;b;c;d\n0;1;2;3;4\n".to_vec(),
            "a table with semicolons",
            "', sep=';', header=None, dtype=str).to_csv('",
        ),
        (
            b"0\t1\t2\t3\t4\n".to_vec(),
            "a table with tabs",
            "', sep='\\t', header=None",
        ),
        (
            b"\xff\xfe0\0,\x001\0".to_vec(),
            "text in UTF-16",
            "', encoding='utf-16', header=None",
        ),
    ] {
        // By itself, in the place of an IDX file, and where a picture or a file is expected.
        let path = file_in(&folder, "train-images-idx3-ubyte");
        fs::write(&path, &bytes).unwrap();
        fs::write(file_in(&folder, "train-labels-idx1-ubyte"), &bytes).unwrap();
        let data = folder.path().to_str().unwrap();
        for arguments in [
            &["train", "--data", &path][..],
            &["train", "--data", data],
            &["inspect", &path],
            &["predict", &path],
            &["pack", &path, "-o", "nowhere"],
        ] {
            let found = error(1, arguments);
            for part in [what, help] {
                assert!(found.contains(part), "{arguments:?}: {found}");
            }
            assert!(found.starts_with(data), "{found}");
        }
    }
}

/// Runs the program with 4 GB of addresses, which must end with a message.
#[cfg(unix)]
fn ends_with_a_message(data: &str) {
    let script = "ulimit -v 4000000; exec \"$0\" train --holdout 1 --data \"$1\"";
    let output = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_mnist-cli"), data])
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.starts_with("error: "), "{stderr}");
    assert!(!stderr.contains("panicked"), "{stderr}");
}

#[cfg(unix)]
#[test]
fn hostile_files_end_with_a_message_in_4_gb() {
    let folder = tempfile::tempdir().unwrap();
    let [csv, npz] = ["hostile.csv", "hostile.npz"].map(|name| file_in(&folder, name));
    let gigabyte = |start: &str, byte: u8| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(start.as_bytes()).unwrap();
        for _ in 0..1 << 14 {
            encoder.write_all(&[byte; 1 << 16]).unwrap();
        }
        encoder.finish().unwrap()
    };
    for bytes in [
        gigabyte("1,0,0,0,0\n", b'0'),
        gigabyte("1,0,0,0,0\n", 0),
        gigabyte("1,0,0,0,0\n", b','),
        gigabyte("", b','),
    ] {
        fs::write(&csv, bytes).unwrap();
        ends_with_a_message(&csv);
    }
    let labels = || ("y_train.npy", npy("|u1", "(2,)", &[0, 1]));
    let mut zeros = Vec::new();
    std::io::repeat(0)
        .take(1 << 30)
        .read_to_end(&mut zeros)
        .unwrap();
    let inner = zip(&[("x_train.npy", npy("|u1", "(1, 2, 2)", &[0; 4]))], true);
    for files in [
        vec![
            (
                "x_train.npy",
                npy("|u1", "(1000000, 10000, 1000)", &[0; 100]),
            ),
            labels(),
        ],
        vec![
            (
                "x_train.npy",
                npy("<f8", "(18446744073709551615, 28, 28)", &[]),
            ),
            labels(),
        ],
        vec![
            (
                "x_train.npy",
                npy("<f8", "(4294967295, 4294967295, 1)", &[]),
            ),
            labels(),
        ],
        vec![("x_train.npy", npy("|u1", "(1, 2, 2)", &zeros)), labels()],
        vec![("x_train.npy", zeros.clone()), labels()],
        vec![("x_train.npy", inner.clone()), labels()],
    ] {
        fs::write(&npz, zip(&files, true)).unwrap();
        ends_with_a_message(&npz);
    }
    // A zip of a zip, and an archive that is cut.
    fs::write(&npz, zip(&[("inner.npz", inner.clone())], true)).unwrap();
    ends_with_a_message(&npz);
    fs::write(&npz, &inner[..inner.len() - 10]).unwrap();
    ends_with_a_message(&npz);
}

#[test]
fn a_set_below_the_named_folder_is_found_or_its_places_are_named() {
    let set = data_set([1, 2], &[255, 0, 0, 255], &[0, 1]);
    let expected = fingerprint(set.path().to_str().unwrap());
    let parent = tempfile::tempdir().unwrap();
    let raw = parent.path().join("archive/MNIST/raw");
    fs::create_dir_all(&raw).unwrap();
    fs::create_dir_all(parent.path().join("__MACOSX")).unwrap();
    let copy = |to: &Path| {
        for entry in fs::read_dir(set.path()).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    };
    copy(&raw);
    copy(&parent.path().join("__MACOSX"));
    let data = parent.path().to_str().unwrap();
    assert_eq!(fingerprint(data), expected);
    assert_eq!(fingerprint(&format!("{data}/archive/MNIST")), expected);
    fs::create_dir_all(parent.path().join("other")).unwrap();
    copy(&parent.path().join("other"));
    let found = error(1, &["train", "--data", data]);
    let expected = format!("several data sets: name one of them: {data}/archive, {data}/other");
    assert!(found.ends_with(&expected), "{found}");
}

#[test]
fn emnist_s_mapping_names_the_classes() {
    let set = data_set([1, 3], &[255, 0, 0, 0, 255, 0, 0, 0, 255], &[0, 1, 2]);
    let data = set.path().to_str().unwrap();
    for entry in fs::read_dir(data).unwrap() {
        let path = entry.unwrap().path();
        let name = format!(
            "emnist-some-{}",
            path.file_name().unwrap().to_str().unwrap()
        );
        fs::rename(&path, path.with_file_name(name)).unwrap();
    }
    let mapping = file_in(&set, "emnist-some-mapping.txt");
    let names = |text: &str| {
        fs::write(&mapping, text).unwrap();
        json(&["train", "--data", data])["class_names"].clone()
    };
    assert_eq!(names("0 48\n1 65 97\n2 98\n"), json!(["0", "Aa", "b"]));
    // EMNIST's letters have no class 0.
    assert_eq!(names("1 65 97\r\n2 66 98\r\n"), json!(["0", "Aa", "Bb"]));
    assert_eq!(
        names("0 48\n1 49\n2 50\n"),
        json!(null),
        "they say nothing new"
    );
    fs::write(&mapping, "0 48\n1 x\n").unwrap();
    let found = error(1, &["train", "--data", data]);
    assert!(
        found.starts_with(&mapping) && found.ends_with("1 x"),
        "{found}"
    );
    let output = mnist_cli(&["inspect", data])
        .assert()
        .code(1)
        .get_output()
        .clone();
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("mapping.txt")
    );
}
