//! From scores to an answer: relu, then the largest output wins.

use std::hint::select_unpredictable;

/// The rectifier: a negative score gives no output.
pub fn relu(score: i64) -> i64 {
    score.max(0)
}

/// The first class that has the largest output; class 0 where no output is positive.
///
/// # Panics
///
/// If the class is above 255, which it can only be of more than 256 scores.
pub fn predicted_class(scores: &[i64]) -> u8 {
    Answer::default().or_later(0, scores).class()
}

/// The class nearest to winning in the place of `class`: the first of the others that has the
/// largest score.
///
/// # Panics
///
/// If there are less than two scores or more than 256.
pub fn rival(scores: &[i64], class: u8) -> u8 {
    let others = (0..scores.len()).filter(|&other| other != usize::from(class));
    // Of equal ones `max_by_key` takes the last.
    let rival = others.rev().max_by_key(|&other| scores[other]);
    let rival = rival.expect("a network has at least 2 classes");
    u8::try_from(rival).expect("a network has at most 256 classes")
}

/// The class that wins among those that have been looked at, and its output.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Answer {
    class: usize,
    output: i64,
}

impl Answer {
    /// The same, or one of the classes from `first` on if the largest of their scores is larger.
    #[inline(always)]
    pub(crate) fn or_later(self, first: usize, scores: &[i64]) -> Self {
        let Self { mut class, output } = self;
        let largest = scores.iter().fold(output, |most, &score| most.max(score));
        if largest > output {
            for (later, &score) in scores.iter().enumerate().rev() {
                // Which class wins is what no branch predictor can know.
                class = select_unpredictable(score == largest, first + later, class);
            }
        }
        Self {
            class,
            output: largest,
        }
    }

    /// The class of the answer.
    pub(crate) fn class(self) -> u8 {
        u8::try_from(self.class).expect("a network has at most 256 classes")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_output_wins() {
        assert_eq!(predicted_class(&[-5, 3, 9, 8]), 2);
    }

    #[test]
    fn the_first_of_equal_outputs_wins() {
        assert_eq!(predicted_class(&[1, 7, 7]), 1);
    }

    #[test]
    fn the_rival_is_the_first_of_the_largest_others() {
        assert_eq!(rival(&[5, 9, 9, 9], 1), 2);
        assert_eq!(rival(&[-5, -9], 0), 1);
        assert_eq!(rival(&[-5, -9, -5], 1), 0);
    }

    #[test]
    fn without_a_positive_output_the_answer_is_class_0() {
        assert_eq!(predicted_class(&[-9, -1, 0, -3]), 0);
    }
}
