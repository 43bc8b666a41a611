//! Backward transfer as a contrast.

use super::{SOURCE, TRANSFER_INPUTS, contrast, transfer};
use crate::definition::{Better, Definition, Unit};
use crate::family::Family;

pub(super) static DEFINITION: Definition = Definition {
    name: "backward_transfer_contrast",
    family: Family::Formalism,
    meaning: "evaluation of a task learnt earlier, after against before another was learnt; above 0: helped",
    formula: "mean over pairs (learnt A, evaluated B) of the mean over windows of \
              (after - before) / (after + before), in points from 1 to 101",
    inputs: TRANSFER_INPUTS,
    undefined: "no such pair of evaluations; without a scale also before = -after; 0 / 0 is 0",
    source: SOURCE,
    unit: Unit::Contrast,
    better: Better::Higher,
    measure: |life| transfer(life, true, NONE, contrast),
};

const NONE: &str =
    "no task was evaluated before and after another was learnt, after its own learning";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetime::worked::{lifetime, raw};

    /// By hand: (1 - 3) / (1 + 3); the evaluations before x was learnt do not count.
    #[test]
    fn forgetting_is_negative() {
        let life = lifetime("e x=2 | l a 1 | e x=9 | l x 1 | e x=3 | l a 1 | e x=1");
        assert_eq!((DEFINITION.measure)(&raw(&life)).value, Ok(-0.5));
    }
}
