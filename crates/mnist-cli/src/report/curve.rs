//! The learning curve: how well the network reads the test images on its way through the first
//! epoch.

use std::iter;

use mnist_idx::Dataset;
use mnist_kernel::{Error, Kernel, Perceptron, Training, evaluate};

/// The curve has about so many points. More classes take longer to evaluate, and have fewer.
fn points(classes: usize) -> usize {
    (400 / classes).clamp(10, 40)
}

/// At most so many test images are read at each point.
const TEST_IMAGES: usize = 10_000;

/// What the first epoch did.
pub struct Curve {
    /// From the random start to the end of the epoch.
    pub points: Vec<Point>,
    /// Images whose answer was wrong when training came to them.
    pub mistakes: u64,
    /// Images that were learned from.
    pub images: u64,
    /// Test images that were read at each point.
    pub test_images: u64,
    /// The average at the end of the epoch.
    pub average: Perceptron,
}

/// The two networks after so many images of the epoch.
pub struct Point {
    pub images: u64,
    /// The test accuracy, 0…1, of the network as it was then.
    pub last: f64,
    /// The test accuracy, 0…1, of the average up to then.
    pub average: f64,
}

impl Curve {
    /// Trains one epoch from `start`, and stops on its way to evaluate.
    pub fn measure(
        start: &Perceptron,
        margin: u16,
        train: &Dataset,
        test: &Dataset,
        kernel: Kernel,
    ) -> Result<Self, Error> {
        let pixels = start.shape().pixels();
        let test_labels = &test.labels()[..test.len().min(TEST_IMAGES)];
        let test_images = &test.images()[..test_labels.len() * pixels];
        let accuracy = |network: &Perceptron| {
            let matrix = evaluate(network, test_images, test_labels, kernel)?;
            Ok::<_, Error>(matrix.accuracy().unwrap_or_default())
        };
        let mut network = start.clone();
        let mut training = Training::new(&mut network, kernel)
            .with_margin(margin)
            .with_average();
        let (mut points, mut mistakes, mut seen) = (Vec::new(), 0, 0);
        let stops = stops(train.len(), self::points(start.shape().classes()));
        let average = loop {
            let average = training.average().expect("an average was asked for");
            points.push(Point {
                images: seen as u64,
                last: accuracy(training.network())?,
                average: accuracy(&average)?,
            });
            let Some(&stop) = stops.get(points.len()) else {
                break average;
            };
            let images = &train.images()[seen * pixels..stop * pixels];
            mistakes += training.pass(images, &train.labels()[seen..stop])?.mistakes;
            seen = stop;
        };
        Ok(Self {
            points,
            mistakes,
            images: train.len() as u64,
            test_images: test_labels.len() as u64,
            average,
        })
    }

    /// The line of the network as it was, as the points of an SVG line.
    pub fn last(&self) -> String {
        self.line(|point| point.last)
    }

    /// The line of the average.
    pub fn average(&self) -> String {
        self.line(|point| point.average)
    }

    fn line(&self, accuracy: impl Fn(&Point) -> f64) -> String {
        let place = |point: &Point| {
            let x = x(&point.images, &self.images);
            let y = 100.0 * (1.0 - accuracy(point));
            format!("{x:.2},{y:.2} ")
        };
        self.points.iter().map(place).collect()
    }
}

/// The accuracies, in per cent, that a plot marks.
pub const PERCENT_TICKS: [u32; 6] = [100, 80, 60, 40, 20, 0];

/// The counts of images at which the accuracy is measured: as far from each other on the plot.
fn stops(images: usize, points: usize) -> Vec<usize> {
    let mut stops: Vec<_> = (0..=points)
        .map(|point| (images * point * point).div_ceil(points * points))
        .collect();
    stops.dedup();
    stops
}

/// How far to the right of a plot a count of images is, in per cent of its width: by its square
/// root, for the accuracy rises most over the first images.
pub fn x(count: &u64, images: &u64) -> f64 {
    100.0 * (*count as f64 / *images.max(&1) as f64).sqrt()
}

/// The counts of images that a plot marks: the first and the last, and the powers of ten between
/// that have room for their figures.
pub fn image_ticks(images: &u64) -> Vec<u64> {
    let powers = (1..).map(|power| 10u64.pow(power));
    let powers = powers.take_while(|power| x(power, images) < 85.0);
    let powers = powers.filter(|power| x(power, images) > 10.0);
    iter::once(0).chain(powers).chain([*images]).collect()
}

#[cfg(test)]
mod tests {
    use mnist_kernel::Shape;

    use super::*;

    #[test]
    fn images_are_marked_at_powers_of_ten_and_at_the_end() {
        assert_eq!(image_ticks(&60_000), [0, 1000, 10_000, 60_000]);
        assert_eq!(image_ticks(&3000), [0, 100, 1000, 3000]);
        assert_eq!(image_ticks(&10_500), [0, 1000, 10_500]);
        assert_eq!(image_ticks(&1), [0, 1]);
    }

    #[test]
    fn the_accuracy_is_measured_at_the_start_at_the_end_and_most_often_in_the_beginning() {
        assert_eq!(stops(3000, 5), [0, 120, 480, 1080, 1920, 3000]);
        assert_eq!(stops(2, 5), [0, 1, 2]);
    }

    #[test]
    fn a_line_goes_from_left_to_right_and_upwards_with_the_accuracy() {
        let point = |images, last| Point {
            images,
            last,
            average: 1.0,
        };
        let curve = Curve {
            points: vec![point(0, 0.0), point(50, 0.5), point(200, 1.0)],
            mistakes: 0,
            images: 200,
            test_images: 1,
            average: Perceptron::random(Shape::new(2, 1).unwrap(), 1),
        };
        assert_eq!(curve.last(), "0.00,100.00 50.00,50.00 100.00,0.00 ");
        assert_eq!(curve.average(), "0.00,0.00 50.00,0.00 100.00,0.00 ");
    }
}
