//! What can be wrong with what the caller hands over: one variant each.

use crate::Kernel;

/// An input that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A network needs at least two classes, and labels of one byte name at most 256.
    #[error("a network has 2 to 256 classes, not {classes}")]
    Classes {
        /// The class count asked for.
        classes: usize,
    },
    /// Images have at least one pixel, and there are at most 2²⁸ weights: see
    /// [`Shape::new`](crate::Shape::new).
    #[error(
        "images of {pixels} pixels can't be told into {classes} classes: a network takes at least 1 pixel and has at most 2²⁸ weights (26 million pixels for up to 10 classes, fewer for more): take smaller images"
    )]
    Pixels {
        /// The class count asked for.
        classes: usize,
        /// The pixels per image asked for.
        pixels: usize,
    },
    /// Weights or biases of another count than the shape says.
    #[error("a network of this shape has {expected} {what}, not {found}")]
    Count {
        /// `"weights"` or `"biases"`.
        what: &'static str,
        /// How many the shape asks for.
        expected: usize,
        /// How many were given.
        found: usize,
    },
    /// A bias outside of ±[`BIAS_LIMIT`](crate::BIAS_LIMIT).
    #[error("bias {class} is {bias}, outside of ±{limit}", limit = crate::BIAS_LIMIT)]
    Bias {
        /// The class of the bias.
        class: usize,
        /// The bias, in units of 1/255.
        bias: i32,
    },
    /// Images of another size than the network's.
    #[error(
        "the network takes images of {expected} pixels: {images} of them are {} bytes, but there are {bytes} bytes{}",
        *.expected as u128 * *.images as u128,
        per_image(*.bytes, *.images)
    )]
    ImageSize {
        /// The network's pixels per image.
        expected: usize,
        /// How many images there should be: the number of labels, or 1.
        images: usize,
        /// The bytes that were given.
        bytes: usize,
    },
    /// A label that is not a class of the network.
    #[error("label {label} (of image {image}, counted from 0) is not a class of the network, which has {classes} (0 to {})", .classes - 1)]
    Label {
        /// The image's index, from 0.
        image: usize,
        /// The label.
        label: u8,
        /// The network's class count.
        classes: usize,
    },
    /// Images without pixels.
    #[error("images of {size} pixels are empty")]
    EmptySize {
        /// The size of the images.
        size: crate::Size,
    },
    /// Bytes that are not whole images.
    #[error("{bytes} bytes are not whole images of {size} pixels")]
    NotImages {
        /// The size of an image.
        size: crate::Size,
        /// The bytes that were given.
        bytes: usize,
    },
}

/// A name that is not that of a [`Kernel`] of this processor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KernelError {
    /// No processor has a kernel of this name.
    #[error("there is no kernel {name:?}; this processor can run {}", available())]
    Unknown {
        /// The name that was asked for.
        name: String,
    },
    /// There is such a kernel, but this processor lacks its instructions.
    #[error(
        "this processor cannot run the kernel {name:?}; it can run {}",
        available()
    )]
    Absent {
        /// The kernel's name.
        name: &'static str,
    },
}

/// The names of this processor's kernels.
fn available() -> String {
    let names: Vec<&str> = Kernel::available().map(Kernel::name).collect();
    names.join(", ")
}

/// " (n pixels an image)", where the bytes are whole images at all.
fn per_image(bytes: usize, images: usize) -> String {
    match bytes.checked_rem(images) {
        Some(0) => format!(" ({} pixels an image)", bytes / images),
        _ => String::new(),
    }
}
