//! Normalised forward transfer: area under a task's first learning curve, against an expert's.

use super::SOURCE;
use crate::definition::{Better, Definition, Measured, Unit, Value, mean};
use crate::family::Family;
use crate::lifetime::{Scaled, curve};

pub(super) static DEFINITION: Definition = Definition {
    name: "forward_transfer",
    family: Family::ContinualWorld,
    meaning: "how much of what an expert leaves to gain a learner gains by what it knows; above 0: \
              helped",
    formula: "mean over the tasks learnt of the mean over the expert's runs of (a - a*) / (1 - a*); \
              a is the mean of the smoothed learning curve of the task's first stretch of \
              learning, a* that of the expert over as many experiences",
    inputs: "the learning of a task, and a run of its single-task expert; where the source \
             evaluates all along, the learning curve is taken",
    undefined: "no expert of any task that was learnt; an expert with a* = 1, that leaves nothing \
                to gain",
    source: SOURCE,
    unit: Unit::Ratio,
    better: Better::Higher,
    measure: |life| Measured::over_tasks(life, life.lifetime.learnt_tasks(), NONE, |t| of(life, t)),
};

const NONE: &str = "needs the log of a single-task expert";

fn of(life: &Scaled, task: usize) -> Value {
    let first = life.lifetime.stretches_of(task).next().ok_or(NONE)?;
    let learner = life.curve(first);
    let gained = |expert: &Vec<f64>| {
        let rows = learner.len().min(expert.len());
        let (area, reference) = (curve::mean(&learner[..rows]), curve::mean(&expert[..rows]));
        (reference != 1.0).then(|| (area - reference) / (1.0 - reference))
    };
    let experts = life.experts(task);
    let values: Vec<f64> = experts.iter().filter_map(gained).collect();
    mean(&values).ok_or_else(|| match experts {
        [] => NONE.into(),
        _ => "the expert leaves nothing to gain".into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetime::worked::{lifetime, with_experts};

    /// By hand: over the first stretch's two rows the learner has 0.75, the expert 0.5: a half of
    /// what it leaves. The later stretch does not count.
    #[test]
    fn areas_of_the_first_learning() {
        let life = lifetime("l x 0.5 1 | l a 0 | l x 0");
        let runs: [(&str, &[f64]); 1] = [("x", &[0.0, 1.0, 1.0])];
        let measured = (DEFINITION.measure)(&with_experts(&life, &runs));
        assert_eq!(measured.tasks[0].1, Ok(0.5));
        assert_eq!(measured.value, Ok(0.5));
    }

    #[test]
    fn a_perfect_expert_leaves_nothing() {
        let life = lifetime("l x 0.5");
        let runs: [(&str, &[f64]); 1] = [("x", &[1.0])];
        let value = (DEFINITION.measure)(&with_experts(&life, &runs)).value;
        assert_eq!(value.unwrap_err().to_string(), "the expert leaves nothing to gain");
    }
}
