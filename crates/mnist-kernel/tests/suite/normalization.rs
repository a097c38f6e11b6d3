//! Normalized images: against the formulas in `f64`, by what must not change them, and by their
//! recorded hash.

use mnist_kernel::{Error, Ink, Size, normalize};
use proptest::prelude::*;
use rand::rngs::ChaCha8Rng;
use rand::{Rng, SeedableRng};
use rayon::ThreadPoolBuilder;
use sha2::{Digest, Sha256};

use crate::digits::{PIXELS, TEST, TRAIN};
use crate::random::config;

const DIGIT: Size = size(28, 28);

const fn size(height: usize, width: usize) -> Size {
    Size { height, width }
}

/// Images of MNIST's size.
fn normalized(images: &[u8], from: Size) -> Vec<u8> {
    normalize(images, from, Ink::Light, DIGIT).unwrap()
}

/// Mean, standard deviation and slant of the ink: the definitions, in `f64`.
struct Ellipse {
    mean: [f64; 2],
    deviation: [f64; 2],
    slant: f64,
    skew: [f64; 2],
}

/// The sum of `value(y, x)` over all pixels, weighted by them.
fn sum(image: &[u8], size: Size, value: impl Fn(f64, f64) -> f64) -> f64 {
    let pixels = image.iter().enumerate();
    let terms = pixels.map(|(i, &pixel)| {
        f64::from(pixel) * value((i / size.width) as f64, (i % size.width) as f64)
    });
    terms.sum()
}

impl Ellipse {
    fn of(image: &[u8], size: Size) -> Option<Self> {
        let total = sum(image, size, |_, _| 1.0);
        if total == 0.0 {
            return None;
        }
        let mean = |value: &dyn Fn(f64, f64) -> f64| sum(image, size, value) / total;
        let (m_y, m_x) = (mean(&|y, _| y), mean(&|_, x| x));
        let v_yy = mean(&|y, _| (y - m_y).powi(2)).max(0.25);
        let v_yx = mean(&|y, x| (y - m_y) * (x - m_x));
        let slant = v_yx / v_yy;
        let e = |y: f64, x: f64| (x - m_x) - slant * (y - m_y);
        let v_e = mean(&|y, x| e(y, x).powi(2)).max(0.25);
        let k_y = mean(&|y, _| (y - m_y).powi(3)) / v_yy.powf(1.5);
        let k_e = mean(&|y, x| e(y, x).powi(3)) / v_e.powf(1.5);
        Some(Self {
            mean: [m_y, m_x],
            deviation: [v_yy.sqrt(), v_e.sqrt()],
            slant,
            skew: [k_y, k_e],
        })
    }
}

/// The normalized image by the formulas as the papers have them, before it is rounded.
fn reference(image: &[u8], from: Size, to: Size) -> Vec<f64> {
    let Some(ink) = Ellipse::of(image, from) else {
        return vec![0.0; to.pixels()];
    };
    let lengths = [to.height as f64, to.width as f64];
    let deviations = [5.5 / 28.0 * lengths[0], 4.0 / 28.0 * lengths[1]];
    // Along an axis, from the means, the positions of the samples of a pixel of the output.
    let positions = |axis: usize, pixel: usize| -> Vec<f64> {
        let (s, k) = (deviations[axis], ink.skew[axis]);
        let scale = ink.deviation[axis] / s;
        let samples = (0..)
            .map(|bits| 1 << bits)
            .find(|&samples| scale <= 1.5 * f64::from(samples));
        let samples = samples.unwrap();
        let position = |sample: i32| {
            let within = (f64::from(sample) + 0.5) / f64::from(samples) - 0.5;
            let mut u = pixel as f64 + within - (lengths[axis] - 1.0) / 2.0;
            // The parabola turns where its slope 1 + 0.4·k·u/s is 0.
            if 1.0 + 0.4 * k * u / s < 0.0 {
                u = -s / (0.4 * k);
            }
            scale * (u + 0.5 * 0.4 * k * (u * u / s - s))
        };
        (0..samples).map(position).collect()
    };
    let pixel = |y: f64, x: f64| {
        let inside = y >= 0.0 && y < from.height as f64 && x >= 0.0 && x < from.width as f64;
        let at = || f64::from(image[y as usize * from.width + x as usize]);
        if inside { at() } else { 0.0 }
    };
    let bilinear = |y: f64, x: f64| {
        let (top, left) = (y.floor(), x.floor());
        let (b, a) = (y - top, x - left);
        let above = (1.0 - a) * pixel(top, left) + a * pixel(top, left + 1.0);
        let below = (1.0 - a) * pixel(top + 1.0, left) + a * pixel(top + 1.0, left + 1.0);
        (1.0 - b) * above + b * below
    };
    let mut output = Vec::with_capacity(to.pixels());
    for u in 0..to.height {
        for v in 0..to.width {
            let (rows, columns) = (positions(0, u), positions(1, v));
            let mut sum = 0.0;
            for y in &rows {
                for x in &columns {
                    sum += bilinear(ink.mean[0] + y, ink.mean[1] + x + ink.slant * y);
                }
            }
            output.push(sum / (rows.len() * columns.len()) as f64);
        }
    }
    output
}

