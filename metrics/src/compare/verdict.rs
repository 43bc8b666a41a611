//! Verdicts: what a difference and its interval say.

use crate::statistics::Estimate;
use crate::statistics::attainable::reaches;

/// What a comparison says of one metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// A is better: the interval of the difference lies on its side of 0.
    Better,
    /// A is worse.
    Worse,
    /// The interval holds 0: the lifetimes there are do not tell the sides apart.
    NotTold,
    /// Too few lifetimes for a verdict at this confidence, whatever their values.
    TooFew,
    /// A side has no value.
    Undefined,
}

impl Verdict {
    /// The verdict of a difference; the sign is -1 where lower values are better. `smallest` is the
    /// smallest p that so many lifetimes can attain, and `level` what it must reach.
    pub(super) fn of(difference: Option<&Estimate>, sign: f64, smallest: f64, level: f64) -> Self {
        match difference {
            None => Self::Undefined,
            Some(Estimate { interval: None, .. }) => Self::TooFew,
            Some(_) if !reaches(smallest, level) => Self::TooFew,
            Some(difference) => match (difference.is_above(0.0), difference.is_below(0.0)) {
                (false, false) => Self::NotTold,
                (above, _) if above == (sign > 0.0) => Self::Better,
                _ => Self::Worse,
            },
        }
    }

    /// The verdict in words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Better => "A is better",
            Self::Worse => "A is worse",
            Self::NotTold => "not told apart",
            Self::TooFew => "too few lifetimes",
            Self::Undefined => "no value",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_on_one_side_of_zero_decides() {
        let of = |low, high, sign| {
            Verdict::of(
                Some(&Estimate { point: 0.0, interval: Some((low, high)) }),
                sign,
                0.03,
                0.05,
            )
        };
        assert_eq!(of(0.1, 0.2, 1.0), Verdict::Better);
        assert_eq!(of(0.1, 0.2, -1.0), Verdict::Worse);
        assert_eq!(of(-0.2, -0.1, 1.0), Verdict::Worse);
        assert_eq!(of(-0.2, -0.1, -1.0), Verdict::Better);
        assert_eq!(of(0.0, 0.1, 1.0), Verdict::NotTold);
        let alone = Estimate { point: 1.0, interval: None };
        assert_eq!(Verdict::of(Some(&alone), 1.0, 0.01, 0.05), Verdict::TooFew);
        assert_eq!(Verdict::of(None, 1.0, 0.01, 0.05), Verdict::Undefined);
        let apart = Estimate { point: 1.0, interval: Some((0.5, 1.5)) };
        assert_eq!(Verdict::of(Some(&apart), 1.0, 0.1, 0.05), Verdict::TooFew);
    }
}
