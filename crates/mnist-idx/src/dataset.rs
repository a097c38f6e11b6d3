//! Images with a label each.

use std::iter::{Copied, Zip};
use std::path::Path;
use std::slice::{self, ChunksExact};

use crate::{ElementType, Error, IdxFile, Split, SplitFiles};

/// Images and their labels: as many labels as images, each a class from 0 to 255.
#[derive(Debug)]
pub struct Dataset {
    /// `u8 [len, height, width]`, none of them 0.
    images: IdxFile,
    /// `u8 [len]`.
    labels: IdxFile,
    classes: usize,
}

/// The iterator over a [`Dataset`]: the pixels of each image, `[height, width]`, with its label.
pub type LabelledImages<'a> = Zip<ChunksExact<'a, u8>, Copied<slice::Iter<'a, u8>>>;

impl Dataset {
    /// Finds a split in a folder that holds one data set, and reads it into memory:
    /// [`SplitFiles::find`] and [`SplitFiles::read`].
    ///
    /// # Errors
    ///
    /// Those of [`SplitFiles::find`] and [`SplitFiles::read`].
    pub fn read(folder: impl AsRef<Path>, split: Split) -> Result<Dataset, Error> {
        SplitFiles::find(folder, split, None)?.read()
    }

    /// Pairs a file of images with a file of labels. The pixels are not looked at.
    ///
    /// # Errors
    ///
    /// [`Error::NotImages`], [`Error::NoPixels`], [`Error::NotLabels`], [`Error::LabelCount`],
    /// [`Error::LabelRange`].
    pub fn new(images: IdxFile, labels: IdxFile) -> Result<Dataset, Error> {
        let array = images.view();
        let (ElementType::U8, &[len, height, width]) = (array.element_type(), array.dimensions())
        else {
            return Err(Error::NotImages {
                path: images.path().to_owned(),
                element_type: array.element_type(),
                dimensions: array.dimensions().to_vec(),
            });
        };
        if [len, height, width].contains(&0) {
            return Err(Error::NoPixels {
                path: images.path().to_owned(),
                dimensions: vec![len, height, width],
            });
        }
        // Before the count, so that swapped files are not reported as a wrong count.
        let Some(numbers) = labels.view().labels() else {
            return Err(Error::NotLabels {
                path: labels.path().to_owned(),
                element_type: labels.header().element_type(),
                dimensions: labels.header().dimensions().to_vec(),
            });
        };
        if numbers.len() != len {
            return Err(Error::LabelCount {
                images: images.path().to_owned(),
                labels: labels.path().to_owned(),
                expected: len,
                found: numbers.len(),
            });
        }
        let labels = match labels.view().as_u8() {
            Ok(_) => labels,
            Err(_) => {
                let classes = numbers.enumerate().map(|(index, found)| {
                    u8::try_from(found).map_err(|_| Error::LabelRange {
                        path: labels.path().to_owned(),
                        index,
                        found,
                    })
                });
                let classes = classes.collect::<Result<_, _>>()?;
                IdxFile::from_elements(labels.path(), &[len], classes)?
            }
        };
        let largest = labels.view().bytes().iter().max();
        Ok(Dataset {
            classes: largest.map_or(0, |&label| usize::from(label) + 1),
            images,
            labels,
        })
    }

    /// Makes a data set of pixels, `[labels.len(), height, width]`, and labels. Errors call both
    /// by `name`.
    ///
    /// # Errors
    ///
    /// [`Error::File`] with [`FormatError::ElementCount`](crate::FormatError::ElementCount) unless
    /// there are labels.len() · height · width pixels, and [`Error::NoPixels`].
    pub fn from_parts(
        name: impl AsRef<Path>,
        height: usize,
        width: usize,
        pixels: Vec<u8>,
        labels: Vec<u8>,
    ) -> Result<Dataset, Error> {
        let name = name.as_ref();
        let count = labels.len();
        Dataset::new(
            IdxFile::from_elements(name, &[count, height, width], pixels)?,
            IdxFile::from_elements(name, &[count], labels)?,
        )
    }

