//! The README: its way from a folder of pictures to a prediction, run as it stands there.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use image::{GrayImage, Luma};

use crate::program::{DATA, mnist_cli};

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md");
const SECTION: &str = "\n## From a folder of pictures to a prediction\n";
const PROGRAM: &str = "    cargo run -p mnist-cli --release -- ";

/// The arguments of the section's commands.
fn commands() -> Vec<Vec<&'static str>> {
    let readme = fs::read_to_string(README).unwrap().leak();
    let (_, section) = readme.split_once(SECTION).unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let commands = section
        .lines()
        .filter_map(|line| line.strip_prefix(PROGRAM));
    commands
        .map(|command| command.split(' ').collect())
        .collect()
}

/// How far a place is from the line of a shape that is about 1 large.
fn distance(shape: &str, x: f64, y: f64) -> f64 {
    match shape {
        "circle" => (x.hypot(y) - 1.0).abs(),
        "square" => (x.abs().max(y.abs()) - 1.0).abs(),
        "cross" if x.abs().max(y.abs()) < 1.0 => (x.abs() - y.abs()).abs(),
        _ => f64::INFINITY,
    }
}

/// A drawing, dark on light, each of another size, at another place, of another thickness.
fn draw(shape: &str, number: u32) -> GrayImage {
    let side = 60 + number * 7 % 40;
    let size = 12.0 + f64::from(number * 5 % 11);
    let thickness = (2.0 + f64::from(number * 3 % 4)) / size / 2.0;
    let [centre_x, centre_y] = [3, 13].map(|step| f64::from(25 + number * step % 9));
    GrayImage::from_fn(side, side, |x, y| {
        let (x, y) = (
            (f64::from(x) - centre_x) / size,
            (f64::from(y) - centre_y) / size,
        );
        Luma([if distance(shape, x, y) < thickness {
            30
        } else {
            220
        }])
    })
}

/// What a command of the section prints.
fn run(folder: &Path, command: &[&str]) -> String {
    let mut program = mnist_cli(command);
    program.env_remove("MNIST_DATA").current_dir(folder);
    let output = program.output().unwrap();
    let [text, messages] =
        [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    assert!(output.status.success(), "{command:?}: {messages}");
    text
}

#[test]
fn the_way_from_a_folder_of_pictures_to_a_prediction_is_as_the_readme_says() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    symlink(fs::canonicalize(DATA).unwrap(), folder.join("data")).unwrap();
    for shape in ["circle", "cross", "square"] {
        fs::create_dir_all(folder.join("shapes").join(shape)).unwrap();
        for number in 0..20 {
            let path = format!("shapes/{shape}/{shape} {number}.png");
            draw(shape, number).save(folder.join(path)).unwrap();
        }
    }
    let commands = commands();
    let printed = |command: &str| {
        let command = commands.iter().find(|words| words[0] == command).unwrap();
        run(folder, command)
    };
    let packed = printed("pack");
    let sizes = "48 training and 12 test images, 28 × 28 pixels, 3 classes";
    assert!(packed.contains(sizes), "{packed}");
    let trained = printed("train");
    let (_, accuracy) = trained.split_once("\naccuracy ").unwrap();
    assert!(accuracy[..6].parse::<f64>().unwrap() > 0.9, "{trained}");
    for (class, shape) in ["circle", "cross", "square"].into_iter().enumerate() {
        draw(shape, 100).save(folder.join("new.png")).unwrap();
        let answer = printed("predict");
        assert!(
            answer.contains(&format!("answer      {class} {shape}, by ")),
            "{answer}"
        );
    }

    printed("unpack");
    assert!(folder.join("pictures/train/5/000.png").is_file());
    let (last, others) = commands.split_last().unwrap();
    assert_eq!(others.len(), 4, "all commands are run");
    let packed = run(folder, last);
    assert!(
        packed.contains("60,048 training and 10,012 test images, 28 × 28 pixels, 13 classes"),
        "{packed}"
    );
}
