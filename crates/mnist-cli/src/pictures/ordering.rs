//! The split of pictures into training and test set, and their order.

use anyhow::{Result, bail};
use mnist_idx::Split;
use rand::rngs::ChaCha8Rng;
use rand::{Rng, SeedableRng};

use super::folders::Picture;

/// The pictures of the training set and of the test set as indices, each in their order.
///
/// If the folders do not determine the split, `test_fraction` of each class's pictures are chosen
/// for the test set, at least one and not all. Pictures are ordered by their numbers, if all have
/// different ones; else the seed shuffles them.
///
/// `pictures` are sorted by split and label.
pub fn splits(pictures: &[&Picture], test_fraction: f64, seed: u64) -> Result<[Vec<usize>; 2]> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let [mut train, mut test] = [Vec::new(), Vec::new()];
    let mut start = 0;
    for class in
        pictures.chunk_by(|one, other| (one.split, one.label) == (other.split, other.label))
    {
        let mut indices: Vec<usize> = (start..start + class.len()).collect();
        start += class.len();
        match class[0].split {
            Some(Split::Train) => train.append(&mut indices),
            Some(Split::Test) => test.append(&mut indices),
            None if class.len() == 1 => bail!(
                "{}: it has 1 picture: expected at least 2, one to train on and one to test",
                class[0].folder().display()
            ),
            None => {
                shuffle(&mut indices, &mut random);
                let share = (class.len() as f64 * test_fraction).round() as usize;
                train.extend(indices.split_off(share.clamp(1, class.len() - 1)));
                test.append(&mut indices);
            }
        }
    }
    let chosen = pictures.iter().any(|picture| picture.split.is_none());
    let all_numbered = is_numbered(pictures, 0..pictures.len());
    let order = |mut split: Vec<usize>, random: &mut ChaCha8Rng| {
        // Numbers order a chosen split only if they number all pictures.
        let numbered = match chosen {
            true => all_numbered,
            false => is_numbered(pictures, split.iter().copied()),
        };
        split.sort_unstable_by_key(|&index| (numbered.then_some(pictures[index].number), index));
        if !numbered {
            shuffle(&mut split, random);
        }
        split
    };
    Ok([order(train, &mut random), order(test, &mut random)])
}

/// Whether the pictures have numbers, all different.
fn is_numbered(pictures: &[&Picture], indices: impl Iterator<Item = usize>) -> bool {
    let numbers: Option<Vec<u64>> = indices.map(|index| pictures[index].number).collect();
    numbers.is_some_and(|mut numbers| {
        numbers.sort_unstable();
        numbers.windows(2).all(|pair| pair[0] < pair[1])
    })
}

/// Any order, each as probable as the others but for a share of 2⁻³²: Fisher and Yates's shuffle
/// (Knuth, The Art of Computer Programming, volume 2, algorithm P), written out, so that no
/// release of a library can change it.
fn shuffle(indices: &mut [usize], random: &mut ChaCha8Rng) {
    for last in (1..indices.len()).rev() {
        let number = u64::from(random.next_u32()) * (last as u64 + 1);
        indices.swap(last, (number >> 32) as usize);
    }
}