fn assert_is_the_reference(image: &[u8], from: Size, to: Size) {
    let ours = normalize(image, from, Ink::Light, to).unwrap();
    let reference = reference(image, from, to);
    for (i, (&ours, reference)) in ours.iter().zip(reference).enumerate() {
        let error = (f64::from(ours) - reference).abs();
        // Half a grey level of rounding, and positions in 1/256 pixels.
        assert!(
            error <= 2.0,
            "{from} to {to}: pixel {i} is {ours}, not {reference}"
        );
    }
}

#[test]
fn normalized_digits_are_the_formulas() {
    for image in TEST.images.chunks_exact(PIXELS).take(300) {
        assert_is_the_reference(image, DIGIT, DIGIT);
    }
}

/// A picture of random pixels, or of few of them, in a corner of its frame.
fn random_picture(size: Size, sparse: bool, seed: u64) -> Vec<u8> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut pixels = vec![0; size.pixels()];
    rng.fill_bytes(&mut pixels);
    for pixel in &mut pixels {
        if sparse && rng.next_u32() % 16 > 0 {
            *pixel = 0;
        }
    }
    pixels
}

fn sizes(largest: usize) -> impl Strategy<Value = Size> {
    (1..=largest, 1..=largest).prop_map(|(height, width)| size(height, width))
}

proptest! {
    #![proptest_config(config(200))]

    #[test]
    fn pictures_of_any_size_are_the_formulas(
        from in sizes(90), to in sizes(40), sparse: bool, seed: u64,
    ) {
        assert_is_the_reference(&random_picture(from, sparse, seed), from, to);
    }

    #[test]
    fn it_does_not_matter_where_the_ink_is(
        ink in sizes(70), margin in sizes(70), to in sizes(40), sparse: bool, seed: u64,
    ) {
        let picture = random_picture(ink, sparse, seed);
        let frame = size(ink.height + margin.height, ink.width + margin.width);
        let at = |top: usize, left: usize| {
            let mut framed = vec![0; frame.pixels()];
            for (y, row) in picture.chunks_exact(ink.width).enumerate() {
                framed[(top + y) * frame.width + left..][..ink.width].copy_from_slice(row);
            }
            normalize(&framed, frame, Ink::Light, to).unwrap()
        };
        let alone = normalize(&picture, ink, Ink::Light, to).unwrap();
        prop_assert_eq!(&at(0, 0), &alone);
        prop_assert_eq!(&at(margin.height, margin.width), &alone);
        prop_assert_eq!(&at(margin.height / 2, margin.width / 3), &alone);
    }

    #[test]
    fn dark_ink_gives_the_same_as_light_ink(
        from in sizes(70), to in sizes(40), seed: u64,
    ) {
        let light = random_picture(from, true, seed);
        let dark: Vec<u8> = light.iter().map(|pixel| 255 - pixel).collect();
        prop_assert_eq!(
            normalize(&light, from, Ink::Light, to),
            normalize(&dark, from, Ink::Dark, to)
        );
    }
}

