//! Memory of the agent.

use super::SOURCE;
use crate::definition::{Better, Definition, Measured, Unit};
use crate::family::Family;

pub(super) static DEFINITION: Definition = Definition {
    name: "agent_memory",
    family: Family::Cost,
    meaning: "the most memory that the agent took at the end of a block",
    formula: "maximum over the ends of blocks of the size of the agent's saved state, in bytes",
    inputs: "`agent_memory` in a run's timing table, or a column of that name in a log from elsewhere",
    undefined: "the log does not say it: no block ended, or the agent cannot be saved",
    source: SOURCE,
    unit: Unit::Bytes,
    better: Better::Lower,
    measure: |life| {
        let cost = &life.lifetime.cost;
        let none = "the log does not say what memory the agent takes";
        Measured::of_lifetime(cost.agent_memory.ok_or(none.into()))
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Experiences;
    use crate::l2metrics::Settings;
    use crate::lifetime::Lifetime;
    use crate::lifetime::worked::{log, raw};

    fn measured(log: &Experiences) -> Lifetime {
        Lifetime::new(log, &Settings::default()).unwrap()
    }

    /// By hand.
    #[test]
    fn the_highest_value_of_the_column() {
        let mut log = log("l x 1 2 3");
        assert!((DEFINITION.measure)(&raw(&measured(&log))).value.is_err());
        log.measures.insert("agent_memory".to_owned(), vec![8.0, f64::NAN, 64.0]);
        assert_eq!((DEFINITION.measure)(&raw(&measured(&log))).value, Ok(64.0));
    }

    /// What a run says of its agent counts, also where a measure has the same name.
    #[test]
    fn what_the_run_says() {
        let mut log = log("l x 1 2 3");
        log.agent_memory = Some(4096);
        log.measures.insert("agent_memory".to_owned(), vec![8.0, 9.0, 64.0]);
        assert_eq!((DEFINITION.measure)(&raw(&measured(&log))).value, Ok(4096.0));
    }
}
