//! Time to threshold: how long learning takes to be good enough.

use super::{NONE, SOURCE};
use crate::definition::{Better, Definition, Measured, Unit};
use crate::family::Family;
use crate::lifetime::{Scaled, curve};

/// The share of a task's range that is good enough.
const THRESHOLD: f64 = 0.8;

pub(super) static DEFINITION: Definition = Definition {
    name: "time_to_threshold",
    family: Family::Curve,
    meaning: "learning experiences until performance is at 80% of the task's range",
    formula: "mean over the tasks learnt of the number of learning experiences before the smoothed \
              learning curve, all stretches one after the other, first reaches 0.8",
    inputs: "the learning of a task",
    undefined: "no learning experiences, or no scale; a task that never reaches it counts with all \
                its learning experiences, which is then too few",
    source: SOURCE,
    unit: Unit::Experiences,
    better: Better::Lower,
    measure,
};

fn measure(life: &Scaled) -> Measured {
    if life.raw {
        return Measured::of_lifetime(Err("a threshold needs a scale".into()));
    }
    Measured::over_tasks(life, life.lifetime.learnt_tasks(), NONE, |task| {
        Ok(curve::reaches(&life.learning(task), THRESHOLD) as f64)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetime::worked::{lifetime, raw, scaled};

    /// By hand: x spans 0 to 10 and is at 8 with its fourth experience; y reaches 8 in no
    /// learning, for its top is an evaluation.
    #[test]
    fn experiences_before_the_threshold() {
        let life = lifetime("l x 0 5 | l y 0 7 7 | l x 7 8 10 | e y=10");
        let measured = (DEFINITION.measure)(&scaled(&life));
        assert_eq!(measured.tasks, [("x".to_owned(), Ok(3.0)), ("y".to_owned(), Ok(3.0))]);
        assert!((DEFINITION.measure)(&raw(&life)).value.is_err());
    }
}
