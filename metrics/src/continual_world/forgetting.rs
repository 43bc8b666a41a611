//! Forgetting: what is lost between the end of a task's learning and the end of the lifetime.

use super::SOURCE;
use crate::definition::{Better, Definition, Measured, Unit, Value};
use crate::family::Family;
use crate::lifetime::Scaled;

pub(super) static DEFINITION: Definition = Definition {
    name: "forgetting",
    family: Family::ContinualWorld,
    meaning: "performance right after a task's last learning minus at the end; above 0: forgotten",
    formula: "mean over the tasks learnt of the first evaluation after the last learning minus the \
              last evaluation",
    inputs: "an evaluation of a task after its last learning",
    undefined: "no task was evaluated after its last learning; a task whose first evaluation after \
                it is its last one counts with 0, as the last task does in the source",
    source: SOURCE,
    unit: Unit::Difference,
    better: Better::Lower,
    measure: |life| {
        Measured::over_tasks(life, life.lifetime.learnt_tasks(), NONE, |t| forgotten(life, t))
    },
};

const NONE: &str = "not evaluated after its last learning";

/// What a task lost after its last learning.
pub(crate) fn forgotten(life: &Scaled, task: usize) -> Value {
    let last = life.lifetime.stretches_of(task).last().ok_or(NONE)?;
    let after = life.evaluation_after(task, last.learning.end).ok_or(NONE)?;
    let end = life.final_evaluation(task).ok_or(NONE)?;
    Ok(after - end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetime::worked::{lifetime, raw};

    /// By hand: x has 6 after its second learning and 2 at the end, y 5 and 5: (4 + 0) / 2.
    #[test]
    fn from_the_last_learning_to_the_end() {
        let life = lifetime("e x=0 | l x 1 | e x=9 | l x 1 | e x=6 y=1 | l y 1 | e x=2 y=5");
        assert_eq!((DEFINITION.measure)(&raw(&life)).value, Ok(2.0));
        let life = lifetime("e x=0 | l x 1");
        assert_eq!((DEFINITION.measure)(&raw(&life)).value, Err(NONE.into()));
    }
}
