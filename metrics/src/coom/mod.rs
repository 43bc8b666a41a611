//! The metrics of COOM where they differ from Continual World's: average performance over
//! time, and forgetting that is never negative.
//!
//! Source: T. Tomilin et al., "COOM: A Game Benchmark for Continual Reinforcement Learning"
//! (NeurIPS 2023). Its forward transfer is Continual World's. It averages over the last ten
//! evaluations; here an evaluation is what the curriculum evaluates at one time.

mod average_performance;
mod forgetting;

use crate::definition::Definition;

/// The family's metrics.
pub(crate) static METRICS: &[&Definition] =
    &[&average_performance::DEFINITION, &forgetting::DEFINITION];

/// Where the metrics come from.
const SOURCE: &str =
    "Tomilin et al. 2023, COOM; in place of a success rate, the share of the range";
