//! Asymptote: where learning ends.

use super::{NONE, SOURCE};
use crate::definition::{Better, Definition, Measured, Unit};
use crate::family::Family;
use crate::lifetime::curve::ending;

pub(super) static DEFINITION: Definition = Definition {
    name: "asymptote",
    family: Family::Curve,
    meaning: "performance at the end of learning",
    formula: "mean over the tasks learnt of the mean of the last tenth of the smoothed learning \
              curve of the task's last stretch",
    inputs: "the learning of a task",
    undefined: "no learning experiences",
    source: SOURCE,
    unit: Unit::Performance,
    better: Better::Higher,
    measure: |life| {
        Measured::over_tasks(life, life.lifetime.learnt_tasks(), NONE, |task| {
            let last = life.lifetime.stretches_of(task).last();
            last.map(|stretch| ending(life.curve(stretch))).ok_or(NONE.into())
        })
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetime::worked::{lifetime, raw};

    /// By hand: the last row of the last stretch, which has 4 rows.
    #[test]
    fn the_last_tenth_of_the_last_stretch() {
        let life = lifetime("l x 9 9 | l y 5 | l x 1 2 3 7");
        assert_eq!((DEFINITION.measure)(&raw(&life)).value, Ok(6.0));
    }
}
