//! Forgetting that is never negative: what is gained later does not make up for what is lost.

use super::SOURCE;
use crate::continual_world::forgotten;
use crate::definition::{Better, Definition, Measured, Unit};
use crate::family::Family;

pub(super) static DEFINITION: Definition = Definition {
    name: "forgetting",
    family: Family::Coom,
    meaning: "performance right after a task's last learning minus at the end, 0 at least",
    formula: "mean over the tasks learnt of max(0, first evaluation after the last learning minus \
              last evaluation)",
    inputs: "an evaluation of a task after its last learning",
    undefined: "no task was evaluated after its last learning",
    source: SOURCE,
    unit: Unit::Difference,
    better: Better::Lower,
    measure: |life| {
        Measured::over_tasks(life, life.lifetime.learnt_tasks(), NONE, |task| {
            forgotten(life, task).map(|lost| lost.max(0.0))
        })
    },
};

const NONE: &str = "not evaluated after its last learning";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetime::worked::{lifetime, raw};

    /// By hand: x loses 4, y gains 3: (4 + 0) / 2.
    #[test]
    fn gains_do_not_make_up_for_losses() {
        let life = lifetime("l x 1 | e x=6 | l y 1 | e y=2 x=2 | l z 1 | e y=5 x=2");
        let measured = (DEFINITION.measure)(&raw(&life));
        assert_eq!(measured.value, Ok(2.0));
        assert_eq!(measured.tasks[2].1, Err(NONE.into()));
    }
}
