//! BWT: backward transfer.

use super::SOURCE;
use crate::definition::{Better, Definition, Measured, Unit, Value};
use crate::family::Family;
use crate::lifetime::Scaled;

pub(super) static DEFINITION: Definition = Definition {
    name: "bwt",
    family: Family::Gem,
    meaning: "performance at the end minus right after a task was first learnt; below 0: forgotten",
    formula: "1/(T-1) sum over tasks i but the last of R(T, i) - R(i, i)",
    inputs: "evaluations of a task after its first learning and after the last learning",
    undefined: "fewer than two tasks learnt, or none evaluated at both times",
    source: SOURCE,
    unit: Unit::Difference,
    better: Better::Higher,
    measure: |life| {
        let all_but_last = 0..life.lifetime.learnt.saturating_sub(1);
        Measured::over_tasks(life, all_but_last, NONE, |task| of(life, task))
    },
};

const NONE: &str = "no task but the last was evaluated after its first learning and at the end";

fn of(life: &Scaled, task: usize) -> Value {
    let first = life.lifetime.stretches_of(task).next().ok_or(NONE)?;
    let after = life.evaluation_after(task, first.learning.end).ok_or(NONE)?;
    let end = life.evaluation_after(task, life.lifetime.learning.len()).ok_or(NONE)?;
    Ok(end - after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetime::worked::{lifetime, raw};

    /// By hand: x goes from 5 to 3, y from 4 to 6, z is the last: (-2 + 2) / 2.
    #[test]
    fn the_end_against_the_first_learning() {
        let life = lifetime("l x 1 | e x=5 | l y 1 | e x=9 y=4 | l z 1 | e x=3 y=6 z=1");
        let measured = (DEFINITION.measure)(&raw(&life));
        assert_eq!(measured.value, Ok(0.0));
        assert_eq!(measured.tasks, [("x".to_owned(), Ok(-2.0)), ("y".to_owned(), Ok(2.0))]);
        let one = lifetime("l x 1 | e x=5");
        assert_eq!((DEFINITION.measure)(&raw(&one)).value, Err(NONE.into()));
    }
}
