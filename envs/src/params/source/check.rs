//! Whether a source is sound, whether a parameter can take its values, and the
//! values at the edges of what it gives.

use super::super::{ParamKind, ParamValue};
use super::{Draw, Drift, ParamSource};

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

fn problem(key: &'static str, message: String, allowed: &'static str) -> Result<(), SourceProblem> {
    Err(SourceProblem { key, message, allowed })
}

fn ordered<T: PartialOrd + std::fmt::Display>(low: T, high: T) -> Result<(), SourceProblem> {
    if low <= high {
        return Ok(());
    }
    let message = format!("`low` is {low}, above `high`, which is {high}");
    problem("low", message, "`low` is at most `high`")
}

fn not_negative(key: &'static str, x: f64) -> Result<(), SourceProblem> {
    match x >= 0.0 {
        true => Ok(()),
        false => problem(key, format!("`{key}` is {x}"), "at least 0 is allowed"),
    }
}

impl ParamSource {
    /// Whether the source makes sense, whatever the parameter.
    pub fn check(&self) -> Result<(), SourceProblem> {
        match self {
            ParamSource::Fixed(_) => Ok(()),
            ParamSource::Drift(Drift { over, .. }) if *over < 2 => problem(
                "over",
                format!("`over` is {over}"),
                "at least 2 episodes are needed: the first and the last",
            ),
            ParamSource::Drift(_) => Ok(()),
            ParamSource::Draw(draw) => draw.check(),
        }
    }

    /// Whether every value lies in `kind`; else why not.
    pub fn fits(&self, kind: &ParamKind) -> Result<(), String> {
        let wants = kind.describe();
        let whole = |x: f64| x.fract() == 0.0 && x.abs() <= MOST as f64;
        match (self, kind) {
            (
                ParamSource::Drift(_),
                ParamKind::Bool | ParamKind::Choice { .. } | ParamKind::Text,
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
    fn check(&self) -> Result<(), SourceProblem> {
        match self {
            Draw::Uniform { low, high } => {
                ordered(low, high)?;
                if (high - low).is_finite() {
                    return Ok(());
                }
                problem("high", "the range is too wide".into(), "`high` - `low` is a finite number")
            }
            Draw::LogUniform { low, .. } if *low <= 0.0 => {
                problem("low", format!("`low` is {low}"), "a number above 0 is allowed")
            }
            Draw::LogUniform { low, high } => ordered(low, high),
            Draw::Normal { sigma, low, high, .. } => {
                not_negative("sigma", *sigma)?;
                match (low, high) {
                    (Some(low), Some(high)) => ordered(low, high),
                    _ => Ok(()),
                }
            }
            Draw::Integers { low, high } => {
                for (key, x) in [("low", *low), ("high", *high)] {
                    if !(-MOST..=MOST).contains(&x) {
                        let message = format!("`{key}` is {x}");
                        return problem(key, message, "at most 2^53 is allowed, above and below 0");
                    }
                }
                ordered(low, high)
            }
            Draw::Choice { values, weights } => check_choice(values, weights),
        }
    }
}

fn check_choice(values: &[ParamValue], weights: &[f64]) -> Result<(), SourceProblem> {
    if values.is_empty() {
        return problem(
            "values",
            "there is nothing to choose from".into(),
            "at least one value is needed",
        );
    }
    if weights.is_empty() {
        return Ok(());
    }
    if weights.len() != values.len() {
        let (given, wanted) = (weights.len(), values.len());
        return problem(
            "weights",
            format!("{given} weights for {wanted} values"),
            "each value has a weight",
        );
    }
    if let Some(weight) = weights.iter().find(|w| **w < 0.0) {
        return problem("weights", format!("a weight is {weight}"), "at least 0 is allowed");
    }
    let total: f64 = weights.iter().sum();
    if total == 0.0 || !total.is_finite() {
        return problem(
            "weights",
            format!("the weights add up to {total}"),
            "some weight is above 0, and the sum is finite",
        );
    }
    Ok(())
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
            prop_assume!(source.check().is_ok());
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
        let draw = |draw| ParamSource::Draw(draw).check().unwrap_err();
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
            (draw(choice(&[1.0])), "weights", "1 weights for 2 values"),
            (draw(choice(&[1.0, -0.5])), "weights", "a weight is -0.5"),
            (draw(choice(&[0.0, 0.0])), "weights", "add up to 0"),
        ] {
            assert_eq!(problem.key, key);
            assert!(problem.message.contains(message), "{problem:?}");
        }
        let drift = ParamSource::Drift(Drift { from: 0.0, to: 1.0, over: 1 });
        assert_eq!(drift.check().unwrap_err().key, "over");
    }
}
