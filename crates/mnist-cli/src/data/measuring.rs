//! How the images of a data set look, measured on some of them.

use mnist_kernel::Size;

use super::preparation::{Centre, Form, Preparation};

/// So many images are measured at most: groups of neighbours, spread evenly over the data set, for
/// it may be sorted by class, or its classes may take turns.
const GROUPS: usize = 16;
const GROUP: usize = 8;

/// What has a smaller range of grey levels than this is no ordinary picture.
const WIDE: u8 = 128;

impl Preparation {
    /// Measures how images, `[count, height, width]`, look.
    ///
    /// Paper is what their borders are made of, and ink is the grey level that is farthest from it.
    /// They have a form if at least three quarters of them have it.
    pub fn of(images: &[u8], size: Size) -> Self {
        let images = sample(images, size.pixels());
        let least = images.iter().copied().fold(u8::MAX, u8::min);
        let most = images.iter().copied().fold(0, u8::max);
        let border = border_median(&images, size);
        // As `Ink::of` decides, which would look for the border's median again.
        let sum: u64 = images.iter().map(|&pixel| u64::from(pixel)).sum();
        let dark = sum < u64::from(border) * images.len() as u64;
        let mut look = Self {
            paper: border,
            ink: if dark { least } else { most },
            form: Form::Resized { plain: true },
        };
        let extents = images.chunks_exact(size.pixels());
        let extents = extents.filter_map(|image| Extent::of(image, size, look));
        let extents: Vec<Extent> = extents.collect();
        let all = images.len() / size.pixels();
        let is_common = |form: &Form| {
            let fitting = extents.iter().filter(|extent| extent.has(*form, size));
            4 * fitting.count() >= 3 * all
        };
        let mnist = Form::mnist(size);
        let exact = extents.iter().filter(|extent| extent.is_exactly(mnist));
        let forms = match 4 * exact.count() >= 3 * all {
            true => [Some(mnist), None],
            false => [stretched, fitted].map(|of| of(&extents)),
        };
        if let Some(form) = forms.into_iter().flatten().find(is_common)
            && !(form.fills(size) && is_shaded(&images, size, look))
        {
            look.form = form;
            return look;
        }
        // The whole range is the pictures', with its ends for paper and ink.
        let (least, most) = match most - least < WIDE {
            true => (least, most),
            false => (0, 255),
        };
        (look.paper, look.ink) = if dark { (most, least) } else { (least, most) };
        let plain = border.abs_diff(look.paper) <= look.contrast() / 16;
        look.form = Form::Resized { plain };
        look
    }

    /// Whether an image of this size looks as was measured.
    pub fn is_of(self, image: &[u8], size: Size) -> bool {
        if self.contrast() < WIDE {
            // No other picture is so dim.
            let range = self.paper.min(self.ink)..=self.paper.max(self.ink);
            return image.iter().all(|pixel| range.contains(pixel));
        }
        match self.form {
            Form::Resized { .. } => false,
            // Nothing tells its paper from its ink: it is as likely as any that it is the set's own.
            form if form.fills(size) => true,
            form => {
                let paper = border_median(image, size);
                paper.abs_diff(self.paper) <= self.contrast() / 16
                    && Extent::of(image, size, self).is_some_and(|e| e.has(form, size))
            }
        }
    }

    /// The least difference from paper that is ink; grain and soft edges differ by less.
    fn least(self) -> u8 {
        (self.contrast() / 4).max(1)
    }
}

impl Form {
    /// Whether ink of this form reaches from one border of images of this size to the other.
    pub fn fills(self, image: Size) -> bool {
        match self {
            Form::Normalized { fills } => fills,
            Form::Fitted { side, .. } => side >= image.height.min(image.width),
            Form::Stretched { size, .. } => size == [image.height, image.width],
            Form::Resized { .. } => false,
        }
    }
}

