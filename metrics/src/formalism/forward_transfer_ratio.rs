//! Forward transfer as a ratio.

use super::{SOURCE, TRANSFER_INPUTS, ratio, transfer};
use crate::definition::{Better, Definition, Unit};
use crate::family::Family;

pub(super) static DEFINITION: Definition = Definition {
    name: "forward_transfer_ratio",
    family: Family::Formalism,
    meaning: "evaluation of a task not yet learnt, after against before another was learnt; above 1: helped",
    formula: "mean over pairs (learnt A, evaluated B) of the mean over windows of \
              after / before, in points from 1 to 101",
    inputs: TRANSFER_INPUTS,
    undefined: "no such pair of evaluations; without a scale also before = 0 < after; 0 / 0 is 1",
    source: SOURCE,
    unit: Unit::Ratio,
    better: Better::Higher,
    measure: |life| transfer(life, false, NONE, ratio),
};

const NONE: &str =
    "no task was evaluated before and after another was learnt, ahead of its own learning";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::Pair;
    use crate::lifetime::worked::{lifetime, raw, scaled};

    fn pair(from: &str, to: &str, value: f64) -> Pair {
        Pair { from: from.to_owned(), to: to.to_owned(), value }
    }

    /// By hand: x goes from 2 to 6 while a and b are learnt, so both are credited with 3;
    /// then from 6 to 3 while a alone is: a's two values are 3 and 1/2. What x does while x
    /// itself is learnt is nobody's, and after that it is backward transfer.
    #[test]
    fn every_task_learnt_between_is_credited() {
        let life = lifetime(
            "e x=2 | l a 1 | l b 1 | e x=6 | l a 1 | e x=3 | l x 1 | e x=9 | l a 1 | e x=1",
        );
        let measured = (DEFINITION.measure)(&raw(&life));
        assert_eq!(measured.pairs, [pair("a", "x", 1.75), pair("b", "x", 3.0)]);
        assert_eq!(measured.value, Ok((1.75 + 3.0) / 2.0));
    }

    /// By hand: x's range is 0 to 4, so its evaluations are 1 and 51 points.
    #[test]
    fn on_a_scale_nothing_is_divided_by_zero() {
        let life = lifetime("e x=0 | l a 1 | e x=2 | l x 4 | e x=4");
        assert_eq!((DEFINITION.measure)(&scaled(&life)).value, Ok(51.0));
        // Without a scale it is undefined.
        let measured = (DEFINITION.measure)(&raw(&life));
        assert_eq!(measured.value, Err(NONE.into()));
    }

    /// A task that is never learnt (a held-out variant) is one that is not yet learnt.
    #[test]
    fn held_out_tasks_count() {
        let life = lifetime("e x=2 | l a 1 | e x=3");
        assert_eq!((DEFINITION.measure)(&raw(&life)).value, Ok(1.5));
    }
}
