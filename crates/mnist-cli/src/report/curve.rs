//! The learning curve: how well the network reads the test images on its way through the first
//! pass.

use std::fmt::Write;

use mnist_idx::Dataset;
use mnist_kernel::{Error, Kernel, Perceptron, Training, evaluate};

/// The curve has about so many points: with MNIST one for every 1,000 images. More classes take
/// longer to read, and have fewer points.
fn points(classes: usize) -> usize {
    (600 / classes).clamp(20, 60)
}

/// At most so many test images are read at each point.
const TEST_IMAGES: usize = 10_000;

/// What the first pass did.
pub struct Curve {
    /// In the order of the pass.
    pub points: Vec<Point>,
    /// Images whose answer was wrong when training came to them.
    pub mistakes: u64,
    /// Images that were learned from.
    pub images: u64,
    /// Test images that were read at each point.
    pub test_images: u64,
}

/// The two networks after so many images of the pass.
pub struct Point {
    pub images: u64,
    /// The test accuracy, 0…1, of the network as it was then.
    pub last: f64,
    /// The test accuracy, 0…1, of the average up to then.
    pub average: f64,
}

impl Curve {
    /// Trains one pass from `start`, and stops on its way to evaluate.
    pub fn measure(
        start: &Perceptron,
        margin: u16,
        train: &Dataset,
        test: &Dataset,
        kernel: Kernel,
    ) -> Result<Self, Error> {
        let mut network = start.clone();
        let mut training = Training::new(&mut network, kernel)
            .with_margin(margin)
            .with_average();
        let step = train.len().div_ceil(points(start.shape().classes()));
        let test_images = test.len().min(TEST_IMAGES);
        let accuracy = |network: &Perceptron| {
            let images = &test.images()[..test_images * test.pixels()];
            let matrix = evaluate(network, images, &test.labels()[..test_images], kernel)?;
            Ok::<_, Error>(matrix.accuracy().unwrap_or_default())
        };
        let (mut points, mut mistakes, mut seen) = (Vec::new(), 0, 0);
        let images = train.images().chunks(step * train.pixels());
        for (images, labels) in images.zip(train.labels().chunks(step)) {
            mistakes += training.pass(images, labels)?.mistakes;
            seen += labels.len() as u64;
            let average = training.average().expect("an average was asked for");
            points.push(Point {
                images: seen,
                last: accuracy(training.network())?,
                average: accuracy(&average)?,
            });
        }
        Ok(Self {
            points,
            mistakes,
            images: train.len() as u64,
            test_images: test_images as u64,
        })
    }

    /// The accuracy at the bottom of the plot, in per cent: a multiple of ten. The top is 100.
    pub fn bottom(&self) -> usize {
        let lowest = self
            .points
            .iter()
            .map(|point| point.last.min(point.average));
        (lowest.fold(1.0, f64::min) * 10.0).min(9.0) as usize * 10
    }

    /// The accuracies, in per cent, that the plot marks.
    pub fn percent_ticks(&self) -> impl Iterator<Item = usize> {
        let step = if self.bottom() < 50 { 20 } else { 10 };
        (self.bottom()..=100)
            .rev()
            .filter(move |tick| tick % step == 0)
    }

    /// The counts of images that the plot marks: at most five round numbers.
    pub fn image_ticks(&self) -> impl Iterator<Item = u64> {
        let powers = (0..).map(|power| 10u64.pow(power));
        let mut steps = powers.flat_map(|power| [power, 2 * power, 5 * power]);
        let step = steps.find(|step| self.images / step <= 4);
        let step = step.expect("there is a larger step");
        (0..=self.images / step).map(move |tick| tick * step)
    }

    /// How far to the right a count of images is, in per cent of the plot's width.
    pub fn x(&self, images: &u64) -> f64 {
        100.0 * *images as f64 / self.images as f64
    }

    /// How far from the top an accuracy (0…1) is, in per cent of the plot's height.
    fn y(&self, accuracy: f64) -> f64 {
        100.0 * (100.0 - 100.0 * accuracy) / (100.0 - self.bottom() as f64)
    }

    /// How far from the top a mark of [`percent_ticks`](Self::percent_ticks) is.
    pub fn percent_y(&self, tick: &usize) -> f64 {
        self.y(*tick as f64 / 100.0)
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
        self.points.iter().fold(String::new(), |mut line, point| {
            let (x, y) = (self.x(&point.images), self.y(accuracy(point)));
            write!(line, "{x:.2},{y:.2} ").expect("a String takes any text");
            line
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(images: u64, accuracies: &[f64]) -> Curve {
        let points = accuracies.iter().map(|&last| Point {
            images,
            last,
            average: 1.0,
        });
        Curve {
            points: points.collect(),
            mistakes: 0,
            images,
            test_images: 1,
        }
    }

    #[test]
    fn images_are_marked_at_few_round_numbers() {
        let ticks = |images| curve(images, &[]).image_ticks().collect::<Vec<_>>();
        assert_eq!(ticks(60_000), [0, 20_000, 40_000, 60_000]);
        assert_eq!(ticks(1437), [0, 500, 1000]);
        assert_eq!(ticks(1), [0, 1]);
    }

    #[test]
    fn the_plot_begins_at_a_multiple_of_ten_below_the_lowest_point() {
        let ticks = |lowest| {
            curve(1, &[0.95, lowest])
                .percent_ticks()
                .collect::<Vec<_>>()
        };
        assert_eq!(ticks(0.93), [100, 90]);
        assert_eq!(ticks(0.79), [100, 90, 80, 70]);
        assert_eq!(ticks(0.31), [100, 80, 60, 40]);
        assert_eq!(ticks(1.0), [100, 90]);
    }

    #[test]
    fn a_line_goes_from_left_to_right_and_upwards_with_the_accuracy() {
        let mut curve = curve(200, &[0.8, 0.9, 1.0]);
        for (point, images) in curve.points.iter_mut().zip([0, 100, 200]) {
            point.images = images;
        }
        assert_eq!(curve.last(), "0.00,100.00 50.00,50.00 100.00,0.00 ");
        assert_eq!(curve.average(), "0.00,0.00 50.00,0.00 100.00,0.00 ");
    }
}