/// The images that are measured.
fn sample(images: &[u8], pixels: usize) -> Vec<u8> {
    let count = images.len() / pixels;
    if count <= GROUPS * GROUP {
        return images.to_vec();
    }
    let mut sample = Vec::with_capacity(GROUPS * GROUP * pixels);
    for group in 0..GROUPS {
        let first = group * (count - GROUP) / (GROUPS - 1);
        sample.extend_from_slice(&images[first * pixels..][..GROUP * pixels]);
    }
    sample
}

/// The median of the pixels at the borders of images.
pub fn border_median(images: &[u8], size: Size) -> u8 {
    let Size { height, width } = size;
    let mut counts = [0; 256];
    let mut count = |pixel: u8| counts[usize::from(pixel)] += 1;
    for (at, row) in images.chunks_exact(width).enumerate() {
        match at % height {
            y if y == 0 || y == height - 1 => row.iter().copied().for_each(&mut count),
            _ => {
                let ends = row.iter().step_by((width - 1).max(1));
                ends.copied().for_each(&mut count);
            }
        }
    }
    let all: u64 = counts.iter().sum();
    let mut below = 0;
    let is_median = |&count: &u64| {
        below += count;
        2 * below >= all
    };
    counts.iter().position(is_median).unwrap_or(0) as u8
}

/// The mass of pixels in rows of this width, and its moments down and across.
pub fn moments(pixels: &[u8], width: usize) -> (i64, [i64; 2]) {
    let (mut mass, mut down, mut across) = (0, 0, 0);
    for (y, row) in (0..).zip(pixels.chunks_exact(width)) {
        for (x, &pixel) in (0..).zip(row) {
            let pixel = i64::from(pixel);
            mass += pixel;
            down += y * pixel;
            across += x * pixel;
        }
    }
    (mass, [down, across])
}

/// The box of all pixels of at least this level, in rows of this width: where it begins and how large
/// it is, each down and across. None if there are no such pixels.
pub fn bounds(pixels: &[u8], width: usize, least: u8) -> Option<[[usize; 2]; 2]> {
    let (mut first, mut end) = ([usize::MAX; 2], [0; 2]);
    for (y, row) in pixels.chunks_exact(width).enumerate() {
        for (x, _) in row.iter().enumerate().filter(|(_, pixel)| **pixel >= least) {
            first = [first[0].min(y), first[1].min(x)];
            end = [y + 1, end[1].max(x + 1)];
        }
    }
    let size = |axis: usize| end[axis].checked_sub(first[axis]);
    Some([first, [size(0)?, size(1)?]])
}

/// Where the ink of an image is: down, and across.
struct Extent {
    /// The first row and column with ink.
    first: [usize; 2],
    /// How many rows and columns its bounding box has.
    size: [usize; 2],
    /// Its centre of mass, in 1/4 pixels.
    mass: [i64; 2],
}

impl Extent {
    /// None if there is no ink.
    fn of(image: &[u8], size: Size, look: Preparation) -> Option<Self> {
        let darkness: Vec<u8> = image.iter().map(|&pixel| look.darkness(pixel)).collect();
        let [first, sides] = bounds(&darkness, size.width, look.least())?;
        let (mass, moments) = moments(&darkness, size.width);
        Some(Self {
            first,
            size: sides,
            mass: moments.map(|moment| nearest(4 * moment, mass)),
        })
    }

    /// The larger side.
    fn side(&self) -> usize {
        self.size[0].max(self.size[1])
    }

    fn centre(&self, of: Centre) -> [i64; 2] {
        match of {
            Centre::Mass => self.mass,
            Centre::Box => {
                [0, 1].map(|axis| (4 * self.first[axis] + 2 * self.size[axis]) as i64 - 2)
            }
        }
    }

    /// Whether its side and its centre are those of a form, up to half a pixel: of things that are
    /// all as high as wide it tells that they were fitted, and not stretched.
    fn is_exactly(&self, form: Form) -> bool {
        let Form::Fitted { side, centre, at } = form else {
            return false;
        };
        let near = |distance: u64| distance <= 2;
        self.side() == side && distances(self.centre(centre), at).into_iter().all(near)
    }

