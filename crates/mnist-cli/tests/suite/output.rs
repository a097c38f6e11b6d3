//! What goes to stdout, stderr and files when they can't be written.

use std::fs;

use crate::program::{DATA, FINGERPRINT, error, file_in, json, mnist_cli, text};

#[test]
fn a_reader_that_closes_the_pipe_is_no_failure() {
    for arguments in [&[][..], &["--json"], &["inspect", DATA], &["--help"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let program = assert_cmd::cargo::cargo_bin!("mnist-cli");
        let mut command = std::process::Command::new(program);
        let command = command
            .env("MNIST_DATA", DATA)
            .args(arguments)
            .stdout(writer);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{arguments:?}");
        let stderr = str::from_utf8(&output.stderr).unwrap();
        assert!(!stderr.contains("error"), "{arguments:?}: {stderr}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_behind_stdout_is_a_failure() {
    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let program = assert_cmd::cargo::cargo_bin!("mnist-cli");
    let mut command = std::process::Command::new(program);
    let output = command
        .env("MNIST_DATA", DATA)
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let stderr = str::from_utf8(&output.stderr).unwrap();
    assert!(
        stderr.contains("error: stdout can't be written: No space left"),
        "{stderr}"
    );
}

#[test]
fn where_a_network_cannot_be_saved_is_said_before_it_is_trained() {
    let folder = tempfile::tempdir().unwrap();
    let taken = file_in(&folder, "taken");
    fs::create_dir(&taken).unwrap();
    let note = file_in(&folder, "note");
    fs::write(&note, "kept").unwrap();
    let kept = file_in(&folder, "kept");
    fs::write(&kept, "kept").unwrap();
    let mut permissions = fs::metadata(&kept).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&kept, permissions).unwrap();
    for (path, reason) in [
        (file_in(&folder, "missing/model"), "there is no folder"),
        (taken, "it is a folder"),
        (file_in(&folder, "note/model"), "there is no folder"),
        (kept.clone(), "it is read-only"),
    ] {
        let message = error(1, &["--save", &path]);
        let expected = format!("{path}: can't be written: {reason}");
        assert!(message.starts_with(&expected), "{message}");
    }
    #[cfg(target_os = "linux")]
    {
        // Where even root makes no file.
        let message = error(1, &["--save", "/proc/model"]);
        assert!(
            message.starts_with("/proc/model: can't be written: no file can be made in /proc"),
            "{message}"
        );
    }
    for file in [note, kept] {
        assert_eq!(fs::read(file).unwrap(), b"kept");
    }
    let left = fs::read_dir(&folder).unwrap().count();
    assert_eq!(left, 3, "no temporary file is left");
}

#[test]
fn what_a_run_reads_or_writes_already_is_not_written_over() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["train-images", "train-labels", "t10k-images", "t10k-labels"] {
        let rank = if name.ends_with("images") { 3 } else { 1 };
        let name = format!("{name}-idx{rank}-ubyte");
        fs::copy(format!("{DATA}/{name}"), folder.path().join(name)).unwrap();
    }
    let data = folder.path().to_str().unwrap();
    let [model, both] = ["model", "both"].map(|name| file_in(&folder, name));
    text(&["--save", &model]);
    let images = file_in(&folder, "./train-images-idx3-ubyte");
    for arguments in [
        &["train", "--data", data, "--save", &images][..],
        &["report", "--model", &model, "-o", &model],
        &["report", "--data", data, "--model", &model, "-o", &images],
        &["import", &model, "-o", &model],
        &["trials", "--seeds", "0..1", "--csv", &both, "--svg", &both],
    ] {
        let before = fs::read(&model).unwrap();
        let message = error(2, arguments);
        let expected = "the run already reads or writes this file";
        assert!(message.contains(expected), "{message}");
        assert_eq!(fs::read(&model).unwrap(), before);
    }
    assert_eq!(json(&["--data", data])["fingerprint"], FINGERPRINT);
    assert!(!fs::exists(both).unwrap());
}

#[test]
#[cfg(unix)]
fn of_a_symbolic_link_the_file_that_it_names_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let [model, link] = ["model", "link"].map(|name| file_in(&folder, name));
    fs::write(&model, "old").unwrap();
    std::os::unix::fs::symlink("model", &link).unwrap();
    text(&["--save", &link]);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(json(&["evaluate", &model])["fingerprint"], FINGERPRINT);
}

#[test]
#[cfg(unix)]
fn what_is_no_regular_file_is_not_replaced_by_a_model() {
    use std::os::unix::fs::FileTypeExt;
    let folder = tempfile::tempdir().unwrap();
    let path = file_in(&folder, "socket");
    // Stands for a device, and cannot be opened.
    let _socket = std::os::unix::net::UnixListener::bind(&path).unwrap();
    let assert = mnist_cli(&["--save", &path]).assert().code(1);
    let output = assert.get_output();
    let stderr = str::from_utf8(&output.stderr).unwrap();
    assert!(stderr.contains(&format!("error: {path}: can't be written")));
    // What could not be saved was printed at least.
    let text = str::from_utf8(&output.stdout).unwrap();
    assert!(text.contains("accuracy 0.8831"), "{text}");
    assert!(!text.contains("saved"), "{text}");
    assert!(fs::metadata(&path).unwrap().file_type().is_socket());
}

#[test]
fn the_page_of_report_goes_to_stdout_where_that_is_asked_and_nothing_else_does() {
    let folder = tempfile::tempdir().unwrap();
    let page = |more: &[&str]| {
        let mut command = mnist_cli(&[&["report", "--epochs", "1"], more].concat());
        let output = command.current_dir(&folder).output().unwrap();
        assert!(output.status.success(), "{more:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let stdout = page(&["-o", "-"]);
    assert!(stdout.starts_with("<!") && stdout.trim_end().ends_with("</html>"));
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
    assert!(page(&["-o", "./-"]).contains("report      ./-, "));
    for arguments in [
        &["train", "--save", "-"][..],
        &["trials", "--seeds", "0..1", "--csv", "-"],
        &["report", "--weights", "-"],
    ] {
        let message = error(2, arguments);
        assert!(
            message.starts_with("-: this is written to a file"),
            "{message}"
        );
    }
}

#[test]
#[cfg(target_os = "linux")]
fn where_a_folder_cannot_be_made_its_own_name_is_said_and_no_temporary_one() {
    // Not even root can make anything there.
    let folder = "/proc/pictures";
    let message = error(1, &["unpack", DATA, "-o", folder, "--limit", "1"]);
    let expected = "/proc/pictures: can't be written: ";
    assert!(message.starts_with(expected), "{message}");
    assert!(!message.contains(".mnist-cli"), "{message}");
}
