//! Whether a source is sound, whether a parameter can take its values, and the
//! values at the edges of what it gives.

use super::super::{ParamKind, ParamValue};
use super::{Draw, Drift, ParamSource};
use crate::counted;
use std::fmt::Display;

/// Greatest size of an integer bound: beyond it numbers are not exact.
const MOST: i64 = 1 << 53;

/// What is wrong with a source, whatever the parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceProblem {
    /// The key of the source that is wrong.
    pub key: &'static str,
    /// What is wrong.
    pub message: String,
    /// What is allowed.
    pub allowed: &'static str,
}

/// What is wrong, in order.
#[derive(Default)]
struct Problems(Vec<SourceProblem>);

impl Problems {
    fn add(&mut self, key: &'static str, message: impl Into<String>, allowed: &'static str) {
        self.0.push(SourceProblem { key, message: message.into(), allowed });
    }

    fn ordered<T: PartialOrd + Display>(&mut self, low: T, high: T) {
        if low > high {
            let message = format!("`low` is {low}, above `high`, which is {high}");
            self.add("low", message, "`low` is at most `high`");
        }
    }
}

impl ParamSource {
    /// Everything that makes no sense about the source, whatever the parameter. About a
    /// number that is NaN, since nobody knows it, nothing is said.
    pub fn problems(&self) -> Vec<SourceProblem> {
        let mut problems = Problems::default();
        match self {
            ParamSource::Drift(Drift { over, .. }) if *over < 2 => problems.add(
                "over",
                format!("`over` is {over}"),
                "at least 2 episodes are needed: the first and the last",
            ),
            ParamSource::Fixed(_) | ParamSource::Drift(_) => {}
            ParamSource::Draw(draw) => draw.check(&mut problems),
        }
        problems.0
    }

    /// Whether every value lies in `kind`; else why not.
    pub fn fits(&self, kind: &ParamKind) -> Result<(), String> {
        let wants = kind.describe();
        let whole = |x: f64| x.fract() == 0.0 && x.abs() <= MOST as f64;
        match (self, kind) {
            (
                ParamSource::Drift(_),
                ParamKind::Bool
                | ParamKind::Choice { .. }
                | ParamKind::Place { .. }
                | ParamKind::Text,
            ) => {
                return Err(format!("expected {wants}, found a drift, which goes through numbers"));
            }
            (ParamSource::Drift(d), ParamKind::Int { .. }) if !(whole(d.from) && whole(d.to)) => {
                return Err(format!("expected {wants} as `from` and as `to`"));
            }
            (
                ParamSource::Draw(
                    Draw::Uniform { .. } | Draw::LogUniform { .. } | Draw::Normal { .. },
                ),
                ParamKind::Int { .. },
            ) => {
                return Err(format!(
                    "expected {wants}, found a draw of any number; `integers` and `choice` draw integers"
                ));
            }
            (ParamSource::Draw(Draw::Normal { low, high, .. }), ParamKind::Float { min, max }) => {
                for (bound, limit, key) in [(low, min, "low"), (high, max, "high")] {
                    if bound.is_none() && limit.is_finite() {
                        return Err(format!(
                            "expected {wants}, found a normal distribution without `{key}`"
                        ));
                    }
                }
            }
            _ => {}
        }
        self.corners(kind).iter().try_for_each(|value| kind.accept(value).map(drop))
    }

    /// The values at the edges of what the source gives, for a parameter of `kind`: the
    /// ends of a range, every value of a choice. What is the same at all of them is
    /// likely, not certain, to be the same in between.
    pub fn corners(&self, kind: &ParamKind) -> Vec<ParamValue> {
        let floats = |values: [f64; 2]| values.map(ParamValue::Float).to_vec();
        let corners = match self {
            ParamSource::Fixed(value) => vec![value.clone()],
            ParamSource::Drift(drift) => {
                vec![drift.value(kind, 0), drift.value(kind, drift.over)]
            }
            ParamSource::Draw(draw) => match draw {
                Draw::Uniform { low, high } | Draw::LogUniform { low, high } => {
                    floats([*low, *high])
                }
                Draw::Normal { mean, low, high, .. } => {
                    floats([low.unwrap_or(*mean), high.unwrap_or(*mean)])
                }
                Draw::Integers { low, high } => {
                    vec![ParamValue::Int(*low), ParamValue::Int(*high)]
                }
                Draw::Choice { values, .. } => values.clone(),
            },
        };
        let mut different: Vec<ParamValue> = Vec::new();
        for corner in corners {
            if !different.contains(&corner) {
                different.push(corner);
            }
        }
        different
    }
}

