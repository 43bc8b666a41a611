//! Aggregates: mean, median, interquartile mean, optimality gap, of drawn lifetimes.

use super::{Scores, Weights};

/// How scores become one number. Of a table with several columns (tasks), mean and median
/// are those of the columns' means, the others are taken over all scores at once: as in
/// rliable. Of a single column the median is that of the lifetimes (the median of one
/// mean would be the mean).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Statistic {
    /// The mean.
    Mean,
    /// The median.
    Median,
    /// The interquartile mean: the mean of what is left when the lowest and the highest
    /// quarter (rounded down to whole scores) are cut off.
    Iqm,
    /// The optimality gap: how far scores fall short of an optimum on average, those above
    /// it counting as the optimum.
    OptimalityGap {
        /// The optimum.
        optimum: f64,
    },
    /// The share of scores above a threshold: a point of the performance profile.
    Above {
        /// The threshold.
        threshold: f64,
    },
}

impl Statistic {
    /// Its name in JSON and tables.
    pub fn key(self) -> &'static str {
        match self {
            Self::Mean => "mean",
            Self::Median => "median",
            Self::Iqm => "iqm",
            Self::OptimalityGap { .. } => "optimality_gap",
            Self::Above { .. } => "above",
        }
    }

    /// Of all lifetimes, each once. NaN of none.
    pub fn of(self, scores: &Scores) -> f64 {
        self.of_drawn(scores, &vec![1; scores.lifetimes()], &mut Vec::new())
    }

    /// Of lifetimes drawn as often as the weights say; as many of each stratum as it has.
    /// `room` is scratch space.
    pub(crate) fn of_drawn(self, scores: &Scores, weights: &Weights, room: &mut Vec<f64>) -> f64 {
        match self {
            Self::Mean => mean(scores, weights, room),
            Self::Median if scores.columns() > 1 => {
                column_means(scores, weights, room);
                room.sort_by(f64::total_cmp);
                let middle = room.len() / 2;
                match room.len() % 2 {
                    1 => room[middle],
                    _ => (room[middle - 1] + room[middle]) / 2.0,
                }
            }
            Self::Median => {
                let n = scores.sorted().len();
                middle_mean(scores, weights, n.saturating_sub(1) / 2)
            }
            Self::Iqm => middle_mean(scores, weights, scores.sorted().len() / 4),
            Self::OptimalityGap { optimum } => {
                optimum - sum(scores, weights, |v| v.min(optimum)) / scores.sorted().len() as f64
            }
            Self::Above { threshold } => {
                let above = sum(scores, weights, |v| f64::from(u8::from(v > threshold)));
                above / scores.sorted().len() as f64
            }
        }
    }
}

fn sum(scores: &Scores, weights: &Weights, of: impl Fn(f64) -> f64) -> f64 {
    let weighted = |e: &super::scores::Entry| f64::from(weights[e.lifetime as usize]) * of(e.value);
    scores.sorted().iter().map(weighted).sum()
}

fn mean(scores: &Scores, weights: &Weights, room: &mut Vec<f64>) -> f64 {
    if scores.columns() == 1 {
        return sum(scores, weights, |v| v) / scores.sorted().len() as f64;
    }
    column_means(scores, weights, room);
    room.iter().sum::<f64>() / room.len() as f64
}

fn column_means(scores: &Scores, weights: &Weights, room: &mut Vec<f64>) {
    room.clear();
    room.resize(scores.columns(), 0.0);
    for e in scores.sorted() {
        room[e.column as usize] += f64::from(weights[e.lifetime as usize]) * e.value;
    }
    for (sum, lifetimes) in room.iter_mut().zip(scores.lifetimes_by_column()) {
        *sum /= lifetimes as f64;
    }
}

/// The mean of the drawn scores without the `cut` lowest and the `cut` highest.
fn middle_mean(scores: &Scores, weights: &Weights, cut: usize) -> f64 {
    let n = scores.sorted().len();
    // How many are still to pass by, and how many then still to take.
    let (mut pass, mut left) = (cut as u32, (n - 2 * cut) as u32);
    let mut sum = 0.0;
    for e in scores.sorted() {
        let drawn = weights[e.lifetime as usize];
        let passed = drawn.min(pass);
        pass -= passed;
        let taken = (drawn - passed).min(left);
        left -= taken;
        sum += f64::from(taken) * e.value;
        if left == 0 {
            break;
        }
    }
    sum / (n - 2 * cut) as f64
}

#[cfg(test)]
mod tests {
    use super::super::Stratum;
    use super::*;
    use proptest::prelude::*;

    /// By hand.
    #[test]
    fn of_lifetimes() {
        let scores = Scores::of_lifetimes([8.0, 1.0, 2.0, 5.0, 4.0]);
        assert_eq!(Statistic::Mean.of(&scores), 4.0);
        assert_eq!(Statistic::Median.of(&scores), 4.0);
        // One is cut off at each end.
        assert_eq!(Statistic::Iqm.of(&scores), 11.0 / 3.0);
        assert_eq!(Statistic::OptimalityGap { optimum: 4.0 }.of(&scores), 4.0 - 15.0 / 5.0);
        assert_eq!(Statistic::Above { threshold: 2.0 }.of(&scores), 0.6);
        assert_eq!(Statistic::Median.of(&Scores::of_lifetimes([1.0, 2.0])), 1.5);
        assert!(Statistic::Mean.of(&Scores::default()).is_nan());
    }

    /// By hand: columns have means 2 and 5, pooled scores 1, 3, 4, 6.
    #[test]
    fn of_tasks() {
        let scores = Scores::new([Stratum::of_rows([vec![1.0, 4.0], vec![3.0, 6.0]])]);
        assert_eq!(Statistic::Mean.of(&scores), 3.5);
        assert_eq!(Statistic::Median.of(&scores), 3.5);
        assert_eq!(Statistic::Iqm.of(&scores), 3.5);
        assert_eq!(scores.lifetimes(), 2);
    }

    proptest! {
        /// Weights mean what drawing means: the slow obvious way writes the drawn scores out.
        #[test]
        fn weights_are_copies(
            scores in prop::collection::vec(-9i8..9, 1..12),
            draws in prop::collection::vec(0usize..1000, 12),
        ) {
            let scores: Vec<f64> = scores.into_iter().map(f64::from).collect();
            let n = scores.len();
            let drawn: Vec<usize> = draws.iter().take(n).map(|d| d % n).collect();
            let mut weights = vec![0; n];
            drawn.iter().for_each(|at| weights[*at] += 1);
            let copies = Scores::of_lifetimes(drawn.iter().map(|at| scores[*at]));
            let original = Scores::of_lifetimes(scores);
            for statistic in [
                Statistic::Mean,
                Statistic::Median,
                Statistic::Iqm,
                Statistic::OptimalityGap { optimum: 1.0 },
                Statistic::Above { threshold: 0.0 },
            ] {
                let value = statistic.of_drawn(&original, &weights, &mut Vec::new());
                prop_assert!((value - statistic.of(&copies)).abs() < 1e-12);
            }
        }
    }
}
