//! A value drawn in every episode, with the draws of NumPy's `Generator`.

use super::super::ParamValue;
use serde::{Deserialize, Serialize};
use tella_rng::Generator;

/// What a value is drawn from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Draw {
    /// Every number in [`low`, `high`) alike: `uniform(low, high)`.
    Uniform {
        /// Least number.
        low: f64,
        /// Greatest number.
        high: f64,
    },
    /// A number whose logarithm is uniform: `exp(uniform(log(low), log(high)))`, cut to
    /// the bounds, which rounding may leave by the last digit.
    LogUniform {
        /// Least number; above 0.
        low: f64,
        /// Greatest number.
        high: f64,
    },
    /// `normal(mean, sigma)`; what falls outside the bounds becomes the bound.
    Normal {
        /// Mean, before clipping.
        mean: f64,
        /// Standard deviation, before clipping; at least 0.
        sigma: f64,
        /// Least number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        low: Option<f64>,
        /// Greatest number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        high: Option<f64>,
    },
    /// Every integer from `low` to `high` alike, both included:
    /// `integers(low, high, endpoint=True)`.
    Integers {
        /// Least integer.
        low: i64,
        /// Greatest integer.
        high: i64,
    },
    /// One of some values: `choice(values)`, with weights
    /// `choice(values, p=weights / sum(weights))`.
    Choice {
        /// The values.
        values: Vec<ParamValue>,
        /// How often each comes up in relation to the others; all alike where empty.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        weights: Vec<f64>,
    },
}

impl Draw {
    /// The next draw. The draw is sound: see `check`.
    pub fn draw(&self, rng: &mut Generator) -> ParamValue {
        match self {
            Draw::Uniform { low, high } => ParamValue::Float(rng.uniform(*low, *high)),
            Draw::LogUniform { low, high } => {
                let log = rng.uniform(low.ln(), high.ln());
                ParamValue::Float(log.exp().clamp(*low, *high))
            }
            Draw::Normal { mean, sigma, low, high } => {
                let (low, high) = (low.unwrap_or(f64::MIN), high.unwrap_or(f64::MAX));
                ParamValue::Float(rng.normal(*mean, *sigma).clamp(low, high))
            }
            Draw::Integers { low, high } => ParamValue::Int(rng.integers(*low, *high + 1)),
            Draw::Choice { values, weights } if weights.is_empty() => {
                values[rng.choice(values.len())].clone()
            }
            Draw::Choice { values, weights } => values[weighted(weights, rng.random())].clone(),
        }
    }
}

/// The index that the number `u` in [0, 1) falls to: NumPy's search in the running sum.
fn weighted(weights: &[f64], u: f64) -> usize {
    let total: f64 = weights.iter().sum();
    let mut sum = 0.0;
    let sums: Vec<f64> = weights
        .iter()
        .map(|w| {
            sum += w / total;
            sum
        })
        .collect();
    let found = sums.partition_point(|s| s / sum <= u);
    // The last sum is 1 after division, and u is below it.
    found.min(weights.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three rounds of draws from one generator, from NumPy 2.4.6:
    /// `rng = np.random.default_rng(5)`, then in this order `rng.uniform(-1, 3)`,
    /// `np.exp(rng.uniform(np.log(.1), np.log(10)))`, `np.clip(rng.normal(2, .5), 1.6, 2.4)`,
    /// `rng.integers(-3, 4, endpoint=True)`, `rng.choice(5)` and
    /// `rng.choice(4, p=w / w.sum())` with `w = np.array([1., 0, 2.5, .5])`.
    #[test]
    fn draws_are_numpys() {
        let numbers = |n: i64| (0..n).map(ParamValue::Int).collect::<Vec<_>>();
        let draws = [
            Draw::Uniform { low: -1.0, high: 3.0 },
            Draw::LogUniform { low: 0.1, high: 10.0 },
            Draw::Normal { mean: 2.0, sigma: 0.5, low: Some(1.6), high: Some(2.4) },
            Draw::Integers { low: -3, high: 4 },
            Draw::Choice { values: numbers(5), weights: vec![] },
            Draw::Choice { values: numbers(4), weights: vec![1.0, 0.0, 2.5, 0.5] },
        ];
        let mut rng = Generator::new(5);
        for expected in EXPECTED {
            for (draw, expected) in draws.iter().zip(expected) {
                let found = match draw.draw(&mut rng) {
                    ParamValue::Float(x) => x,
                    ParamValue::Int(i) => i as f64,
                    other => panic!("{other:?}"),
                };
                assert!((found - expected).abs() <= 1e-15 * expected.abs(), "{draw:?}: {found}");
            }
        }
    }

    const EXPECTED: [[f64; 6]; 3] = [
        [2.2200116949815207, 4.129348903019316, 1.8758191889523756, 2.0, 1.0, 0.0],
        [0.5334755231420729, 0.6560643071707605, 1.6076098223278608, -3.0, 0.0, 3.0],
        [1.6094764463519509, 0.29445599672300754, 1.6, -1.0, 4.0, 3.0],
    ];

    /// The ends of the weights' running sum, where an index could slip by one.
    #[test]
    fn a_weight_of_zero_is_never_drawn() {
        assert_eq!(weighted(&[0.0, 1.0, 0.0], 0.0), 1);
        assert_eq!(weighted(&[0.0, 1.0, 0.0], 1.0 - f64::EPSILON), 1);
        assert_eq!(weighted(&[1.0, 1.0], 0.5), 1);
        assert_eq!(weighted(&[0.1; 10], 1.0 - f64::EPSILON / 2.0), 9);
    }
}
