//! Steps in learning.

use super::SOURCE;
use crate::definition::{Better, Definition, Measured, Unit};
use crate::family::Family;

pub(super) static DEFINITION: Definition = Definition {
    name: "learning_steps",
    family: Family::Cost,
    meaning: "steps in learning",
    formula: "sum of the steps of the learning rows",
    inputs: "lengths of experiences (`episode_step_count`)",
    undefined: "the log has no lengths",
    source: SOURCE,
    unit: Unit::Steps,
    better: Better::Lower,
    measure: |life| {
        let cost = &life.lifetime.cost;
        Measured::of_lifetime(cost.learning_steps.map(|n| n as f64).ok_or(super::NO_STEPS.into()))
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetime::worked::{lifetime, raw};

    /// By hand.
    #[test]
    fn steps_of_learning_rows() {
        let life = lifetime("e x=1@7 | l x 1@2 4@8");
        assert_eq!((DEFINITION.measure)(&raw(&life)).value, Ok(10.0));
    }
}