    /// Whether the ink of an image of this size has this form, nearly.
    fn has(&self, form: Form, image: Size) -> bool {
        match form {
            Form::Fitted { side, centre, at } => {
                let [down, across] = distances(self.centre(centre), at);
                self.side().abs_diff(side) <= (side / 16).max(1)
                    && down <= (image.height / 10).max(3) as u64
                    && across <= (image.width / 10).max(3) as u64
            }
            Form::Stretched { at, size } => (0..2).all(|axis| {
                let near = |found: usize, wanted: usize| found.abs_diff(wanted) <= size[axis] / 9;
                let last = |first: [usize; 2], size: [usize; 2]| first[axis] + size[axis];
                near(self.first[axis], at[axis])
                    && near(last(self.first, self.size), last(at, size))
            }),
            Form::Normalized { .. } | Form::Resized { .. } => true,
        }
    }
}

fn distances(left: [i64; 2], right: [i64; 2]) -> [u64; 2] {
    [0, 1].map(|axis| left[axis].abs_diff(right[axis]))
}

/// A quotient, rounded.
fn nearest(dividend: i64, divisor: i64) -> i64 {
    (2 * dividend + divisor).div_euclid(2 * divisor)
}

fn median(values: impl Iterator<Item = usize>) -> Option<usize> {
    let mut values: Vec<usize> = values.collect();
    let middle = values.len().checked_sub(1)? / 2;
    Some(*values.select_nth_unstable(middle).1)
}

/// The box that the ink is stretched to, if it is.
fn stretched(extents: &[Extent]) -> Option<Form> {
    let of = |value: fn(&Extent) -> usize| median(extents.iter().map(value));
    Some(Form::Stretched {
        at: [of(|extent| extent.first[0])?, of(|extent| extent.first[1])?],
        size: [of(|extent| extent.size[0])?, of(|extent| extent.size[1])?],
    })
}

/// The larger side of the ink, and of its centres the one that is more often at one place.
fn fitted(extents: &[Extent]) -> Option<Form> {
    let side = median(extents.iter().map(Extent::side))?;
    let centres = [Centre::Mass, Centre::Box].map(|centre| {
        let centres = || extents.iter().map(|extent| extent.centre(centre));
        let mean = |axis: usize| {
            let sum: i64 = centres().map(|centre| centre[axis]).sum();
            nearest(sum, extents.len() as i64)
        };
        let at = [mean(0), mean(1)];
        let spread: u64 = centres().flat_map(|centre| distances(centre, at)).sum();
        (spread, Form::Fitted { side, centre, at })
    });
    let [(by_mass, mass), (by_box, of_box)] = centres;
    Some(if by_mass <= by_box { mass } else { of_box })
}

/// Whether what is in the images is not drawn with a pen, which leaves full ink inside of its
/// strokes, but has shades: of the pixels whose neighbours are ink, a third is not.
fn is_shaded(images: &[u8], size: Size, look: Preparation) -> bool {
    let (mut full, mut all) = (0, 0);
    for image in images.chunks_exact(size.pixels()) {
        let ink: Vec<bool> = image
            .iter()
            .map(|&p| look.darkness(p) >= look.least())
            .collect();
        for y in 1..size.height.saturating_sub(1) {
            for x in 1..size.width.saturating_sub(1) {
                let at = y * size.width + x;
                if [at, at - 1, at + 1, at - size.width, at + size.width]
                    .iter()
                    .all(|&at| ink[at])
                {
                    all += 1;
                    full += usize::from(look.darkness(image[at]) >= look.contrast() / 4 * 3);
                }
            }
        }
    }
    // Where pixels are large, strokes have no inside.
    all > images.len() / size.pixels() && 3 * full < 2 * all
}