impl Draw {
    fn check(&self, problems: &mut Problems) {
        match self {
            Draw::Uniform { low, high } => {
                problems.ordered(low, high);
                if (high - low).is_infinite() {
                    let allowed = "`high` - `low` is a finite number";
                    problems.add("high", "the range is too wide", allowed);
                }
            }
            Draw::LogUniform { low, high } => {
                if *low <= 0.0 {
                    let message = format!("`low` is {low}");
                    problems.add("low", message, "a number above 0 is allowed");
                }
                problems.ordered(low, high);
            }
            Draw::Normal { sigma, low, high, .. } => {
                if *sigma < 0.0 {
                    let message = format!("`sigma` is {sigma}");
                    problems.add("sigma", message, "at least 0 is allowed");
                }
                if let (Some(low), Some(high)) = (low, high) {
                    problems.ordered(low, high);
                }
            }
            Draw::Integers { low, high } => {
                for (key, x) in [("low", *low), ("high", *high)] {
                    if !(-MOST..=MOST).contains(&x) {
                        let message = format!("`{key}` is {x}");
                        let allowed = "at most 2^53 is allowed, above and below 0";
                        problems.add(key, message, allowed);
                    }
                }
                problems.ordered(low, high);
            }
            Draw::Choice { values, weights } => check_choice(values, weights, problems),
        }
    }
}

