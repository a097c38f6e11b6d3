//! Images with a label each.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::{Element, ElementType, Error, IdxFile, Split, SplitFiles};

/// Images and labels that belong together: as many of the one as of the other, every label a
/// class from 0 to 255.
pub struct Dataset {
    images_path: PathBuf,
    labels_path: PathBuf,
    images: Bytes,
    labels: Bytes,
    len: usize,
    height: usize,
    width: usize,
    classes: usize,
}

/// Bytes as they are in a file, or made of it.
enum Bytes {
    File(IdxFile),
    Made(Vec<u8>),
}

impl Bytes {
    fn get(&self) -> &[u8] {
        match self {
            Bytes::File(file) => file.view().bytes(),
            Bytes::Made(bytes) => bytes,
        }
    }
}

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

    /// Puts a file of images and a file of labels together. The pixels are not looked at.
    ///
    /// # Errors
    ///
    /// [`Error::NotImages`], [`Error::NoPixels`], [`Error::NotLabels`], [`Error::LabelCount`],
    /// [`Error::LabelRange`].
    pub fn new(images: IdxFile, labels: IdxFile) -> Result<Dataset, Error> {
        let header = images.header();
        let &[len, height, width] = header.dimensions() else {
            return Err(not_images(&images));
        };
        if header.element_type() != ElementType::U8 {
            return Err(not_images(&images));
        }
        if len == 0 || height == 0 || width == 0 {
            return Err(Error::NoPixels {
                path: images.path().to_owned(),
                dimensions: header.dimensions().to_vec(),
            });
        }
        // What the labels are comes first: swapped files must not be reported as a wrong count.
        let step = label_step(&labels)?;
        let found = labels.view().len();
        let (images_path, labels_path) = (images.path().to_owned(), labels.path().to_owned());
        if found != len {
            return Err(Error::LabelCount {
                images: images_path,
                labels: labels_path,
                expected: len,
                found,
            });
        }
        let labels = label_bytes(labels, step)?;
        let classes = labels
            .get()
            .iter()
            .max()
            .map_or(0, |&label| usize::from(label) + 1);
        let images = Bytes::File(images);
        Ok(Dataset {
            images_path,
            labels_path,
            images,
            labels,
            len,
            height,
            width,
            classes,
        })
    }

    /// The pixels of all images, 0 to 255: `[count, height, width]`, row by row; of
    /// [`len`](Self::len) · [`pixels`](Self::pixels) bytes. Borrowed from the map, if the file is
    /// mapped and the images are not turned.
    pub fn images(&self) -> &[u8] {
        self.images.get()
    }

    /// The labels, one for each image, each below [`classes`](Self::classes). Borrowed from the
    /// map, if the file is mapped and has one byte for each.
    pub fn labels(&self) -> &[u8] {
        self.labels.get()
    }

    /// The pixels of one image: `[height, width]`, row by row; `None` if there are not so many.
    pub fn image(&self, index: usize) -> Option<&[u8]> {
        (index < self.len).then(|| &self.images()[index * self.pixels()..][..self.pixels()])
    }

    /// Number of images, at least 1.
    #[allow(clippy::len_without_is_empty, reason = "there is no empty data set")]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Rows of an image, at least 1.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Columns of an image, at least 1.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Pixels of an image: height · width.
    pub fn pixels(&self) -> usize {
        self.height * self.width
    }

    /// The largest label + 1. Not every class need have an image: EMNIST's letters begin at 1.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The file of images.
    pub fn images_path(&self) -> &Path {
        &self.images_path
    }

    /// The file of labels.
    pub fn labels_path(&self) -> &Path {
        &self.labels_path
    }

    /// The same with rows and columns of every image exchanged, height and width too, as EMNIST
    /// needs: its images are stored column by column. The images are copied once.
    pub fn transpose(self) -> Dataset {
        let (height, width) = (self.height, self.width);
        let mut turned = vec![0; self.images().len()];
        let images = self.images().chunks_exact(self.pixels());
        for (image, turned) in images.zip(turned.chunks_exact_mut(self.pixels())) {
            for (x, column) in turned.chunks_exact_mut(height).enumerate() {
                for (y, pixel) in column.iter_mut().enumerate() {
                    *pixel = image[y * width + x];
                }
            }
        }
        Dataset {
            images: Bytes::Made(turned),
            height: width,
            width: height,
            ..self
        }
    }
}

impl fmt::Debug for Dataset {
    /// All but images and labels, which may be many.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("Dataset")
            .field("images_path", &self.images_path)
            .field("labels_path", &self.labels_path)
            .field("shape", &[self.len, self.height, self.width])
            .field("classes", &self.classes)
            .finish_non_exhaustive()
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

fn not_images(file: &IdxFile) -> Error {
    Error::NotImages {
        path: file.path().to_owned(),
        element_type: file.header().element_type(),
        dimensions: file.header().dimensions().to_vec(),
    }
}

/// How many elements of a file of labels lie between one label and the next.
fn label_step(file: &IdxFile) -> Result<usize, Error> {
    use ElementType::{I8, I16, I32, U8};
    let header = file.header();
    match (header.element_type(), header.dimensions()) {
        (U8 | I8 | I16 | I32, [_]) => Ok(1),
        // QMNIST: the class, then the series, the writer, and more about the image.
        (I32, &[_, columns]) if columns > 0 => Ok(columns),
        (element_type, dimensions) => Err(Error::NotLabels {
            path: file.path().to_owned(),
            element_type,
            dimensions: dimensions.to_vec(),
        }),
    }
}

/// The labels as bytes: those of the file, or else every `step`th element of it, converted.
fn label_bytes(file: IdxFile, step: usize) -> Result<Bytes, Error> {
    Ok(match file.header().element_type() {
        ElementType::U8 => Bytes::File(file),
        ElementType::I8 => Bytes::Made(convert::<i8>(&file, step)?),
        ElementType::I16 => Bytes::Made(convert::<i16>(&file, step)?),
        _ => Bytes::Made(convert::<i32>(&file, step)?),
    })
}

/// Every `step`th element of a file as a byte.
fn convert<T: Element + Into<i64>>(file: &IdxFile, step: usize) -> Result<Vec<u8>, Error> {
    let elements = file
        .view()
        .elements::<T>()
        .map_err(Error::format(file.path(), "read"))?;
    let labels = elements.iter().step_by(step).map(T::into).enumerate();
    labels
        .map(|(index, found): (usize, i64)| {
            u8::try_from(found).map_err(|_| Error::LabelRange {
                path: file.path().to_owned(),
                index,
                found,
            })
        })
        .collect()
}
