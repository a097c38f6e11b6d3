//! Progress on stderr, for work that takes longer than a second.

use std::time::Duration;

use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A progress bar that appears after a second, and only on a terminal. It is cleared when it is
/// dropped.
pub struct Progress(ProgressBar);

impl Progress {
    /// Progress over `total` steps.
    pub fn new(total: u64) -> Self {
        let style =
            ProgressStyle::with_template("{wide_bar} {human_pos}/{human_len} {msg}{eta} left")
                .expect("the template is valid");
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::hidden());
        Self(bar.with_style(style))
    }

    /// Counts `steps` more.
    pub fn advance(&self, steps: u64) {
        self.0.inc(steps);
        if self.0.is_hidden() && self.0.elapsed() > Duration::from_secs(1) {
            self.0.set_draw_target(ProgressDrawTarget::stderr());
        }
    }

    /// Shows how many images have been learned from, as a speed, and the accuracy so far.
    pub fn show(&self, images: u64, accuracy: f64) {
        if !self.0.is_hidden() {
            let speed = HumanCount((images as f64 / self.0.elapsed().as_secs_f64()) as u64);
            self.0
                .set_message(format!("{speed} images/s, accuracy {accuracy:.4} so far, "));
        }
    }

    /// Takes the bar away while something is printed.
    pub fn suspend<T>(&self, print: impl FnOnce() -> T) -> T {
        self.0.suspend(print)
    }
}
