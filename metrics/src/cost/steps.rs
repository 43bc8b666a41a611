//! Steps in all.

use super::SOURCE;
use crate::definition::{Better, Definition, Measured, Unit};
use crate::family::Family;

pub(super) static DEFINITION: Definition = Definition {
    name: "steps",
    family: Family::Cost,
    meaning: "steps in learning and evaluation",
    formula: "sum of the steps of all rows",
    inputs: "lengths of experiences (`episode_step_count`)",
    undefined: "the log has no lengths",
    source: SOURCE,
    unit: Unit::Steps,
    better: Better::Lower,
    measure: |life| {
        let cost = &life.lifetime.cost;
        let all = cost.learning_steps.zip(cost.evaluation_steps).map(|(l, e)| (l + e) as f64);
        Measured::of_lifetime(all.ok_or(super::NO_STEPS.into()))
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetime::worked::{lifetime, raw};

    /// By hand.
    #[test]
    fn steps_of_all_rows() {
        let life = lifetime("e x=1@7 | l x 1@2 4@8");
        assert_eq!((DEFINITION.measure)(&raw(&life)).value, Ok(17.0));
    }
}
