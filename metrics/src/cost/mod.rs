//! Reward and what it took: reward rate, experiences, steps, wall time, memory.
//!
//! Costs count all rows of the log, unfinished ones included. They need no scale.

mod agent_memory;
mod learning_experiences;
mod learning_steps;
mod reward_rate;
mod steps;
mod wall_time;

use crate::definition::Definition;

/// The family's metrics.
pub(crate) static METRICS: &[&Definition] = &[
    &reward_rate::DEFINITION,
    &learning_experiences::DEFINITION,
    &learning_steps::DEFINITION,
    &steps::DEFINITION,
    &wall_time::DEFINITION,
    &agent_memory::DEFINITION,
];

/// Where nothing needs defining.
const SOURCE: &str = "a count, ours";

/// Why a count of steps is undefined.
const NO_STEPS: &str = "the log has no column `episode_step_count`";
