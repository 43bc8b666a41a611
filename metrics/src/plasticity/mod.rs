//! Plasticity: whether a task that comes back is learnt as well as it was before.
//!
//! A lifetime loses plasticity where a task's learning curve gets lower each time the task
//! is learnt again. The definitions are ours; COOM plots such curves.

mod area_trend;
mod asymptote_trend;

use crate::definition::{Definition, Measured};
use crate::lifetime::{Scaled, curve};

/// The family's metrics.
pub(crate) static METRICS: &[&Definition] =
    &[&area_trend::DEFINITION, &asymptote_trend::DEFINITION];

const SOURCE: &str = "ours; Tomilin et al. 2023, COOM, plots repeated learning curves";

const INPUTS: &str = "two stretches of learning of a task, other tasks learnt between";

const NONE: &str = "no task was learnt twice with other tasks learnt between";

/// The mean over tasks of the Theil-Sen slope of a number of each stretch.
fn trend(life: &Scaled, of: impl Fn(&[f64]) -> f64) -> Measured {
    Measured::over_tasks(life, life.lifetime.learnt_tasks(), NONE, |task| {
        let stretches = life.lifetime.stretches_of(task);
        let numbers: Vec<f64> = stretches.map(|stretch| of(life.curve(stretch))).collect();
        curve::trend(&numbers).ok_or(NONE.into())
    })
}
