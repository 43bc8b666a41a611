//! The trend of the end of the learning curve.

use super::{INPUTS, NONE, SOURCE, trend};
use crate::definition::{Better, Definition, Unit};
use crate::family::Family;
use crate::lifetime::curve::ending;

pub(super) static DEFINITION: Definition = Definition {
    name: "asymptote_trend",
    family: Family::Plasticity,
    meaning: "change of performance at the end of learning with each repetition of a task; below 0: \
              plasticity is lost",
    formula: "mean over tasks of the Theil-Sen slope of the means of the last tenth of the smoothed \
              learning curves of the task's stretches",
    inputs: INPUTS,
    undefined: NONE,
    source: SOURCE,
    unit: Unit::PerformancePerRepeat,
    better: Better::Higher,
    measure: |life| trend(life, ending),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetime::worked::{lifetime, raw};

    /// By hand: ends of 5, 3 and 1.
    #[test]
    fn ends_of_stretches_have_a_trend() {
        let life = lifetime("l x 3 5 | l a 1 | l x 9 3 | l b 1 | l x 1");
        assert_eq!((DEFINITION.measure)(&raw(&life)).value, Ok(-2.0));
    }
}
