//! Probability of improvement: how often a lifetime of one agent scores higher than one of
//! another.

use super::{Scores, Weights};

/// The probability that a lifetime of A scores higher than one of B: of all pairs, the share
/// in which it does, ties counting half (Mann and Whitney's U over the number of pairs), in
/// each column, then the mean over columns. NaN where a side is empty.
///
/// # Panics
///
/// Where the sides have different numbers of columns.
pub fn probability_of_improvement(a: &Scores, b: &Scores) -> f64 {
    let once = |scores: &Scores| vec![1; scores.lifetimes()];
    of_drawn(a, &once(a), b, &once(b), &mut Vec::new())
}

/// The same of lifetimes drawn as often as the weights say.
pub(super) fn of_drawn(
    a: &Scores,
    a_weights: &Weights,
    b: &Scores,
    b_weights: &Weights,
    room: &mut Vec<f64>,
) -> f64 {
    let columns = a.columns();
    assert_eq!(columns, b.columns(), "both sides have the same columns");
    // By column: the drawn scores of B below the current value of A, those equal to it, and
    // the pairs in which A is higher.
    room.clear();
    room.resize(3 * columns, 0.0);
    let (below, rest) = room.split_at_mut(columns);
    let (equal, wins) = rest.split_at_mut(columns);
    let (mut ours, mut theirs) = (a.sorted(), b.sorted());
    while let Some(value) = ours.first().map(|e| e.value) {
        let mut drop = |sums: &mut [f64], last: fn(f64, f64) -> bool| {
            let n = theirs.iter().take_while(|e| last(e.value, value)).count();
            for e in &theirs[..n] {
                sums[e.column as usize] += f64::from(b_weights[e.lifetime as usize]);
            }
            theirs = &theirs[n..];
        };
        below.iter_mut().zip(equal.iter_mut()).for_each(|(below, equal)| *below += *equal);
        equal.fill(0.0);
        drop(below, |theirs, value| theirs < value);
        drop(equal, |theirs, value| theirs == value);
        let same = ours.iter().take_while(|e| e.value == value).count();
        for own in &ours[..same] {
            let at = own.column as usize;
            let drawn = f64::from(a_weights[own.lifetime as usize]);
            wins[at] += drawn * (below[at] + equal[at] / 2.0);
        }
        ours = &ours[same..];
    }
    let pairs = a.lifetimes_by_column().into_iter().zip(b.lifetimes_by_column());
    let shares = wins.iter().zip(pairs).map(|(wins, (n, m))| wins / (n * m) as f64);
    shares.sum::<f64>() / columns as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// By hand: of six pairs A is higher in three, and two are ties.
    #[test]
    fn ties_count_half() {
        let a = Scores::of_lifetimes([1.0, 3.0, 2.0]);
        let b = Scores::of_lifetimes([2.0, 1.0]);
        assert_eq!(probability_of_improvement(&a, &b), (3.0 + 1.0) / 6.0);
        assert!(probability_of_improvement(&Scores::default(), &Scores::default()).is_nan());
    }

    proptest! {
        /// The slow obvious way looks at every pair; and what A gains B loses.
        #[test]
        fn every_pair_counts_once(
            a in prop::collection::vec(-3i8..3, 1..9),
            b in prop::collection::vec(-3i8..3, 1..9),
        ) {
            let pairs = a.iter().flat_map(|x| b.iter().map(move |y| (x, y)));
            let wins: f64 = pairs.map(|(x, y)| match x.cmp(y) {
                std::cmp::Ordering::Greater => 1.0,
                std::cmp::Ordering::Equal => 0.5,
                std::cmp::Ordering::Less => 0.0,
            }).sum();
            let expected = wins / (a.len() * b.len()) as f64;
            let (a, b) = (
                Scores::of_lifetimes(a.into_iter().map(f64::from)),
                Scores::of_lifetimes(b.into_iter().map(f64::from)),
            );
            prop_assert!((probability_of_improvement(&a, &b) - expected).abs() < 1e-12);
            prop_assert!((probability_of_improvement(&b, &a) + expected - 1.0).abs() < 1e-12);
        }
    }
}
