//! Images that are kept as PNG files.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use image::GrayImage;
use mnist_kernel::Size;

use super::png::png;
use crate::files;

/// Images of the digits of some pictures.
pub struct Saved {
    /// The names of the pictures, without their ends.
    names: Vec<PathBuf>,
    /// The files' names and pixels.
    images: Vec<(PathBuf, Vec<u8>)>,
}

impl Saved {
    /// No images yet, of pictures of these names.
    pub fn new(names: Vec<PathBuf>) -> Self {
        let images = Vec::new();
        Self { names, images }
    }

    /// A name that two pictures have, if there is one.
    pub fn name_of_two(&self) -> Option<&Path> {
        let mut different = BTreeSet::new();
        let name = self.names.iter().find(|&name| !different.insert(name))?;
        Some(name)
    }

    /// Keeps the images of the digits of a picture.
    pub fn keep<'a>(&mut self, picture: usize, images: impl Iterator<Item = &'a [u8]>) {
        for (number, image) in (1..).zip(images) {
            let mut name = self.names[picture].clone().into_os_string();
            name.push(format!("-{number}.png"));
            self.images.push((name.into(), image.to_vec()));
        }
    }

    /// Makes a folder of the images, which have this size, if it is wanted.
    pub fn write(self, folder: Option<&Path>, size: Size) -> Result<()> {
        let Some(folder) = folder else {
            return Ok(());
        };
        files::new_folder(folder, |folder| {
            for (name, pixels) in self.images {
                let path = folder.join(name);
                fs::create_dir_all(path.parent().unwrap_or(folder))?;
                let image = GrayImage::from_raw(size.width as u32, size.height as u32, pixels)
                    .expect("an image has this many pixels");
                fs::write(path, png(&image)?)?;
            }
            Ok(())
        })
    }
}
