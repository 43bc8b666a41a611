//! The mean of curves, with an interval at each point.

use super::{Bootstrap, Estimate};
use rayon::prelude::*;

impl Bootstrap {
    /// The mean over lifetimes at each point of their curves, with its interval. Lifetimes are
    /// drawn whole, the same for all points. Where a lifetime has no value (NaN) the mean is that of the
    /// others; `None` where none has one, no interval where one alone has. A curve that is shorter
    /// than others has no value beyond its end.
    ///
    /// The intervals hold point by point, not for the whole curve at once.
    pub fn mean_curve(&self, curves: &[Vec<f64>]) -> Vec<Option<Estimate>> {
        let points = curves.iter().map(Vec::len).max().unwrap_or(0);
        let drawn = match curves.len() {
            0 | 1 => Vec::new(),
            n => self.draw(&[n], |weights, _| weights.to_vec()),
        };
        let of_point = |at: usize| {
            let values: Vec<(usize, f64)> = curves
                .iter()
                .enumerate()
                .filter_map(|(n, curve)| Some((n, *curve.get(at)?)))
                .filter(|(_, value)| value.is_finite())
                .collect();
            let mean = |weight: &dyn Fn(usize) -> f64| {
                let (mut sum, mut weights) = (0.0, 0.0);
                for (n, value) in &values {
                    sum += weight(*n) * value;
                    weights += weight(*n);
                }
                (weights > 0.0).then(|| sum / weights)
            };
            let point = mean(&|_| 1.0)?;
            let replicates = match values.len() {
                0 | 1 => Vec::new(),
                _ => drawn.iter().filter_map(|w| mean(&|n| f64::from(w[n]))).collect(),
            };
            Some(self.estimate(point, replicates))
        };
        (0..points).into_par_iter().map(of_point).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Scores, Statistic};
    use super::*;

    const FEW: Bootstrap = Bootstrap { resamples: 2500, confidence: 0.95, seed: 7 };

    /// At a point that all lifetimes have, it is the interval of their scores.
    #[test]
    fn a_point_is_the_mean_of_scores() {
        let curves = [[1.0, 4.0], [2.0, 8.0], [6.0, 3.0]].map(Vec::from);
        let found = FEW.mean_curve(&curves);
        for (at, estimate) in found.iter().enumerate() {
            let scores = Scores::of_lifetimes(curves.iter().map(|curve| curve[at]));
            let expected = FEW.estimates(&scores, &[Statistic::Mean]).remove(0);
            let estimate = estimate.as_ref().unwrap();
            assert!((estimate.point - expected.point).abs() < 1e-12);
            let [(a, b), (c, d)] = [estimate, &expected].map(|e| e.interval.unwrap());
            assert!((a - c).abs() < 1e-12 && (b - d).abs() < 1e-12);
        }
    }

    #[test]
    fn lifetimes_without_a_value_do_not_count_there() {
        let nan = f64::NAN;
        let found = FEW.mean_curve(&[vec![1.0, nan, nan, 5.0], vec![3.0, 4.0, nan]]);
        assert_eq!(found[0].as_ref().map(|e| e.point), Some(2.0));
        assert_eq!(found[1], Some(Estimate { point: 4.0, interval: None }));
        assert_eq!(found[2], None);
        assert_eq!(found[3], Some(Estimate { point: 5.0, interval: None }));
        assert!(FEW.mean_curve(&[]).is_empty());
    }
}
