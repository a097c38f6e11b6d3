//! Files are written completely or not at all.

use std::fs;
use std::io;
use std::path::Path;

use mnist_idx::write_atomically;
use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_atomically(path, |writer| writer.write_all(bytes))
}

fn names(folder: &TempDir) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    let mut names: Vec<_> = entries
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_file_is_made_or_replaced() {
    let folder = folder();
    let path = folder.path().join("file");
    for bytes in [&[1; 200_000][..], b"short"] {
        write(&path, bytes).unwrap();
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }
    assert_eq!(names(&folder), ["file"]);
}

#[test]
fn nothing_is_seen_of_a_file_until_it_is_complete() {
    let folder = folder();
    let path = folder.path().join("file");
    fs::write(&path, "old").unwrap();
    write_atomically(&path, |writer| {
        writer.write_all(&[1; 200_000])?;
        writer.flush()?;
        assert_eq!(fs::read(&path)?, b"old");
        Ok::<_, io::Error>(())
    })
    .unwrap();
    assert_eq!(fs::read(&path).unwrap(), [1; 200_000]);
}

#[test]
fn a_failure_leaves_what_was_there_and_nothing_else() {
    let folder = folder();
    let path = folder.path().join("file");
    fs::write(&path, "old").unwrap();
    let error = write_atomically(&path, |writer| {
        writer.write_all(&[1; 200_000])?;
        Err::<(), _>(io::Error::other("unplugged"))
    })
    .unwrap_err();
    assert_eq!(error.to_string(), "unplugged");
    assert_eq!(fs::read(&path).unwrap(), b"old");
    assert_eq!(names(&folder), ["file"]);
}

#[test]
fn an_error_of_the_system_does_not_name_the_temporary_file() {
    let folder = folder();
    let file = folder.path().join("file");
    let taken = folder.path().join("taken");
    fs::write(&file, "old").unwrap();
    fs::create_dir(&taken).unwrap();
    // A folder cannot be replaced, and neither a file nor a missing folder can hold a file.
    for path in [taken, file.join("new"), folder.path().join("missing/new")] {
        let message = write(&path, b"new").unwrap_err().to_string();
        assert!(
            !message.contains(folder.path().to_str().unwrap()),
            "{message}"
        );
        assert!(!message.contains(".tmp"), "{message}");
    }
    assert_eq!(names(&folder), ["file", "taken"]);
}

#[test]
#[cfg(unix)]
fn a_symbolic_link_is_followed_to_the_file_that_it_names() {
    use std::os::unix::fs::symlink;
    let (folder, elsewhere) = (folder(), folder());
    let target = elsewhere.path().join("target");
    fs::write(&target, "old").unwrap();
    symlink(&target, folder.path().join("first")).unwrap();
    symlink("first", folder.path().join("second")).unwrap();
    for bytes in ["old", "new"] {
        // The first time through, the target exists; the second, both links dangle.
        write(&folder.path().join("second"), bytes.as_bytes()).unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), bytes);
        for link in ["first", "second"] {
            assert!(folder.path().join(link).is_symlink());
        }
        assert_eq!(names(&elsewhere), ["target"]);
        fs::remove_file(&target).unwrap();
    }
    assert_eq!(names(&folder), ["first", "second"]);
}

#[test]
#[cfg(unix)]
fn links_in_a_circle_are_an_error() {
    let folder = folder();
    let [one, other] = ["one", "other"].map(|name| folder.path().join(name));
    std::os::unix::fs::symlink(&one, &other).unwrap();
    std::os::unix::fs::symlink(&other, &one).unwrap();
    assert!(write(&one, b"new").is_err());
    assert!(one.is_symlink() && other.is_symlink());
}

#[test]
#[cfg(unix)]
fn a_pipe_is_written_in_place() {
    use std::io::Read;
    use std::os::fd::AsRawFd;
    let (mut reader, writer) = io::pipe().unwrap();
    let path = format!("/dev/fd/{}", writer.as_raw_fd());
    write(path.as_ref(), b"through").unwrap();
    drop(writer);
    let mut read = Vec::new();
    reader.read_to_end(&mut read).unwrap();
    assert_eq!(read, b"through");
}

#[test]
#[cfg(unix)]
fn a_socket_is_not_replaced() {
    use std::os::unix::fs::FileTypeExt;
    let folder = folder();
    let path = folder.path().join("socket");
    // Stands for a device that cannot be opened.
    let _socket = std::os::unix::net::UnixListener::bind(&path).unwrap();
    assert!(write(&path, b"new").is_err());
    assert!(fs::metadata(&path).unwrap().file_type().is_socket());
}

#[test]
#[cfg(target_os = "linux")]
fn the_temporary_file_is_in_the_same_folder_because_a_rename_cannot_leave_the_disk() {
    // Usually another file system than that of temporary files.
    let Ok(folder) = tempfile::tempdir_in("/dev/shm") else {
        return;
    };
    write(&folder.path().join("file"), b"new").unwrap();
}

#[test]
#[cfg(unix)]
fn a_file_has_the_permissions_of_one_newly_made() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let [ours, other] = ["ours", "other"].map(|name| folder.path().join(name));
    write(&ours, b"").unwrap();
    fs::write(&other, "").unwrap();
    let mode = |path| fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(ours), mode(other));
}