/// Merges two sequences evenly, each in its own order: for each place whether its item is one of
/// the second sequence. Training, which remembers the last images best, then favours neither.
pub fn spread(first: usize, second: usize) -> impl Iterator<Item = bool> {
    let total = (first + second) as u128;
    let seconds = move |place: usize| place as u128 * second as u128 / total;
    (0..first + second).map(move |place| seconds(place) < seconds(place + 1))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn picture(split: Option<Split>, label: u8, number: Option<u64>) -> Picture {
        Picture {
            path: PathBuf::from("class/picture"),
            split,
            label,
            number,
        }
    }

    fn splits_of(pictures: &[Picture], share: f64, seed: u64) -> [Vec<usize>; 2] {
        splits(&pictures.iter().collect::<Vec<_>>(), share, seed).unwrap()
    }

    /// Pictures of each class, without numbers.
    fn classes(sizes: &[usize]) -> Vec<Picture> {
        let class = |(label, &size)| (0..size).map(move |_| picture(None, label as u8, None));
        sizes.iter().enumerate().flat_map(class).collect()
    }

    #[test]
    fn each_class_has_its_share_in_the_test_set_at_least_one_and_not_all() {
        for (sizes, share, tests) in [
            ([10, 5, 2], 0.2, [2, 1, 1]),
            ([10, 5, 2], 0.01, [1, 1, 1]),
            ([10, 5, 2], 0.99, [9, 4, 1]),
            ([10, 13, 4], 0.5, [5, 7, 2]),
        ] {
            let pictures = classes(&sizes);
            let [train, test] = splits_of(&pictures, share, 1);
            let of = |label| {
                test.iter()
                    .filter(|&&index| pictures[index].label == label)
                    .count()
            };
            assert_eq!([of(0), of(1), of(2)], tests);
            let mut all = [train, test].concat();
            all.sort_unstable();
            assert_eq!(all, Vec::from_iter(0..pictures.len()), "each once");
        }
    }

    #[test]
    fn a_class_of_one_picture_cannot_be_split() {
        let pictures = classes(&[2, 1]);
        let error = splits(&pictures.iter().collect::<Vec<_>>(), 0.2, 1).unwrap_err();
        assert!(error.to_string().contains("it has 1 picture"), "{error}");
    }

    #[test]
    fn pictures_without_numbers_are_mixed_by_the_seed_alone() {
        let pictures = classes(&[50, 50]);
        let [train, test] = splits_of(&pictures, 0.2, 1);
        assert_eq!(splits_of(&pictures, 0.2, 1), [train.clone(), test.clone()]);
        assert_ne!(splits_of(&pictures, 0.2, 2)[0], train);
        let changes = train
            .windows(2)
            .filter(|pair| (pair[0] < 50) != (pair[1] < 50));
        assert!(changes.count() > 20, "{train:?}");
        // What the seed makes of them must never change.
        assert_eq!(test[..5], [79, 39, 37, 70, 85]);
    }

    #[test]
    fn pictures_with_different_numbers_come_in_their_order() {
        let numbers = [7, 3, 90, 10, 8, 1];
        let number = |(index, &number)| picture(None, index as u8 / 3, Some(number));
        let mut pictures: Vec<_> = numbers.iter().enumerate().map(number).collect();
        let [train, test] = splits_of(&pictures, 0.2, 1);
        let of = |split: &[usize]| {
            split
                .iter()
                .map(|&index| numbers[index])
                .collect::<Vec<_>>()
        };
        assert!(of(&train).is_sorted() && of(&test).is_sorted());
        assert_eq!((train.len(), test.len()), (4, 2));

        pictures[5].number = Some(3);
        let orders = (0..20).map(|seed| splits_of(&pictures, 0.2, seed)[0].clone());
        assert!(
            orders.into_iter().any(|order| !of(&order).is_sorted()),
            "3 is there twice"
        );
    }

    #[test]
    fn splits_that_the_folders_determine_are_numbered_by_themselves() {
        let pictures_of =
            |split| [5, 2].map(|number| picture(Some(split), number as u8, Some(number)));
        let pictures: Vec<_> = [Split::Train, Split::Test]
            .into_iter()
            .flat_map(pictures_of)
            .collect();
        assert_eq!(splits_of(&pictures, 0.2, 1), [[1, 0], [3, 2]]);
    }

    #[test]
    fn two_sequences_are_spread_evenly() {
        let text = |first, second| -> String {
            spread(first, second)
                .map(|second| if second { 'B' } else { 'a' })
                .collect()
        };
        assert_eq!(text(6, 2), "aaaBaaaB");
        assert_eq!(text(2, 3), "aBaBB");
        assert_eq!(text(0, 2), "BB");
        assert_eq!(text(2, 0), "aa");
        assert_eq!(text(0, 0), "");
    }
}
