//! Forward transfer as a contrast.

use super::{SOURCE, TRANSFER_INPUTS, contrast, transfer};
use crate::definition::{Better, Definition, Unit};
use crate::family::Family;

pub(super) static DEFINITION: Definition = Definition {
    name: "forward_transfer_contrast",
    family: Family::Formalism,
    meaning: "evaluation of a task not yet learnt, after against before another was learnt; above 0: helped",
    formula: "mean over pairs (learnt A, evaluated B) of the mean over windows of \
              (after - before) / (after + before), in points from 1 to 101",
    inputs: TRANSFER_INPUTS,
    undefined: "no such pair of evaluations; without a scale also before = -after; 0 / 0 is 0",
    source: SOURCE,
    unit: Unit::Contrast,
    better: Better::Higher,
    measure: |life| transfer(life, false, NONE, contrast),
};

const NONE: &str =
    "no task was evaluated before and after another was learnt, ahead of its own learning";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetime::worked::{lifetime, raw, scaled};

    /// By hand: (6 - 2) / (6 + 2).
    #[test]
    fn a_contrast_of_two_evaluations() {
        let life = lifetime("e x=2 | l a 1 | e x=6");
        assert_eq!((DEFINITION.measure)(&raw(&life)).value, Ok(0.5));
    }

    /// A task whose performance never changes is neither helped nor harmed.
    #[test]
    fn constant_tasks_have_a_contrast_of_zero() {
        let life = lifetime("e x=0.1 | l a 1 | e x=0.1");
        assert_eq!((DEFINITION.measure)(&scaled(&life)).value, Ok(0.0));
        assert_eq!((DEFINITION.measure)(&raw(&life)).value, Ok(0.0));
    }
}
