//! Sample efficiency relative to a single-task expert.

use super::{SOURCE, points};
use crate::definition::{Better, Definition, Measured, Unit, Value, mean};
use crate::family::Family;
use crate::lifetime::{Scaled, curve};

pub(super) static DEFINITION: Definition = Definition {
    name: "sample_efficiency",
    family: Family::Formalism,
    meaning: "height and speed of saturation relative to a single-task expert's; above 1: better",
    formula: "mean over tasks of the mean over the expert's runs of (s / s*) (n* / n); s is the \
              highest point of the smoothed learning curve, in points from 1 to 101, n the number \
              of experiences up to it, 1 at least; with * those of the expert",
    inputs: "the learning of a task, and a run of its single-task expert",
    undefined: "no expert of any task that was learnt; without a scale also an expert that \
                saturates at 0",
    source: SOURCE,
    unit: Unit::Ratio,
    better: Better::Higher,
    measure: |life| Measured::over_tasks(life, life.lifetime.learnt_tasks(), NONE, |t| of(life, t)),
};

const NONE: &str = "needs the log of a single-task expert";

/// The highest point of a curve, and the number of experiences up to it.
fn saturation(curve: &[f64]) -> (f64, f64) {
    let highest = curve.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (highest, (curve::reaches(curve, highest) + 1) as f64)
}

fn of(life: &Scaled, task: usize) -> Value {
    let (height, time) = saturation(&life.learning(task));
    let efficiency = |expert: &Vec<f64>| {
        let (reference, reference_time) = saturation(expert);
        let reference = points(life, reference);
        (reference != 0.0).then(|| points(life, height) / reference * (reference_time / time))
    };
    let experts = life.experts(task);
    let values: Vec<f64> = experts.iter().filter_map(efficiency).collect();
    mean(&values).ok_or_else(|| match experts {
        [] => NONE.into(),
        _ => "the expert saturates at 0".into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetime::worked::{lifetime, with_experts};

    /// By hand: the learner reaches 6 with its third experience, the expert 4 with its second:
    /// (6 / 4) (2 / 3) = 1.
    #[test]
    fn height_and_speed_weigh_alike() {
        let life = lifetime("l x 1 2 6 6");
        let runs: [(&str, &[f64]); 1] = [("x", &[1.0, 4.0, 4.0])];
        assert_eq!((DEFINITION.measure)(&with_experts(&life, &runs)).value, Ok(1.0));
    }

    /// An expert that is the learner itself.
    #[test]
    fn the_learner_beside_itself_is_one() {
        let life = lifetime("l x 1 2 6 3");
        let runs: [(&str, &[f64]); 1] = [("x", &[1.0, 2.0, 6.0, 3.0])];
        assert_eq!((DEFINITION.measure)(&with_experts(&life, &runs)).value, Ok(1.0));
    }

    #[test]
    fn an_expert_at_zero_is_no_measure() {
        let life = lifetime("l x 1");
        let runs: [(&str, &[f64]); 1] = [("x", &[0.0])];
        let value = (DEFINITION.measure)(&with_experts(&life, &runs)).value;
        assert_eq!(value.unwrap_err().to_string(), "the expert saturates at 0");
    }
}
