//! Zero-shot transfer: what one task's learning does for a task not yet learnt.

use super::{SOURCE, over_largest};
use crate::definition::{Better, Definition, Unit};
use crate::family::Family;

pub(super) static DEFINITION: Definition = Definition {
    name: "zero_shot_transfer",
    family: Family::Cora,
    meaning: "raw evaluation of a task not yet learnt after minus before another was learnt, over \
              its largest; above 0: helped",
    formula: "mean over pairs (learnt A, evaluated B) of the mean over windows of \
              (after - before) / max |evaluation of B|",
    inputs: "evaluations of a task before and after another was learnt, ahead of its own learning",
    undefined: "no such pair of evaluations; a task whose evaluations are all 0 counts with 0",
    source: SOURCE,
    unit: Unit::Ratio,
    better: Better::Higher,
    measure: |life| over_largest(life, NONE, |w| !w.known, |w| w.after - w.before),
};

const NONE: &str =
    "no task was evaluated before and after another was learnt, ahead of its own learning";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetime::worked::{lifetime, raw};

    /// By hand: x rises from 1 to 3 by a, and its largest evaluation is 8.
    #[test]
    fn gains_over_the_largest_return() {
        let life = lifetime("e x=1 | l a 1 | e x=3 | l x 1 | e x=8 | l a 1 | e x=2");
        let measured = (DEFINITION.measure)(&raw(&life));
        assert_eq!(measured.value, Ok(0.25));
        assert_eq!(measured.pairs.len(), 1);
        assert_eq!((DEFINITION.measure)(&raw(&lifetime("e x=1"))).value, Err(NONE.into()));
    }
}
