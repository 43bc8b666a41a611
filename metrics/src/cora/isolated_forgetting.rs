//! Isolated forgetting: what one task's learning makes another forget.

use super::{SOURCE, over_largest};
use crate::definition::{Better, Definition, Unit};
use crate::family::Family;

pub(super) static DEFINITION: Definition = Definition {
    name: "isolated_forgetting",
    family: Family::Cora,
    meaning: "raw evaluation of a learnt task before minus after another was learnt, over its \
              largest; above 0: forgotten",
    formula: "mean over pairs (learnt A, evaluated B) of the mean over windows of \
              (before - after) / max |evaluation of B|",
    inputs: "evaluations of a learnt task before and after another was learnt",
    undefined: "no such pair of evaluations; a task whose evaluations are all 0 counts with 0",
    source: SOURCE,
    unit: Unit::Ratio,
    better: Better::Lower,
    measure: |life| over_largest(life, NONE, |w| w.known, |w| w.before - w.after),
};

const NONE: &str =
    "no task was evaluated before and after another was learnt, after its own learning";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetime::worked::{lifetime, raw, scaled};

    /// By hand: x falls from -2 to -4, its largest in size: 2 / 4, whatever the scale.
    #[test]
    fn losses_over_the_largest_return() {
        let life = lifetime("e x=-3 | l x 1 | e x=-2 | l a 1 | e x=-4");
        assert_eq!((DEFINITION.measure)(&raw(&life)).value, Ok(0.5));
        assert_eq!((DEFINITION.measure)(&scaled(&life)).value, Ok(0.5));
        let life = lifetime("e x=0 | l x 1 | e x=0 | l a 1 | e x=0");
        assert_eq!((DEFINITION.measure)(&raw(&life)).value, Ok(0.0));
        let life = lifetime("e x=0 | l a 1 | e x=1");
        assert_eq!((DEFINITION.measure)(&raw(&life)).value, Err(NONE.into()));
    }
}
