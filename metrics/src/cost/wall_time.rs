//! Wall time.

use super::SOURCE;
use crate::definition::{Better, Definition, Measured, Unit};
use crate::family::Family;

pub(super) static DEFINITION: Definition = Definition {
    name: "wall_time",
    family: Family::Cost,
    meaning: "seconds from the first to the last end of an experience, pauses included",
    formula: "latest minus earliest end of an experience",
    inputs: "times of experiences (a run's timing table, or L2Logger's `timestamp`)",
    undefined: "the log has no times",
    source: SOURCE,
    unit: Unit::Seconds,
    better: Better::Lower,
    measure: |life| {
        let cost = &life.lifetime.cost;
        Measured::of_lifetime(cost.seconds.ok_or("the log has no times".into()))
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Experiences;
    use crate::l2metrics::Settings;
    use crate::lifetime::Lifetime;
    use crate::lifetime::worked::{log, raw};

    fn measured(log: &Experiences) -> Lifetime {
        Lifetime::new(log, &Settings::default()).unwrap()
    }

    /// By hand: a second and a half between the first and the last end.
    #[test]
    fn from_first_to_last_end() {
        let mut log = log("l x 1 2 3");
        assert!((DEFINITION.measure)(&raw(&measured(&log))).value.is_err());
        log.finished_at = Some([Some(2_000_000), None, Some(3_500_000)].into_iter().collect());
        assert_eq!((DEFINITION.measure)(&raw(&measured(&log))).value, Ok(1.5));
    }
}
