//! Performance recovery: whether a task comes back ever faster.

use super::SOURCE;
use crate::definition::{Better, Definition, Measured, Unit, Value};
use crate::family::Family;
use crate::lifetime::{Scaled, curve};

pub(super) static DEFINITION: Definition = Definition {
    name: "performance_recovery",
    family: Family::Formalism,
    meaning: "how many experiences fewer a task needs, each time it comes back, to be where it was; \
              above 0: ever faster",
    formula: "mean over tasks of minus the Theil-Sen slope of the recovery times t(1), t(2), ...; \
              t(k) is the first row, from 0, at which the smoothed curve of the task's stretch k \
              of learning reaches the mean of the last tenth of that of stretch k - 1",
    inputs: "three stretches of learning of a task, other tasks learnt between",
    undefined: "fewer than three stretches; a stretch that never reaches the level counts with its \
                number of rows",
    source: SOURCE,
    unit: Unit::ExperiencesPerRepeat,
    better: Better::Higher,
    measure: |life| Measured::over_tasks(life, life.lifetime.learnt_tasks(), NONE, |t| of(life, t)),
};

const NONE: &str = "no task was learnt three times with other tasks learnt between";

fn of(life: &Scaled, task: usize) -> Value {
    let curves: Vec<&[f64]> = life.lifetime.stretches_of(task).map(|s| life.curve(s)).collect();
    let times: Vec<f64> = curves
        .windows(2)
        .map(|pair| curve::reaches(pair[1], curve::ending(pair[0])) as f64)
        .collect();
    curve::trend(&times).map(|slope| -slope).ok_or(NONE.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetime::worked::{lifetime, raw};

    /// By hand: x ends at 4; then it needs 3, then 1, then 0 experiences. Slopes between the
    /// points (0, 3), (1, 1), (2, 0) are -2, -1, -1.5.
    #[test]
    fn recovery_times_have_a_trend() {
        let life = lifetime("l x 1 4 | l a 1 | l x 1 2 3 4 | l b 1 | l x 2 4 | l c 1 | l x 4 5");
        assert_eq!((DEFINITION.measure)(&raw(&life)).value, Ok(1.5));
    }

    /// By hand: 4 is reached with the second row, 4.5 never in one row: times 1 and 1.
    #[test]
    fn a_level_that_is_never_reached_counts_with_the_number_of_rows() {
        let life = lifetime("l x 4 | l a 1 | l x 1 4.5 | l a 1 | l x 2");
        assert_eq!((DEFINITION.measure)(&raw(&life)).value, Ok(0.0));
    }

    /// Learning that goes on after an evaluation has nothing to recover from.
    #[test]
    fn learning_that_goes_on_is_one_stretch() {
        let life = lifetime("l x 1 | e x=1 | l x 2 | e x=1 | l x 3 | e x=1 | l x 4");
        assert_eq!((DEFINITION.measure)(&raw(&life)).value, Err(NONE.into()));
    }
}
