//! The metrics of CORA: isolated forgetting and zero-shot transfer.
//!
//! Source: S. Powers et al., "CORA: Benchmarks, Baselines, and Metrics as a Platform for
//! Continual Reinforcement Learning Agents" (CoLLAs 2022). Both are differences of raw
//! returns over the largest return of the evaluated task, and so need no range.

mod isolated_forgetting;
mod zero_shot_transfer;

use crate::definition::{Definition, Measured};
use crate::lifetime::{Scaled, Window};

/// The family's metrics.
pub(crate) static METRICS: &[&Definition] =
    &[&isolated_forgetting::DEFINITION, &zero_shot_transfer::DEFINITION];

/// Where the metrics come from.
const SOURCE: &str =
    "Powers et al. 2022, CORA; every task learnt between is credited, which is ours";

/// The mean over pairs (learnt, evaluated) of a difference of raw evaluations over the
/// largest absolute evaluation of the task.
fn over_largest(
    life: &Scaled,
    none: &'static str,
    counts: impl Fn(&Window) -> bool,
    difference: impl Fn(&Window) -> f64,
) -> Measured {
    let raw = life.lifetime.on_raw_scale();
    let largest =
        |task: usize| raw.evaluations(task).iter().map(|e| e.mean.abs()).fold(0.0, f64::max);
    let values = raw.windows_of_others().filter(counts).flat_map(|window| {
        // Where all evaluations are 0, nothing was forgotten and nothing gained.
        let value = match largest(window.task) {
            0.0 => 0.0,
            largest => difference(&window) / largest,
        };
        window.learnt.into_iter().map(move |learnt| (learnt, window.task, value))
    });
    Measured::over_pairs(life, values.collect::<Vec<_>>(), none)
}
