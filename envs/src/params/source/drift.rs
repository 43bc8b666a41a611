//! A number that moves from episode to episode.

use super::super::{ParamKind, ParamValue};
use serde::{Deserialize, Serialize};

/// From one number to another over so many episodes, in equal steps; afterwards the
/// second number stays.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drift {
    /// The value in the first episode, index 0.
    pub from: f64,
    /// The value in episode `over - 1` and in all that follow.
    pub to: f64,
    /// The number of episodes from the first value to the last; at least 2.
    pub over: u64,
}

impl Drift {
    /// The number in episode `episode`: `from + (to - from) * episode / (over - 1)`,
    /// and `to` itself from episode `over - 1` on.
    pub fn at(&self, episode: u64) -> f64 {
        let last = self.over.saturating_sub(1);
        if episode >= last {
            return self.to;
        }
        let part = episode as f64 / last as f64;
        // Weighted ends, so that a long way does not overflow; rounding leaves neither.
        let x = self.from * (1.0 - part) + self.to * part;
        x.clamp(self.from.min(self.to), self.from.max(self.to))
    }

    /// [`Drift::at`] as a value of `kind`: for an integer rounded to the nearest, a
    /// half away from zero.
    pub(super) fn value(&self, kind: &ParamKind, episode: u64) -> ParamValue {
        let x = self.at(episode);
        match kind {
            ParamKind::Int { .. } => ParamValue::Int(x.round() as i64),
            _ => ParamValue::Float(x),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ends_are_met_exactly_and_the_last_value_stays() {
        let drift = Drift { from: 0.1, to: 0.7, over: 4 };
        let values: Vec<f64> = (0..6).map(|e| drift.at(e)).collect();
        assert_eq!([values[0], values[3], values[4], values[5]], [0.1, 0.7, 0.7, 0.7]);
        assert!((values[1] - 0.3).abs() < 1e-12 && (values[2] - 0.5).abs() < 1e-12, "{values:?}");
    }

    /// 3 to 5 over five episodes: 3, 3.5, 4, 4.5, 5; halves go up. Downwards below
    /// zero they go away from zero too.
    #[test]
    fn integers_are_rounded() {
        let int = ParamKind::Int { min: -9, max: 9 };
        let of = |from, to| -> Vec<ParamValue> {
            (0..5).map(|e| Drift { from, to, over: 5 }.value(&int, e)).collect()
        };
        assert_eq!(of(3.0, 5.0), [3, 4, 4, 5, 5].map(ParamValue::Int));
        assert_eq!(of(-3.0, -5.0), [-3, -4, -4, -5, -5].map(ParamValue::Int));
    }

    proptest! {
        /// Every value lies between the ends, and the values never turn back.
        #[test]
        fn values_stay_between_the_ends(from in -1e300..1e300f64, to in -1e300..1e300f64, over in 2..50u64) {
            let drift = Drift { from, to, over };
            let values: Vec<f64> = (0..over + 3).map(|e| drift.at(e)).collect();
            let slack = 1e-12 * from.abs().max(to.abs());
            prop_assert_eq!((values[0], values[over as usize]), (from, to));
            for pair in values.windows(2) {
                let way = (pair[1] - pair[0]) * (to - from).signum();
                prop_assert!(way >= -slack, "back by {}", -way);
            }
            let (low, high) = (from.min(to), from.max(to));
            prop_assert!(values.iter().all(|x| (low..=high).contains(x)));
        }
    }
}
