//! Backward transfer as a ratio.

use super::{SOURCE, TRANSFER_INPUTS, ratio, transfer};
use crate::definition::{Better, Definition, Unit};
use crate::family::Family;

pub(super) static DEFINITION: Definition = Definition {
    name: "backward_transfer_ratio",
    family: Family::Formalism,
    meaning: "evaluation of a task learnt earlier, after against before another was learnt; above 1: helped",
    formula: "mean over pairs (learnt A, evaluated B) of the mean over windows of \
              after / before, in points from 1 to 101",
    inputs: TRANSFER_INPUTS,
    undefined: "no such pair of evaluations; without a scale also before = 0 < after; 0 / 0 is 1",
    source: SOURCE,
    unit: Unit::Ratio,
    better: Better::Higher,
    measure: |life| transfer(life, true, NONE, ratio),
};

const NONE: &str =
    "no task was evaluated before and after another was learnt, after its own learning";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetime::worked::{lifetime, raw};

    /// By hand: after x was learnt, a halves it, and b doubles it and then leaves it.
    #[test]
    fn all_later_evaluations_count() {
        let life = lifetime(
            "e x=1 | l x 1 | e x=4 | l a 1 | e x=2 | l b 1 | e x=4 | l a 1 | l b 1 | e x=4",
        );
        let measured = (DEFINITION.measure)(&raw(&life));
        let values: Vec<f64> = measured.pairs.iter().map(|pair| pair.value).collect();
        assert_eq!(values, [(0.5 + 1.0) / 2.0, (2.0 + 1.0) / 2.0]);
        assert_eq!(measured.value, Ok((0.75 + 1.5) / 2.0));
    }

    #[test]
    fn one_task_has_no_transfer() {
        let life = lifetime("e x=1 | l x 1 | e x=4 | l x 1 | e x=2");
        assert_eq!((DEFINITION.measure)(&raw(&life)).value, Err(NONE.into()));
    }
}
