//! Performance profiles: the share of scores above each threshold.

use super::{Bootstrap, Estimate, Scores, Statistic};

/// A point of a performance profile.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct ProfilePoint {
    /// The threshold.
    pub threshold: f64,
    /// The share of scores above it, with its (pointwise) interval.
    #[serde(flatten)]
    pub share: Estimate,
}

impl Bootstrap {
    /// The performance profile at these thresholds, all from the same resamples.
    pub fn profile(&self, scores: &Scores, thresholds: &[f64]) -> Vec<ProfilePoint> {
        let above = |threshold: &f64| Statistic::Above { threshold: *threshold };
        let statistics: Vec<Statistic> = thresholds.iter().map(above).collect();
        let shares = self.estimates(scores, &statistics);
        let point =
            |(threshold, share): (&f64, Estimate)| ProfilePoint { threshold: *threshold, share };
        thresholds.iter().zip(shares).map(point).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand; a profile falls from 1 to 0.
    #[test]
    fn shares_fall_with_the_threshold() {
        let scores = Scores::of_lifetimes([0.1, 0.4, 0.4, 0.9]);
        let bootstrap = Bootstrap { resamples: 1000, ..Bootstrap::default() };
        let profile = bootstrap.profile(&scores, &[0.0, 0.1, 0.5, 0.9]);
        let shares: Vec<f64> = profile.iter().map(|point| point.share.point).collect();
        assert_eq!(shares, [1.0, 0.75, 0.25, 0.0]);
        assert_eq!(profile[0].share.interval, Some((1.0, 1.0)));
    }
}
