//! Reward rate: what is earned per step while learning.

use crate::definition::{Better, Definition, Measured, Unit};
use crate::family::Family;
use crate::lifetime::Scaled;

pub(super) static DEFINITION: Definition = Definition {
    name: "reward_rate",
    family: Family::Cost,
    meaning: "the measure per step while learning, as it is in the log",
    formula: "sum of the measure over the learning rows / sum of their steps",
    inputs: "learning experiences with lengths (`episode_step_count`)",
    undefined: "no learning experience, no lengths, or no step",
    source: "Platanios et al. 2020, Jelly Bean World, and never-ending learning in general",
    unit: Unit::PerStep,
    better: Better::Higher,
    measure,
};

fn measure(life: &Scaled) -> Measured {
    Measured::of_lifetime(match life.lifetime.cost.learning_reward {
        None => Err(super::NO_STEPS.into()),
        Some((_, 0)) => Err("no step in learning".into()),
        Some((sum, steps)) => Ok(sum / steps as f64),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetime::worked::{lifetime, raw};

    /// By hand: 1 + 4 over 2 + 8 steps; evaluations do not count.
    #[test]
    fn reward_over_steps() {
        let life = lifetime("e x=100 | l x 1@2 4@8");
        assert_eq!((DEFINITION.measure)(&raw(&life)).value, Ok(0.5));
        assert!((DEFINITION.measure)(&raw(&lifetime("e x=1"))).value.is_err());
    }
}