/// The picture with each pixel `times` as high and wide, every row moved to the right by `slant`
/// of its distance from the bottom.
fn enlarged(image: &[u8], times: [usize; 2], slant: f64) -> (Vec<u8>, Size) {
    let height = 28 * times[0];
    let width = 28 * times[1] + height;
    let mut picture = vec![0; height * width];
    for (y, row) in picture.chunks_exact_mut(width).enumerate() {
        let left = (slant * (height - y) as f64) as usize;
        for x in 0..28 * times[1] {
            row[left + x] = image[y / times[0] * 28 + x / times[1]];
        }
    }
    (picture, size(height, width))
}

/// The difference of two images, as a share of the ink of one.
fn difference(left: &[u8], right: &[u8]) -> f64 {
    let pixels = left.iter().zip(right);
    let difference: u32 = pixels.map(|(&l, &r)| u32::from(l.abs_diff(r))).sum();
    let ink: u32 = left.iter().map(|&pixel| u32::from(pixel)).sum();
    f64::from(difference) / f64::from(ink)
}

#[test]
fn size_proportions_and_slant_hardly_matter() {
    let cases = [
        ([3, 3], 0.0),
        ([10, 10], 0.0),
        ([20, 9], 0.0),
        ([7, 7], 0.35),
        ([5, 9], 1.0),
    ];
    let mut sum = 0.0;
    for image in TEST.images.chunks_exact(PIXELS).take(40) {
        let small = normalized(image, DIGIT);
        for (times, slant) in cases {
            let (picture, size) = enlarged(image, times, slant);
            // The enlarged pixels have corners, which the small picture's do not.
            let difference = difference(&small, &normalized(&picture, size));
            assert!(difference < 0.25, "{times:?}, slant {slant}: {difference}");
            sum += difference;
        }
    }
    let mean = sum / (40 * cases.len()) as f64;
    assert!(mean < 0.07, "{mean}");
}

#[test]
fn a_picture_of_16_megapixels_is_the_digit_that_it_shows() {
    let image = &TEST.images[..PIXELS];
    let (picture, size) = enlarged(image, [100, 100], 0.0);
    assert_eq!(size.pixels(), 2800 * 5600);
    let difference = difference(&normalized(image, DIGIT), &normalized(&picture, size));
    assert!(difference < 0.12, "{difference}");
}

#[test]
fn normalized_digits_have_the_place_size_and_slant_that_are_documented() {
    // The correction of skew and what is cut off at the edges move them a little.
    let mut sums = [0.0; 5];
    for image in normalized(&TEST.images, DIGIT).chunks_exact(PIXELS) {
        let ink = Ellipse::of(image, DIGIT).unwrap();
        let errors = [
            ink.mean[0] - 13.5,
            ink.mean[1] - 13.5,
            ink.deviation[0] - 5.5,
            ink.deviation[1] - 4.0,
            ink.slant,
        ];
        for ((sum, error), most) in sums.iter_mut().zip(errors).zip([5.0, 5.0, 2.0, 2.0, 1.0]) {
            assert!(error.abs() < most, "{errors:?}");
            *sum += error.abs();
        }
    }
    let means = sums.map(|sum| sum / 10_000.0);
    assert!(
        means
            .iter()
            .zip([0.6, 0.5, 0.2, 0.2, 0.1])
            .all(|(mean, most)| *mean < most),
        "{means:?}"
    );
}

#[test]
fn all_normalized_digits_are_the_recorded_ones() {
    let mut hash = Sha256::new();
    for images in [&TRAIN.images, &TEST.images] {
        hash.update(normalized(images, DIGIT));
    }
    let hash = hash.finalize();
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(
        hash,
        "350fbc5ef87ac5eae108726c19245790fea63f7e8c77e115b19c9856a7704d47"
    );
}

