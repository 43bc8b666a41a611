//! Learning experiences.

use super::SOURCE;
use crate::definition::{Better, Definition, Measured, Unit};
use crate::family::Family;

pub(super) static DEFINITION: Definition = Definition {
    name: "learning_experiences",
    family: Family::Cost,
    meaning: "learning experiences lived",
    formula: "number of learning rows",
    inputs: "the rows of a log",
    undefined: "never; 0 where nothing was learnt",
    source: SOURCE,
    unit: Unit::Experiences,
    better: Better::Lower,
    measure: |life| {
        let cost = &life.lifetime.cost;
        Measured::of_lifetime(Ok(cost.learning_experiences as f64))
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetime::worked::{lifetime, raw};

    /// By hand.
    #[test]
    fn learning_rows() {
        let life = lifetime("e x=1,1 | l x 1 4 | l y 2");
        assert_eq!((DEFINITION.measure)(&raw(&life)).value, Ok(3.0));
    }
}