    /// The pixels of all images, 0 to 255: `[len, height, width]`, row by row. Borrowed from the
    /// map if the file is mapped and the images are not transposed.
    pub fn images(&self) -> &[u8] {
        self.images.view().bytes()
    }

    /// The labels: `[len]`, each below [`classes`](Self::classes). Borrowed from the map if the
    /// file is mapped and holds bytes.
    pub fn labels(&self) -> &[u8] {
        self.labels.view().bytes()
    }

    /// The pixels of one image: `[height, width]`, row by row; `None` if `index` is not below
    /// [`len`](Self::len).
    pub fn image(&self, index: usize) -> Option<&[u8]> {
        self.images().chunks_exact(self.pixels()).nth(index)
    }

    /// All images in order, each with its label.
    pub fn iter(&self) -> LabelledImages<'_> {
        let images = self.images().chunks_exact(self.pixels());
        images.zip(self.labels().iter().copied())
    }

    /// Number of images, at least 1.
    #[allow(clippy::len_without_is_empty, reason = "there is no empty data set")]
    pub fn len(&self) -> usize {
        self.dimension(0)
    }

    /// Rows of an image, at least 1.
    pub fn height(&self) -> usize {
        self.dimension(1)
    }

    /// Columns of an image, at least 1.
    pub fn width(&self) -> usize {
        self.dimension(2)
    }

    /// Pixels of an image: height · width.
    pub fn pixels(&self) -> usize {
        self.height() * self.width()
    }

    /// The largest label + 1. Some classes may have no image: EMNIST's letters begin at 1.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The file of images; see [`IdxFile::path`].
    pub fn images_path(&self) -> &Path {
        self.images.path()
    }

    /// The file of labels; see [`IdxFile::path`].
    pub fn labels_path(&self) -> &Path {
        self.labels.path()
    }

    /// The same labels with other images, `[len, height, width]`. Errors call them by the path of
    /// the images before.
    ///
    /// # Errors
    ///
    /// [`Error::File`] with [`FormatError::ElementCount`](crate::FormatError::ElementCount) unless
    /// there are len · height · width pixels, and [`Error::NoPixels`].
    pub fn with_images(
        self,
        height: usize,
        width: usize,
        pixels: Vec<u8>,
    ) -> Result<Dataset, Error> {
        let size = [self.len(), height, width];
        let images = IdxFile::from_elements(self.images_path(), &size, pixels)?;
        Dataset::new(images, self.labels)
    }

    /// Exchanges the rows and the columns of every image. EMNIST needs this: its images are stored
    /// column by column. The images are copied once.
    pub fn transpose(self) -> Dataset {
        let (height, width) = (self.height(), self.width());
        let mut transposed = vec![0; self.images().len()];
        for ((image, _), to) in self.iter().zip(transposed.chunks_exact_mut(height * width)) {
            for (x, column) in to.chunks_exact_mut(height).enumerate() {
                for (y, pixel) in column.iter_mut().enumerate() {
                    *pixel = image[y * width + x];
                }
            }
        }
        let transposed = self.with_images(width, height, transposed);
        transposed.expect("there are as many pixels as before")
    }

    fn dimension(&self, index: usize) -> usize {
        self.images.header().dimensions()[index]
    }
}

impl<'a> IntoIterator for &'a Dataset {
    type Item = (&'a [u8], u8);
    type IntoIter = LabelledImages<'a>;

    fn into_iter(self) -> LabelledImages<'a> {
        self.iter()
    }
}

impl SplitFiles {
    /// Reads both files of the split into memory.
    ///
    /// # Errors
    ///
    /// Those of [`IdxFile::read`] and [`Dataset::new`].
    pub fn read(&self) -> Result<Dataset, Error> {
        Dataset::new(IdxFile::read(&self.images)?, IdxFile::read(&self.labels)?)
    }
}
