//! Folders of pictures as archives leave them.

use std::fs;

use mnist_idx::Split;

use crate::pack::{content, folder, open, pack, refused};
use crate::program::{file_in, mnist_cli};

#[test]
fn splits_are_known_by_any_of_their_names_and_in_one_wrapper_more() {
    for [train, test] in [
        ["train", "test"],
        ["Training", "Testing"],
        ["trainingSet/trainingSet", "testSet/testSet"],
        ["TRAIN", "valid"],
        ["mnist_png/training", "mnist_png/testing"],
        ["archive/mnist/train_set", "archive/mnist/Validation"],
    ] {
        let name = |split: &str, rest: &str| format!("{split}/{rest}.png");
        let names = [name(train, "1/10"), name(train, "0/9"), name(test, "0/2")];
        let folder = folder(&names.each_ref().map(String::as_str));
        fs::create_dir_all(folder.path().join("in/__MACOSX/0")).unwrap();
        fs::write(file_in(&folder, "in/.DS_Store"), []).unwrap();
        pack(&folder, &[]);
        assert_eq!(
            content(&open(&folder, Split::Train)),
            [(1, 0), (0, 1)],
            "{train}"
        );
        assert_eq!(content(&open(&folder, Split::Test)), [(2, 0)], "{test}");
    }
}

#[test]
fn classes_may_be_in_one_folder_more_and_their_pictures_too() {
    let names = [
        "30/hsf_0/a.png",
        "30/hsf_1/b.png",
        "31/hsf_0/c.png",
        "31/hsf_0/d.png",
    ];
    for wrapper in ["", "trainingSet/", "by_class/digits/"] {
        let names = names.map(|name| format!("{wrapper}{name}"));
        let folder = folder(&names.each_ref().map(String::as_str));
        pack(&folder, &[]);
        let mut all = [Split::Train, Split::Test]
            .map(|split| content(&open(&folder, split)))
            .concat();
        all.sort_unstable();
        assert_eq!(all, [(0, 30), (1, 30), (2, 31), (3, 31)], "{wrapper}");
    }
}

#[test]
fn folders_that_are_neither_classes_nor_two_splits_are_refused_by_their_names() {
    for names in [
        &["train/0/1.png", "test/0/2.png", "valid/0/3.png"][..],
        &["trainingSet/0/1.png", "testSet/0/2.png", "sample/0/3.png"],
        &["test/0/1.png", "valid/0/2.png"],
    ] {
        let folder = folder(names);
        let found = refused(1, &folder, &[]);
        assert!(
            found.contains("expected a folder for each class, or train and test"),
            "{found}"
        );
        let hint = "leave out validation or test";
        assert_eq!(
            found.contains(hint),
            names[2..].is_empty() || names[2].contains("valid")
        );
        for name in names {
            let name = name.split_once('/').unwrap().0;
            assert!(found.contains(name), "{name}: {found}");
        }
    }
    // A class may be called so.
    let folder = folder(&["test/1.png", "test/2.png", "best/1.png", "best/2.png"]);
    pack(&folder, &[]);
}

#[test]
fn a_picture_that_is_in_no_folder_of_a_class_is_told() {
    let folder = folder(&["0/1.png", "0/2.png", "1/1.png", "1/2.png", "lost.png"]);
    let (from, out) = (file_in(&folder, "in"), file_in(&folder, "out"));
    let output = mnist_cli(&["pack", &from, "-o", &out, "--size", "3x3"])
        .assert()
        .success();
    let stderr = String::from_utf8(output.get_output().stderr.clone()).unwrap();
    assert!(
        stderr.contains("skipped 1 item") && stderr.contains("lost.png"),
        "{stderr}"
    );
}
