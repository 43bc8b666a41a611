//! Area under the learning curve.

use super::{NONE, SOURCE};
use crate::definition::{Better, Definition, Measured, Unit, mean};
use crate::family::Family;

pub(super) static DEFINITION: Definition = Definition {
    name: "area",
    family: Family::Curve,
    meaning: "performance while learning: the area under the learning curve, per experience",
    formula: "mean over the tasks learnt of the mean of the smoothed learning curve, all stretches \
              one after the other",
    inputs: "the learning of a task",
    undefined: "no learning experiences",
    source: SOURCE,
    unit: Unit::Performance,
    better: Better::Higher,
    measure: |life| {
        Measured::over_tasks(life, life.lifetime.learnt_tasks(), NONE, |task| {
            mean(&life.learning(task)).ok_or(NONE.into())
        })
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetime::worked::{lifetime, raw};

    /// By hand: x has 1, 2, 6 in two stretches, y has 5; tasks weigh alike.
    #[test]
    fn tasks_weigh_alike() {
        let life = lifetime("l x 1 2 | l y 5 | l x 6");
        assert_eq!((DEFINITION.measure)(&raw(&life)).value, Ok(4.0));
        assert_eq!((DEFINITION.measure)(&raw(&lifetime("e x=1"))).value, Err(NONE.into()));
    }
}
