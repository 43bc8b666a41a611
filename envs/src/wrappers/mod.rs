//! What is put around environments.
//!
//! [`TimeLimit`] goes around one environment and is monomorphised with it. An
//! [`Adapter`] goes around a batch and changes its spaces, so that one agent can live
//! through tasks whose spaces differ: [`adapt`] puts a list of them around a batch,
//! [`adapted_spaces`] says what they lead to, or why they do not fit, without one.
//!
//! An adapter of observations is a plan (a map and the space it leads to) in a file of
//! its own; what all of them share is in `observation.rs`.

mod action_subset;
mod adapter;
mod flatten;
mod gather;
mod observation;
mod pad;
mod resize;
mod time_limit;

pub use adapter::{Actions, Adapter, adapt, adapted_spaces};
pub use time_limit::{LastStep, TimeLimit};

#[cfg(test)]
mod tests {
    use super::observation::ObservationMap;
    use crate::{Batch, Space};
    use serde_json::Value;

    /// The translation of a value, which must lie in the space it leads to.
    pub(super) fn translate<M: ObservationMap>(
        from: &Space,
        (map, to): &(M, Space),
        value: &Value,
    ) -> Value {
        let (mut old, mut new) = (Batch::new(from, 1), Batch::new(to, 1));
        from.from_json(value, &mut old.lane_mut(0)).unwrap();
        map.apply(old.lane(0), &mut new.lane_mut(0)).unwrap();
        to.check(new.lane(0)).unwrap();
        to.to_json(new.lane(0))
    }
}
