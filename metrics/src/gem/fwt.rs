//! FWT: forward transfer.

use super::SOURCE;
use crate::definition::{Better, Definition, Measured, Unit, Value};
use crate::family::Family;
use crate::lifetime::Scaled;

pub(super) static DEFINITION: Definition = Definition {
    name: "fwt",
    family: Family::Gem,
    meaning: "performance right before a task was first learnt minus before anything was; above 0: \
              helped",
    formula: "1/(T-1) sum over tasks i but the first of R(i-1, i) - b(i); b(i) is the evaluation \
              before any learning, R(i-1, i) the last one before the first learning of i",
    inputs: "evaluations of a task before any learning and before its own",
    undefined: "fewer than two tasks learnt, or none evaluated at both times; where both times are \
                one evaluation the difference is 0",
    source: SOURCE,
    unit: Unit::Difference,
    better: Better::Higher,
    measure: |life| {
        let all_but_first = 1..life.lifetime.learnt.max(1);
        Measured::over_tasks(life, all_but_first, NONE, |task| of(life, task))
    },
};

const NONE: &str = "no task but the first was evaluated before any learning and before its own";

fn of(life: &Scaled, task: usize) -> Value {
    let first = life.lifetime.stretches_of(task).next().ok_or(NONE)?;
    let blank = life.evaluation_before(task, 0).ok_or(NONE)?;
    let before = life.evaluation_before(task, first.learning.start).ok_or(NONE)?;
    Ok(before - blank)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetime::worked::{lifetime, raw};

    /// By hand: y goes from 1 to 4 before it is learnt, z from 2 to 1: (3 - 1) / 2.
    #[test]
    fn before_its_learning_against_before_any() {
        let life = lifetime("e x=9 y=1 z=2 | l x 1 | e y=4 z=5 | l y 1 | e z=1 | l z 1");
        let measured = (DEFINITION.measure)(&raw(&life));
        assert_eq!(measured.value, Ok(1.0));
        assert_eq!(measured.tasks, [("y".to_owned(), Ok(3.0)), ("z".to_owned(), Ok(-1.0))]);
        let one = lifetime("e x=5 | l x 1 | e x=6");
        assert_eq!((DEFINITION.measure)(&raw(&one)).value, Err(NONE.into()));
    }
}
