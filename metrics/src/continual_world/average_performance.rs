//! Average performance at the end of the lifetime.

use super::SOURCE;
use crate::definition::{Better, Definition, Measured, Unit, Value};
use crate::family::Family;
use crate::lifetime::Scaled;

pub(super) static DEFINITION: Definition = Definition {
    name: "average_performance",
    family: Family::ContinualWorld,
    meaning: "performance at the end, over all tasks that were learnt",
    formula: "mean over the tasks learnt of the last evaluation",
    inputs: "an evaluation of a task after it was learnt",
    undefined: "no task was evaluated after it was learnt",
    source: SOURCE,
    unit: Unit::Performance,
    better: Better::Higher,
    measure: |life| Measured::over_tasks(life, life.lifetime.learnt_tasks(), NONE, |t| of(life, t)),
};

const NONE: &str = "not evaluated after it was learnt";

fn of(life: &Scaled, task: usize) -> Value {
    life.final_evaluation(task).ok_or(NONE.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetime::worked::{lifetime, raw};

    /// By hand: x ends at 2, y at 5; h is never learnt and does not count.
    #[test]
    fn the_mean_of_the_last_evaluations() {
        let life = lifetime("e x=0 y=0 h=9 | l x 1 | e x=3 y=1 | l y 1 | e x=2 y=4,6 h=9");
        let measured = (DEFINITION.measure)(&raw(&life));
        assert_eq!(measured.value, Ok(3.5));
        assert_eq!(measured.tasks.len(), 2);
        let life = lifetime("e x=0 | l x 1");
        assert_eq!((DEFINITION.measure)(&raw(&life)).value, Err(NONE.into()));
    }
}
