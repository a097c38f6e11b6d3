//! From scores to an answer: relu, then the largest output wins.

/// The rectifier: a negative score gives no output.
pub fn relu(score: i64) -> i64 {
    score.max(0)
}

/// The answer to an image, and how far it is from another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prediction {
    /// The first class that has the largest output, after relu: class 0 where no score is positive.
    pub class: u8,
    /// The class nearest to winning in its place: the first of the others that has the largest
    /// score, before relu.
    pub rival: u8,
    /// The score of the class less the rival's, in units of 1/255², before relu. It is negative
    /// where class 0 wins because no score is positive, and the rival's is nearer to being so.
    pub lead: i64,
}

impl Prediction {
    /// The prediction of the scores of all classes, in units of 1/255², before relu.
    ///
    /// # Panics
    ///
    /// If there are less than two scores or more than 256.
    pub fn of(scores: &[i64]) -> Self {
        let class = first_of_largest(scores.iter().map(|&score| relu(score)).enumerate());
        let others = scores.iter().copied().enumerate();
        let rival = first_of_largest(others.filter(|&(other, _)| other != class));
        let class_number = |class| u8::try_from(class).expect("a network has at most 256 classes");
        Self {
            class: class_number(class),
            rival: class_number(rival),
            lead: scores[class].saturating_sub(scores[rival]),
        }
    }
}

fn first_of_largest(values: impl DoubleEndedIterator<Item = (usize, i64)>) -> usize {
    // Of equal ones `max_by_key` takes the last.
    let largest = values.rev().max_by_key(|&(_, value)| value);
    largest.expect("a network has at least 2 classes").0
}

/// The class that wins among those that have been looked at.
///
/// It is one number, 256 · output + 255 − class, so that the answer is the maximum over all
/// classes: of equal outputs, that of the first class is the larger number. Which class wins is
/// what no branch predictor can know, and a maximum is no branch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answer(i64);

impl Default for Answer {
    /// Class 0 with an output of 0, which is the answer where no score is positive.
    fn default() -> Self {
        Self(255)
    }
}

impl Answer {
    /// The same, or one of the classes from `first` on, if its score is larger than the output. That
    /// is relu, too: a score that is not positive is not larger than the output at the start, 0.
    ///
    /// Scores are below 2⁴⁸, as a network has at most 2²⁸ weights.
    #[inline(always)]
    pub(crate) fn or_later(self, first: usize, scores: &[i64]) -> Self {
        let numbers = scores.iter().zip(first as i64..);
        let numbers = numbers.map(|(&score, class)| 256 * score + 255 - class);
        Self(numbers.fold(self.0, i64::max))
    }

    /// The class of the answer.
    #[inline(always)]
    pub(crate) fn class(self) -> u8 {
        255 - self.0 as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The prediction of a few scores, by both ways to the class.
    fn prediction(scores: &[i64]) -> (u8, u8, i64) {
        let Prediction { class, rival, lead } = Prediction::of(scores);
        assert_eq!(Answer::default().or_later(0, scores).class(), class);
        (class, rival, lead)
    }

    #[test]
    fn the_largest_output_wins() {
        assert_eq!(prediction(&[-5, 3, 9, 8]), (2, 3, 1));
    }

    #[test]
    fn the_first_of_equal_outputs_wins() {
        assert_eq!(prediction(&[1, 7, 7]), (1, 2, 0));
    }

    #[test]
    fn the_rival_is_the_first_of_the_largest_others() {
        assert_eq!(prediction(&[5, 9, 8, 8]), (1, 2, 1));
        assert_eq!(prediction(&[9, 5, 5, 4]), (0, 1, 4));
        assert_eq!(prediction(&[4, 4, 3, 9]), (3, 0, 5));
    }

    #[test]
    fn the_rival_is_found_among_scores_before_relu() {
        assert_eq!(prediction(&[-9, 1, -2]), (1, 2, 3));
    }

    #[test]
    fn without_a_positive_score_the_answer_is_class_0() {
        assert_eq!(prediction(&[-9, -1, 0, -3]), (0, 2, -9));
        assert_eq!(prediction(&[-1, -9]), (0, 1, 8));
    }

    #[test]
    fn the_answer_does_not_depend_on_the_groups() {
        let scores = [-3, 0, 1 << 47, 1 << 47, -(1 << 47), 7];
        for cut in 0..=scores.len() {
            let (first, later) = scores.split_at(cut);
            let answer = Answer::default().or_later(0, first).or_later(cut, later);
            assert_eq!(answer.class(), 2);
        }
        let last = Answer::default().or_later(250, &[0, 0, 0, 0, 0, 1, 0, 0, 0, 0]);
        assert_eq!(last.class(), 255);
    }
}
