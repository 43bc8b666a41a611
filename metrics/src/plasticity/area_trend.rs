//! The trend of the area under the learning curve.

use super::{INPUTS, NONE, SOURCE, trend};
use crate::definition::{Better, Definition, Unit};
use crate::family::Family;
use crate::lifetime::curve::mean;

pub(super) static DEFINITION: Definition = Definition {
    name: "area_trend",
    family: Family::Plasticity,
    meaning: "change of performance while learning with each repetition of a task; below 0: \
              plasticity is lost",
    formula: "mean over tasks of the Theil-Sen slope of the means of the smoothed learning curves \
              of the task's stretches",
    inputs: INPUTS,
    undefined: NONE,
    source: SOURCE,
    unit: Unit::PerformancePerRepeat,
    better: Better::Higher,
    measure: |life| trend(life, mean),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetime::worked::{lifetime, raw};

    /// By hand: means of 4, 3 and 1 have slopes -1, -2 and -1.5; a is learnt twice alike.
    #[test]
    fn means_of_stretches_have_a_trend() {
        let life = lifetime("l x 3 5 | l a 1 | l x 3 | l a 1 | l x 1 1");
        let measured = (DEFINITION.measure)(&raw(&life));
        assert_eq!(measured.tasks[0].1, Ok(-1.5));
        assert_eq!(measured.value, Ok(-0.75));
        assert_eq!((DEFINITION.measure)(&raw(&lifetime("l x 1 2"))).value, Err(NONE.into()));
    }
}
