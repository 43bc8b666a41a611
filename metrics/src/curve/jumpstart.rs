//! Jumpstart: how much higher a learner starts than an expert that knows nothing else.

use super::SOURCE;
use crate::definition::{Better, Definition, Measured, Unit, Value, mean};
use crate::family::Family;
use crate::lifetime::Scaled;
use crate::lifetime::curve::beginning;

pub(super) static DEFINITION: Definition = Definition {
    name: "jumpstart",
    family: Family::Curve,
    meaning: "performance at the start of learning minus a single-task expert's; above 0: helped",
    formula: "mean over the tasks learnt of the mean of the first tenth of the smoothed learning \
              curve of the task's first stretch, minus the mean over the expert's runs of the \
              mean of as many rows of theirs",
    inputs: "the learning of a task, and a run of its single-task expert; without experts, see \
             gem.fwt",
    undefined: "no expert of any task that was learnt",
    source: SOURCE,
    unit: Unit::Difference,
    better: Better::Higher,
    measure: |life| Measured::over_tasks(life, life.lifetime.learnt_tasks(), NONE, |t| of(life, t)),
};

const NONE: &str = "needs the log of a single-task expert";

fn of(life: &Scaled, task: usize) -> Value {
    let first = life.lifetime.stretches_of(task).next().ok_or(NONE)?;
    let learner = life.curve(first);
    let start = |expert: &Vec<f64>| beginning(&expert[..learner.len().min(expert.len())]);
    let experts: Vec<f64> = life.experts(task).iter().map(start).collect();
    Ok(beginning(learner) - mean(&experts).ok_or(NONE)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetime::worked::{lifetime, with_experts};

    /// By hand: the learner starts at 3, the expert's runs at 1 and 2.
    #[test]
    fn starts_are_compared() {
        let life = lifetime("l x 3 9 9");
        let runs: [(&str, &[f64]); 2] = [("x", &[1.0, 9.0]), ("x", &[2.0, 9.0])];
        assert_eq!((DEFINITION.measure)(&with_experts(&life, &runs)).value, Ok(1.5));
        assert_eq!((DEFINITION.measure)(&with_experts(&life, &[])).value, Err(NONE.into()));
    }
}
