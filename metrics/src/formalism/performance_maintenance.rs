//! Performance maintenance: what later evaluations keep of what was learnt.

use super::{SOURCE, points};
use crate::definition::{Better, Definition, Measured, Unit, Value};
use crate::family::Family;
use crate::lifetime::Scaled;

pub(super) static DEFINITION: Definition = Definition {
    name: "performance_maintenance",
    family: Family::Formalism,
    meaning: "later evaluations minus the first one after learning; 0: kept, below 0: forgotten",
    formula: "mean over tasks of the mean over evaluations that follow the task's learning, but \
              are not the first after its latest learning, of their performance minus that of \
              the first after its latest learning",
    inputs: "two evaluations of a task after its latest learning, or between two learnings",
    undefined: "no evaluation later than the first one after learning",
    source: SOURCE,
    unit: Unit::Points,
    better: Better::Higher,
    measure: |life| Measured::over_tasks(life, life.lifetime.learnt_tasks(), NONE, |t| of(life, t)),
};

const NONE: &str = "no evaluation later than the first one after learning";

fn of(life: &Scaled, task: usize) -> Value {
    let learning = &life.lifetime.learning;
    let (mut seen, mut latest) = (0, None);
    let mut reference = None;
    let mut kept = Vec::new();
    for evaluation in life.evaluations(task) {
        let own = (seen..evaluation.gap).rev().find(|regime| learning[*regime] == task);
        (seen, latest) = (evaluation.gap, own.or(latest));
        match (latest, reference) {
            (None, _) => {}
            (latest, Some((after, mean))) if after == latest => {
                kept.push(points(life, evaluation.mean) - points(life, mean));
            }
            _ => reference = Some((latest, evaluation.mean)),
        }
    }
    crate::definition::mean(&kept).ok_or(NONE.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetime::worked::{lifetime, raw, scaled};

    /// By hand: after the first learning 5 is the reference of 3 and 4; after the second 8
    /// is that of 6: (-2 - 1 - 2) / 3.
    #[test]
    fn every_evaluation_is_compared_with_the_latest_learnings() {
        let life = lifetime(
            "e x=0 | l x 1 | e x=5 | l a 1 | e x=3 | l a 1 | e x=4 | l x 1 | e x=8 | l a 1 | e x=6",
        );
        let measured = (DEFINITION.measure)(&raw(&life));
        assert_eq!(measured.tasks[0], ("x".to_owned(), Ok(-5.0 / 3.0)));
        assert_eq!(measured.value, Ok(-5.0 / 3.0));
        // On the range 0 to 8 a point is 0.08.
        assert!(((DEFINITION.measure)(&scaled(&life)).value.unwrap() + 62.5 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn the_first_evaluation_after_learning_is_none() {
        let life = lifetime("e x=0 | l x 1 | e x=5 | l x 1 | e x=9");
        assert_eq!((DEFINITION.measure)(&raw(&life)).value, Err(NONE.into()));
    }
}
