//! Performance relative to a single-task expert: the sum of what a task got while it was
//! learnt, over the sum of what its expert got in as many experiences.

use super::experts::Curve;
use super::learning::Learning;
use super::numpy;
use super::settings::SteAveraging;

/// A value for each run of the expert; one for all of them where curves are averaged first.
/// Infinite or NaN where the expert's sum is zero.
pub(crate) fn relative_performance(
    learning: &Learning,
    experts: &[Curve],
    averaging: SteAveraging,
) -> Vec<f64> {
    let relative = |expert: &[f64]| {
        let length = learning.perf.len().min(expert.len());
        numpy::sum(&learning.perf[..length]) / numpy::sum(&expert[..length])
    };
    match averaging {
        SteAveraging::Metrics => experts.iter().map(|expert| relative(&expert.perf)).collect(),
        SteAveraging::Time => vec![relative(&mean_curve(experts))],
    }
}

/// The mean of the experts' curves, as long as the shortest.
pub(crate) fn mean_curve(experts: &[Curve]) -> Vec<f64> {
    let length = experts.iter().map(|expert| expert.perf.len()).min().unwrap_or(0);
    let sum = |at: usize| experts.iter().fold(0.0, |sum, expert| sum + expert.perf[at]);
    (0..length).map(|at| sum(at) / experts.len() as f64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn expert(perf: &[f64]) -> Curve {
        Curve {
            task: "a".to_owned(),
            evaluated: BTreeSet::new(),
            exp_num: (0..perf.len() as u64).collect(),
            perf: perf.to_vec(),
            regimes: Vec::new(),
        }
    }

    /// By hand: (1 + 2) / (2 + 2) and (1 + 2 + 3) / (1 + 1 + 1); against the mean curve of
    /// the first two experiences, (1 + 2) / (1.5 + 1.5).
    #[test]
    fn both_are_cut_to_the_shorter() {
        let learning =
            Learning { exp_num: vec![0, 1, 2], perf: vec![1.0, 2.0, 3.0], last_regime: 0 };
        let experts = [expert(&[2.0, 2.0]), expert(&[1.0, 1.0, 1.0, 9.0])];
        let by = |averaging| relative_performance(&learning, &experts, averaging);
        assert_eq!(by(SteAveraging::Metrics), [0.75, 2.0]);
        assert_eq!(by(SteAveraging::Time), [1.0]);
    }
}