#[test]
fn neither_the_threads_nor_the_other_images_matter() {
    let (images, _) = TEST.first(1000);
    let all = normalized(images, DIGIT);
    let one_by_one = images
        .chunks_exact(PIXELS)
        .flat_map(|image| normalized(image, DIGIT));
    assert_eq!(one_by_one.collect::<Vec<_>>(), all);
    for threads in [1, 2, 5] {
        let pool = ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        assert_eq!(
            pool.install(|| normalized(images, DIGIT)),
            all,
            "{threads} threads"
        );
    }
}

#[test]
fn images_without_ink_stay_empty() {
    for from in [size(1, 1), DIGIT, size(1, 1000), size(300, 200)] {
        assert_eq!(normalized(&vec![0; from.pixels()], from), [0; PIXELS]);
        let white = vec![255; from.pixels()];
        assert_eq!(
            normalize(&white, from, Ink::Dark, DIGIT).unwrap(),
            [0; PIXELS]
        );
    }
    // Beside an image with ink, too, whose scratch memory they share.
    let mut images = vec![0; 3 * PIXELS];
    images[PIXELS..2 * PIXELS].copy_from_slice(&TEST.images[..PIXELS]);
    let images = normalized(&images, DIGIT);
    assert_eq!(images[..PIXELS], [0; PIXELS]);
    assert_eq!(
        images[PIXELS..2 * PIXELS],
        normalized(&TEST.images[..PIXELS], DIGIT)
    );
    assert_eq!(images[2 * PIXELS..], [0; PIXELS]);
}

#[test]
fn the_least_ink_is_a_spot_in_the_middle() {
    for from in [size(1, 1), size(2, 3), DIGIT, size(1, 1000), size(1000, 1)] {
        for (pixel, ink) in [(0, 255), (from.pixels() - 1, 200), (from.pixels() / 2, 1)] {
            let mut image = vec![0; from.pixels()];
            image[pixel] = ink;
            let image = normalized(&image, from);
            let mirrored: Vec<u8> = image.iter().rev().copied().collect();
            assert!(difference(&image, &mirrored) < 0.02, "{from}");
            let middle = image[14 * 28 + 14];
            assert_eq!(image.iter().max(), Some(&middle), "{from}");
            assert!(middle.abs_diff(ink) <= ink / 8, "{from}: {middle}");
            for corner in [0, 27, 27 * 28, PIXELS - 1] {
                assert_eq!(image[corner], 0, "{from}");
            }
        }
    }
}

/// In how many rows and columns of the normalized image there is ink.
fn extent(image: &[u8], from: Size) -> (usize, usize) {
    let image = normalized(image, from);
    let ink = |y: usize, x: usize| image[y * 28 + x] > 127;
    let row = |&y: &usize| (0..28).any(|x| ink(y, x));
    let column = |&x: &usize| (0..28).any(|y| ink(y, x));
    ((0..28).filter(row).count(), (0..28).filter(column).count())
}

#[test]
fn rows_columns_and_full_images_have_the_deviation_of_their_length() {
    for from in [DIGIT, size(28, 500), size(500, 28), size(101, 103)] {
        let drawn = |is_ink: &dyn Fn(usize, usize) -> bool| -> Vec<u8> {
            let pixels = (0..from.pixels()).map(|i| is_ink(i / from.width, i % from.width));
            pixels.map(|ink| if ink { 255 } else { 0 }).collect()
        };
        // Something even has √12 times its deviation: 19.05 high, 13.9 wide. What has no width is
        // as wide as something with a deviation of half a pixel.
        assert_eq!(extent(&drawn(&|y, _| y == 5), from), (12, 14), "{from}");
        let (height, width) = extent(&drawn(&|_, x| x == 5), from);
        assert!(
            (18..=20).contains(&height) && width == 8,
            "{from}: {height} × {width}"
        );
        assert_eq!(extent(&vec![255; from.pixels()], from), (20, 14), "{from}");
    }
    assert_eq!(extent(&[255; 1000], size(1, 1000)), (12, 14));
    assert_eq!(extent(&[255; 1000], size(1000, 1)), (18, 8));
    assert_eq!(extent(&[255], size(1, 1)), (10, 8));
}

