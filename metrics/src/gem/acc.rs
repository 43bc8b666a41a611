//! ACC: average accuracy at the end.

use super::SOURCE;
use crate::definition::{Better, Definition, Measured, Unit, Value};
use crate::family::Family;
use crate::lifetime::Scaled;

pub(super) static DEFINITION: Definition = Definition {
    name: "acc",
    family: Family::Gem,
    meaning: "performance at the end, over all tasks that were learnt",
    formula: "(1/T) sum over tasks j of R(T, j): the mean over the tasks learnt of the last \
              evaluation, if after all learning",
    inputs: "an evaluation of the tasks after the last learning",
    undefined: "no evaluation of a learnt task after the last learning",
    source: SOURCE,
    unit: Unit::Performance,
    better: Better::Higher,
    measure: |life| Measured::over_tasks(life, life.lifetime.learnt_tasks(), NONE, |t| of(life, t)),
};

const NONE: &str = "not evaluated after the last learning";

fn of(life: &Scaled, task: usize) -> Value {
    life.evaluation_after(task, life.lifetime.learning.len()).ok_or(NONE.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetime::worked::{lifetime, raw};

    /// By hand: (2 + 4) / 2; unlike Continual World's average, an earlier evaluation of z does
    /// not stand for one at the end.
    #[test]
    fn evaluations_after_all_learning() {
        let life = lifetime("l z 1 | e z=9 | l x 1 | e x=3 | l y 1 | e x=2 y=4");
        let measured = (DEFINITION.measure)(&raw(&life));
        assert_eq!(measured.value, Ok(3.0));
        assert_eq!(measured.tasks[0].1, Err(NONE.into()));
    }
}
