//! What `pack` and `unpack` refuse, and that nothing is written then.

use std::fs;

use mnist_idx::Split;

use crate::pack::{entries, folder, open, refused, save};
use crate::program::{DATA, error, file_in, mnist_cli};

#[test]
fn each_bad_folder_has_one_clear_message_and_nothing_is_written() {
    let one_split = "train/a/1.png";
    for (names, option, code, message) in [
        (
            &["1.png"][..],
            "",
            1,
            "in: no folders of pictures in it, but 1 file: expected one for each class, with its \
             pictures (to pack a data set in a CSV or .npz file, name the file itself)",
        ),
        (
            &["a/1.png", "a/2.png"],
            "",
            1,
            "1 name: expected from 2 to 256",
        ),
        (
            &["a/1.png", "a/2.png", "b/1.png"],
            "",
            1,
            "in/b: it has 1 picture: expected at least 2",
        ),
        (
            &["a/x/y/1.png", "b/1.png"],
            "",
            1,
            "in/a: a class without pictures",
        ),
        (&[one_split], "", 1, "1 name: expected from 2 to 256"),
        (
            &["0/1.png", "256/1.png"],
            "",
            1,
            "in/256: a label must be from 0 to 255",
        ),
        (
            &["1/1.png", "01/1.png"],
            "",
            1,
            "in/1: label 1, as 01 is: rename one of them",
        ),
        (
            &[one_split, "test/b/1.png"],
            "--test-fraction=0.5",
            2,
            "in already has a test folder",
        ),
        (
            &["a/1.png", "b/1.png"],
            "--prefix=x",
            2,
            "are for the data set of --with",
        ),
        (
            &["a/1.png", "b/1.png"],
            "--test-fraction=1",
            2,
            "more than 0 and less than 1",
        ),
        (
            &["a/1.png", "b/1.png"],
            "--size=0x3",
            2,
            "write HEIGHTxWIDTH in pixels",
        ),
    ] {
        let folder = folder(names);
        let options = [option];
        let found = refused(
            code,
            &folder,
            if option.is_empty() { &[] } else { &options },
        );
        assert!(found.contains(message), "{found}");
    }
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("in")).unwrap();
    let found = refused(1, &folder, &[]);
    assert!(
        found.contains("in: no folders of pictures in it, but 0 files"),
        "{found}"
    );
    for class in 0..257 {
        save(&folder.path().join(format!("in/x{class}/1.png")), 0);
    }
    let found = refused(1, &folder, &[]);
    assert!(
        found.contains("in: 257 classes: expected at most 256"),
        "{found}"
    );
}

#[cfg(unix)]
#[test]
fn names_that_are_not_text_are_refused() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = folder(&["a/1.png", "b/1.png"]);
    let strange = folder
        .path()
        .join("in/a")
        .join(OsStr::from_bytes(b"\xff\x1b[2J.png"));
    fs::write(&strange, "").unwrap();
    let found = refused(1, &folder, &[]);
    assert!(
        found.contains(r#"in/a: a name that is not UTF-8: rename "\xFF\u{1b}[2J.png""#),
        "{found}"
    );

    fs::remove_file(strange).unwrap();
    fs::rename(
        folder.path().join("in/b"),
        folder.path().join("in/b\u{1b}[2J"),
    )
    .unwrap();
    let found = refused(1, &folder, &[]);
    assert!(
        found.contains("has an invisible character") && !found.contains('\u{1b}'),
        "{found}"
    );
}

#[test]
fn pictures_that_cannot_be_read_are_listed_and_left_out_only_when_that_is_asked_for() {
    let folder = folder(&["a/1.png", "a/2.png", "b/3.png", "b/4.png", "b/5.png"]);
    let from = file_in(&folder, "in");
    fs::write(format!("{from}/b/text.png"), "no picture").unwrap();
    fs::write(format!("{from}/a/empty.jpg"), "").unwrap();
    let out = file_in(&folder, "out");
    let pack = ["pack", &from, "-o", &out, "--size", "3x3"];
    let output = mnist_cli(&pack).assert().code(1).get_output().clone();
    let text = String::from_utf8(output.stderr).unwrap();
    for listed in [
        "a/empty.jpg: ",
        "b/text.png: ",
        "error: 2 of 7 pictures can't be read: --skip-unreadable",
    ] {
        assert!(text.contains(listed), "{text}");
    }
    assert_eq!(entries(folder.path()), ["in"]);

    mnist_cli(&pack).arg("--skip-unreadable").assert().success();
    let counts = [Split::Train, Split::Test].map(|split| open(&folder, split).len());
    assert_eq!(counts, [3, 2]);

    fs::remove_dir_all(&out).unwrap();
    fs::write(format!("{from}/a/1.png"), "").unwrap();
    fs::write(format!("{from}/a/2.png"), "").unwrap();
    let message = error(1, &[&pack[..], &["--skip-unreadable"]].concat());
    assert!(
        message.contains("in/a: no picture of this class can be read"),
        "{message}"
    );
}

#[test]
fn what_exists_is_left_as_it_is() {
    let folder = folder(&["a/1.png", "b/2.png"]);
    let from = file_in(&folder, "in");
    let file = folder.path().join("file");
    fs::write(&file, "kept").unwrap();
    for command in [["pack", &from], ["unpack", DATA]] {
        for out in [from.as_str(), file.to_str().unwrap()] {
            let message = error(1, &[&command[..], &["-o", out]].concat());
            assert!(
                message.contains("it exists already, and is left as it is"),
                "{message}"
            );
        }
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), "kept");
    assert_eq!(entries(&folder.path().join("in")), ["a", "b"]);
}