#[test]
fn the_moments_of_a_million_pixels_in_a_line_do_not_overflow() {
    let line = vec![255; 1 << 20];
    assert_eq!(extent(&line, size(1, 1 << 20)), (12, 14));
    assert_eq!(extent(&line, size(1 << 20, 1)), (18, 8));
}

#[test]
fn networks_of_any_size_get_images_of_theirs() {
    let image = &TEST.images[..PIXELS];
    for to in [
        size(1, 1),
        size(1, 28),
        size(7, 1),
        size(32, 32),
        size(14, 56),
    ] {
        let image = normalize(image, DIGIT, Ink::Light, to).unwrap();
        assert_eq!(image.len(), to.pixels());
        assert!(image.iter().any(|&pixel| pixel > 0), "{to}");
    }
}

#[test]
fn what_are_no_images_is_an_error() {
    for empty in [size(0, 28), size(28, 0), size(0, 0)] {
        let error = Error::EmptySize { size: empty };
        assert_eq!(normalize(&[], empty, Ink::Light, DIGIT), Err(error.clone()));
        assert_eq!(
            normalize(&[0; PIXELS], DIGIT, Ink::Light, empty),
            Err(error.clone())
        );
        assert_eq!(Ink::of(&[], empty), Err(error));
    }
    for (bytes, size) in [(783, DIGIT), (1, size(usize::MAX, 2))] {
        let error = Error::NotImages { size, bytes };
        let images = vec![0; bytes];
        assert_eq!(
            normalize(&images, size, Ink::Light, DIGIT),
            Err(error.clone())
        );
        assert_eq!(Ink::of(&images, size), Err(error));
    }
    assert_eq!(normalize(&[], DIGIT, Ink::Light, DIGIT), Ok(vec![]));
}

#[test]
fn ink_is_what_the_border_is_not() {
    let (digits, _) = TEST.first(200);
    let invert = |images: &[u8]| images.iter().map(|pixel| 255 - pixel).collect::<Vec<_>>();
    assert_eq!(Ink::of(digits, DIGIT), Ok(Ink::Light));
    assert_eq!(Ink::of(&invert(digits), DIGIT), Ok(Ink::Dark));

    // Cut to the middle 20 × 20 pixels, which the digits fill from edge to edge.
    let rows = digits.chunks_exact(28).enumerate();
    let inside = rows.filter(|(y, _)| (4..24).contains(&(y % 28)));
    let filled: Vec<u8> = inside.flat_map(|(_, row)| &row[4..24]).copied().collect();
    assert_eq!(Ink::of(&filled, size(20, 20)), Ok(Ink::Light));
    assert_eq!(Ink::of(&invert(&filled), size(20, 20)), Ok(Ink::Dark));

    // On a background that is neither black nor white, and where most of the image is ink.
    for (background, ink, expected) in [(100, 30, Ink::Dark), (150, 255, Ink::Light)] {
        let mut image = [background; 25];
        for row in image.chunks_exact_mut(5).skip(1).take(3) {
            row[1..4].fill(ink);
        }
        assert_eq!(Ink::of(&image, size(5, 5)), Ok(expected));
    }

    // The border is all four sides: four pixels of it are 0 here, and six 200.
    let image = [0, 0, 0, 0, 200, 0, 0, 200, 200, 200, 200, 200];
    assert_eq!(Ink::of(&image, size(3, 4)), Ok(Ink::Dark));

    // Where there is nothing to tell them apart, it is as in MNIST.
    assert_eq!(Ink::of(&[], DIGIT), Ok(Ink::Light));
    assert_eq!(Ink::of(&[255; PIXELS], DIGIT), Ok(Ink::Light));
}
