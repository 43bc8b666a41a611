//! The transfer matrix: what learning each task does to each other.

use crate::definition::{Better, Definition, Measured, Unit};
use crate::family::Family;

pub(super) static DEFINITION: Definition = Definition {
    name: "matrix",
    family: Family::Transfer,
    meaning: "evaluation of a task after minus before another was learnt, for each pair; above 0: \
              helped",
    formula: "for each pair (learnt A, evaluated B) the mean over windows of after - before; the \
              lifetime's value is the mean over the pairs with A other than B. The pair (A, A) is \
              what A gains by its own learning, where nothing else was learnt between",
    inputs: "evaluations of a task before and after a task was learnt",
    undefined: "no task was evaluated before and after another was learnt",
    source: "the N x N matrix of Sequoia (Normandin et al. 2021), as differences; crediting every \
             task learnt between is ours",
    unit: Unit::Difference,
    better: Better::Higher,
    measure: |life| {
        let credited = |window: crate::lifetime::Window| {
            let gain = window.after - window.before;
            window.learnt.into_iter().map(move |learnt| (learnt, window.task, gain))
        };
        let others: Vec<_> = life.windows_of_others().flat_map(credited).collect();
        let tasks = 0..life.lifetime.tasks.len();
        let own = tasks.flat_map(|task| life.windows(task));
        let own = own.filter(|w| w.learnt == [w.task]).flat_map(credited);
        let diagonal = Measured::over_pairs(life, own.collect::<Vec<_>>(), NONE).pairs;
        let mut measured = Measured::over_pairs(life, others, NONE);
        measured.pairs.extend(diagonal);
        measured
    },
};

const NONE: &str = "no task was evaluated before and after another was learnt";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetime::worked::{lifetime, raw};

    /// By hand. x: 1 -> 4 by its own learning, 4 -> 2 by y's. y: 0 -> 1 by x, 1 -> 7 by
    /// its own. The value is the mean of -2 and 1.
    #[test]
    fn gains_and_losses_by_pair() {
        let life = lifetime("e x=1 y=0 | l x 1 | e x=4 y=1 | l y 1 | e x=2 y=7");
        let measured = (DEFINITION.measure)(&raw(&life));
        let pairs: Vec<_> =
            measured.pairs.iter().map(|p| (p.from.as_str(), p.to.as_str(), p.value)).collect();
        assert_eq!(pairs, [("x", "y", 1.0), ("y", "x", -2.0), ("x", "x", 3.0), ("y", "y", 6.0)]);
        assert_eq!(measured.value, Ok(-0.5));
    }
}