fn check_choice(values: &[ParamValue], weights: &[f64], problems: &mut Problems) {
    if values.is_empty() {
        let message = "there is nothing to choose from";
        problems.add("values", message, "at least one value is needed");
    }
    if weights.is_empty() {
        return;
    }
    if weights.len() != values.len() {
        let (given, wanted) = (weights.len(), values.len());
        let message = format!("{} for {}", counted(given, "weight"), counted(wanted, "value"));
        problems.add("weights", message, "each value has a weight");
    }
    if let Some(weight) = weights.iter().find(|w| **w < 0.0) {
        problems.add("weights", format!("a weight is {weight}"), "at least 0 is allowed");
        return;
    }
    let total: f64 = weights.iter().sum();
    if total == 0.0 || total.is_infinite() {
        let allowed = "some weight is above 0, and the sum is finite";
        problems.add("weights", format!("the weights add up to {total}"), allowed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use tella_rng::Generator;

    fn sources() -> impl Strategy<Value = ParamSource> {
        let number = -1e6..1e6f64;
        let pair = (number.clone(), number.clone()).prop_map(|(a, b)| (a.min(b), a.max(b)));
        let ints = (-1000..1000i64, 0..1000i64).prop_map(|(a, n)| (a, a + n));
        prop_oneof![
            (number.clone(), number.clone(), 2..99u64)
                .prop_map(|(from, to, over)| ParamSource::Drift(Drift { from, to, over })),
            pair.clone().prop_map(|(low, high)| ParamSource::Draw(Draw::Uniform { low, high })),
            (1e-9..1.0f64, 1.0..1e9f64)
                .prop_map(|(low, high)| ParamSource::Draw(Draw::LogUniform { low, high })),
            (number, 0.0..1e3f64, pair).prop_map(|(mean, sigma, (low, high))| {
                let (low, high) = (Some(low), Some(high));
                ParamSource::Draw(Draw::Normal { mean, sigma, low, high })
            }),
            ints.prop_map(|(low, high)| ParamSource::Draw(Draw::Integers { low, high })),
            prop::collection::vec((-9..9i64, 0.0..2.0f64), 1..6).prop_map(|choices| {
                let (values, weights): (Vec<i64>, Vec<f64>) = choices.into_iter().unzip();
                let values = values.into_iter().map(ParamValue::Int).collect();
                ParamSource::Draw(Draw::Choice { values, weights })
            }),
        ]
    }

    fn number(value: &ParamValue) -> f64 {
        match value {
            ParamValue::Int(i) => *i as f64,
            ParamValue::Float(x) => *x,
            other => panic!("{other:?}"),
        }
    }

    proptest! {
        /// What a sound source gives lies between its corners, and in every kind that
        /// the source was said to fit.
        #[test]
        fn values_lie_between_the_corners(source in sources(), seed: u64, limit in 1.0..2e6f64) {
            prop_assume!(source.problems().is_empty());
            let int = ParamKind::Int { min: -(limit as i64), max: limit as i64 };
            let float = ParamKind::Float { min: -limit, max: limit };
            for kind in [int, float] {
                let corners: Vec<f64> = source.corners(&kind).iter().map(number).collect();
                let low = corners.iter().copied().fold(f64::INFINITY, f64::min);
                let high = corners.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let fits = source.fits(&kind).is_ok();
                let mut rng = Generator::new(seed);
                for episode in 0..20 {
                    let value = match &source {
                        ParamSource::Drift(drift) => drift.value(&kind, episode),
                        ParamSource::Draw(draw) => draw.draw(&mut rng),
                        ParamSource::Fixed(_) => unreachable!("not made"),
                    };
                    let x = number(&value);
                    let slack = 1e-9 * x.abs();
                    prop_assert!(low - slack <= x && x <= high + slack, "{x} outside {low}..{high}");
                    prop_assert!(!fits || kind.accept(&value).is_ok(), "{value:?} in {kind:?}");
                }
            }
        }
    }

    #[test]
    fn what_is_wrong_is_told_with_its_key() {
        let draw = |draw| {
            let mut problems = ParamSource::Draw(draw).problems();
            assert_eq!(problems.len(), 1, "{problems:?}");
            problems.remove(0)
        };
        let values = || vec![ParamValue::Int(1), ParamValue::Int(2)];
        let choice = |weights: &[f64]| Draw::Choice { values: values(), weights: weights.to_vec() };
        let normal = |sigma, low, high| Draw::Normal { mean: 0.0, sigma, low, high };
        for (problem, key, message) in [
            (draw(Draw::Uniform { low: 2.0, high: 1.0 }), "low", "above `high`"),
            (draw(Draw::Uniform { low: -f64::MAX, high: f64::MAX }), "high", "too wide"),
            (draw(Draw::LogUniform { low: 0.0, high: 1.0 }), "low", "is 0"),
            (draw(Draw::LogUniform { low: 3.0, high: 1.0 }), "low", "above `high`"),
            (draw(normal(-1.0, None, None)), "sigma", "is -1"),
            (draw(normal(1.0, Some(2.0), Some(1.0))), "low", "above `high`"),
            (draw(Draw::Integers { low: 2, high: 1 }), "low", "above `high`"),
            (draw(Draw::Integers { low: 2, high: i64::MAX }), "high", "is 92"),
            (draw(Draw::Choice { values: vec![], weights: vec![] }), "values", "nothing"),
            (draw(choice(&[1.0])), "weights", "1 weight for 2 values"),
            (draw(choice(&[1.0, -0.5])), "weights", "a weight is -0.5"),
            (draw(choice(&[0.0, 0.0])), "weights", "add up to 0"),
        ] {
            assert_eq!(problem.key, key);
            assert!(problem.message.contains(message), "{problem:?}");
        }
        let drift = ParamSource::Drift(Drift { from: 0.0, to: 1.0, over: 1 });
        assert_eq!(drift.problems()[0].key, "over");
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let keys = |draw| -> Vec<&str> {
            ParamSource::Draw(draw).problems().iter().map(|problem| problem.key).collect()
        };
        let normal = |mean, sigma, low, high| Draw::Normal { mean, sigma, low, high };
        assert_eq!(keys(normal(0.0, -1.0, Some(2.0), Some(1.0))), ["sigma", "low"]);
        assert_eq!(keys(Draw::LogUniform { low: 0.0, high: -1.0 }), ["low", "low"]);
        let weights = vec![1.0, -1.0];
        assert_eq!(
            keys(Draw::Choice { values: vec![], weights }),
            ["values", "weights", "weights"]
        );
        // Of what nobody knows nothing is said.
        let unknown = f64::NAN;
        assert_eq!(keys(normal(unknown, unknown, Some(unknown), Some(1.0))), [""; 0]);
        assert_eq!(keys(Draw::Uniform { low: unknown, high: 1.0 }), [""; 0]);
    }
}
