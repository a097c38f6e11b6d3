//! Progress on stderr, for work that takes longer than a second.

use std::time::{Duration, Instant};

use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A progress bar that appears after a second, and only on a terminal.
pub struct Progress {
    bar: ProgressBar,
    started: Instant,
}

impl Progress {
    /// Progress over `total` steps.
    pub fn new(total: u64) -> Self {
        let style =
            ProgressStyle::with_template("{wide_bar} {human_pos}/{human_len} {msg}{eta} left")
                .expect("the template is valid");
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::hidden());
        bar.set_style(style);
        Self {
            bar,
            started: Instant::now(),
        }
    }

    /// Counts `steps` more.
    pub fn advance(&self, steps: u64) {
        self.bar.inc(steps);
        if self.bar.is_hidden() && self.started.elapsed() > Duration::from_secs(1) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }

    /// Shows how many images have been learned from, as a speed, and the accuracy so far.
    pub fn show(&self, images: u64, accuracy: f64) {
        if !self.bar.is_hidden() {
            let speed = HumanCount((images as f64 / self.started.elapsed().as_secs_f64()) as u64);
            self.bar
                .set_message(format!("{speed} images/s, accuracy {accuracy:.4} so far, "));
        }
    }

    /// Takes the bar away while something is printed.
    pub fn suspend<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bar.suspend(print)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
