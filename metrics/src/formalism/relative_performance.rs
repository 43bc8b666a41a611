//! Performance relative to a single-task expert.

use super::{SOURCE, points};
use crate::definition::{Better, Definition, Measured, Unit, Value, mean};
use crate::family::Family;
use crate::lifetime::Scaled;

pub(super) static DEFINITION: Definition = Definition {
    name: "relative_performance",
    family: Family::Formalism,
    meaning: "area under the learning curve relative to a single-task expert's; above 1: better",
    formula: "mean over tasks of the mean over the expert's runs of sum(learner) / sum(expert), in \
              points from 1 to 101, over as many learning experiences as both have",
    inputs: "the learning of a task, and a run of its single-task expert",
    undefined: "no expert of any task that was learnt; without a scale also an expert whose sum is 0",
    source: SOURCE,
    unit: Unit::Ratio,
    better: Better::Higher,
    measure: |life| Measured::over_tasks(life, life.lifetime.learnt_tasks(), NONE, |t| of(life, t)),
};

const NONE: &str = "needs the log of a single-task expert";

fn of(life: &Scaled, task: usize) -> Value {
    let learner = life.learning(task);
    let sum = |curve: &[f64]| curve.iter().map(|share| points(life, *share)).sum::<f64>();
    let ratio = |expert: &Vec<f64>| {
        let rows = learner.len().min(expert.len());
        let reference = sum(&expert[..rows]);
        (reference != 0.0).then(|| sum(&learner[..rows]) / reference)
    };
    let experts = life.experts(task);
    let ratios: Vec<f64> = experts.iter().filter_map(ratio).collect();
    mean(&ratios).ok_or_else(|| match experts {
        [] => NONE.into(),
        _ => "the expert's performance adds up to 0".into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetime::worked::{lifetime, raw, with_experts};

    /// By hand: over three rows the learner has 1 + 2 + 3, the expert's runs 2 + 2 + 2 and, of
    /// two rows only, 1 + 5 against 1 + 2: (1 + 0.5) / 2. Task a has no expert.
    #[test]
    fn sums_over_as_many_experiences_as_both_have() {
        let life = lifetime("l x 1 2 | l a 1 | l x 3");
        let runs: [(&str, &[f64]); 2] = [("X", &[2.0, 2.0, 2.0, 9.0]), ("x", &[1.0, 5.0])];
        assert_eq!((DEFINITION.measure)(&with_experts(&life, &runs[..1])).value, Ok(1.0));
        let measured = (DEFINITION.measure)(&with_experts(&life, &runs[1..]));
        assert_eq!(measured.tasks[0].1, Ok(0.5));
        assert_eq!(measured.tasks[1].1, Err(NONE.into()));
        assert_eq!((DEFINITION.measure)(&raw(&life)).value, Err(NONE.into()));
    }
}
