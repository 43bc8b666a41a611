//! Memory of the agent.

use super::SOURCE;
use crate::definition::{Better, Definition, Measured, Unit};
use crate::family::Family;

pub(super) static DEFINITION: Definition = Definition {
    name: "agent_memory",
    family: Family::Cost,
    meaning: "the most memory that the agent took",
    formula: "maximum of the column `agent_memory`, in bytes",
    inputs: "a column `agent_memory`; tella's own logs have none yet, so a log from elsewhere",
    undefined: "the log has no such column",
    source: SOURCE,
    unit: Unit::Bytes,
    better: Better::Lower,
    measure: |life| {
        let cost = &life.lifetime.cost;
        let none = "the log has no column `agent_memory`";
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
}
