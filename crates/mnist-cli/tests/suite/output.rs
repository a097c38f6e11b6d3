//! What goes to stdout, stderr and files when they can't be written.

use std::fs;

use crate::program::{DATA, file_in, mnist_cli};

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
fn a_network_that_cannot_be_saved_is_printed_with_one_message_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let taken = file_in(&folder, "taken");
    fs::create_dir(&taken).unwrap();
    let note = file_in(&folder, "note");
    fs::write(&note, "kept").unwrap();
    for path in [
        file_in(&folder, "missing/model"),
        taken,
        file_in(&folder, "note/model"),
    ] {
        let assert = mnist_cli(&["--save", &path]).assert().code(1);
        let output = assert.get_output();
        let stderr = str::from_utf8(&output.stderr).unwrap();
        assert_eq!(stderr.matches("error: ").count(), 1);
        assert!(
            stderr.contains(&format!("error: {path}: can't be written")),
            "{stderr}"
        );
        let text = str::from_utf8(&output.stdout).unwrap();
        assert!(text.contains("accuracy 0.8831"), "{text}");
        assert!(!text.contains("saved"), "{text}");
    }
    assert_eq!(fs::read(note).unwrap(), b"kept");
    assert_eq!(
        fs::read_dir(&folder).unwrap().count(),
        2,
        "no temporary file is left"
    );
}

#[test]
#[cfg(unix)]
fn a_read_only_folder_keeps_what_it_has() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let model = file_in(&folder, "model");
    fs::write(&model, "kept").unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    // Nothing is read-only to the superuser.
    let superuser = fs::write(folder.path().join("probe"), "").is_ok();
    if !superuser {
        let assert = mnist_cli(&["--save", &model]).assert().code(1);
        let stderr = str::from_utf8(&assert.get_output().stderr).unwrap();
        assert!(
            stderr.contains(&format!("error: {model}: can't be written")),
            "{stderr}"
        );
        assert_eq!(fs::read(&model).unwrap(), b"kept");
    }
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
#[cfg(unix)]
fn what_is_no_regular_file_is_not_replaced_by_a_model() {
    use std::os::unix::fs::FileTypeExt;
    let folder = tempfile::tempdir().unwrap();
    let path = file_in(&folder, "socket");
    // Stands for a device, and cannot be opened.
    let _socket = std::os::unix::net::UnixListener::bind(&path).unwrap();
    mnist_cli(&["--save", &path]).assert().code(1);
    assert!(fs::metadata(&path).unwrap().file_type().is_socket());
}
