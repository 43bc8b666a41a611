//! Average performance over time and the tasks seen so far.

use super::SOURCE;
use crate::definition::{Better, Definition, Measured, Unit, mean};
use crate::family::Family;
use crate::lifetime::Scaled;
use std::collections::BTreeMap;

pub(super) static DEFINITION: Definition = Definition {
    name: "average_performance",
    family: Family::Coom,
    meaning: "performance all along, over the tasks learnt so far",
    formula: "mean over the times of evaluation of the mean over the tasks learnt before of their \
              evaluation at that time",
    inputs: "an evaluation of a task after it was learnt",
    undefined: "no task was evaluated after it was learnt; a task that is not evaluated at a time \
                does not count at that time",
    source: SOURCE,
    unit: Unit::Performance,
    better: Better::Higher,
    measure,
};

fn measure(life: &Scaled) -> Measured {
    let mut at_gap: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    for task in life.lifetime.learnt_tasks() {
        let first = life.lifetime.stretches_of(task).next().map(|s| s.learning.start);
        let known = life.evaluations(task).iter().filter(|e| first.is_some_and(|f| f < e.gap));
        known.for_each(|e| at_gap.entry(e.gap).or_default().push(e.mean));
    }
    let means: Vec<f64> = at_gap.values().filter_map(|values| mean(values)).collect();
    Measured::of_lifetime(mean(&means).ok_or("no task was evaluated after it was learnt".into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetime::worked::{lifetime, raw};

    /// By hand: 4 after the first learning (y is not known yet), then (2 + 6) / 2, then 8 (x
    /// is not evaluated).
    #[test]
    fn over_times_and_known_tasks() {
        let life = lifetime("e x=0 y=9 | l x 1 | e x=4 y=9 | l y 1 | e x=2 y=6 | l x 1 | e y=8");
        assert_eq!((DEFINITION.measure)(&raw(&life)).value, Ok((4.0 + 4.0 + 8.0) / 3.0));
        assert!((DEFINITION.measure)(&raw(&lifetime("e x=0 | l x 1"))).value.is_err());
    }
}
