//! The metrics of Continual World: average performance, forgetting, forward transfer.
//!
//! Source: M. Wolczyk et al., "Continual World: A Robotic Benchmark for Continual
//! Reinforcement Learning" (NeurIPS 2021). There performance is a success rate, from 0 to
//! 1, evaluated all along and averaged over the last five evaluations; here it is the share
//! of a task's range, evaluated where the curriculum evaluates.

mod average_performance;
mod forgetting;
mod forward_transfer;

use crate::definition::Definition;

/// The family's metrics.
pub(crate) static METRICS: &[&Definition] =
    &[&average_performance::DEFINITION, &forgetting::DEFINITION, &forward_transfer::DEFINITION];

/// Where the metrics come from.
const SOURCE: &str =
    "Wolczyk et al. 2021, Continual World; in place of a success rate, the share of the range";

pub(crate) use forgetting::forgotten;
