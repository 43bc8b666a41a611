//! Statistics over lifetimes, as rliable has them: aggregates with bootstrap intervals,
//! performance profiles, probability of improvement.
//!
//! The unit of replication is the lifetime, by construction: [`Scores`] is made of rows,
//! one a lifetime, and a resample draws whole rows. Experiences, evaluations and tasks
//! inside a lifetime depend on each other and are never drawn on their own, which would make
//! intervals too narrow. Rows are drawn within their *stratum*, a group of lifetimes that
//! repeat the same thing (one curriculum), so that every resample has as many of each.
//!
//! Source: R. Agarwal et al., "Deep Reinforcement Learning at the Edge of the Statistical
//! Precipice" (NeurIPS 2021). rliable's scores are runs by tasks with each task resampled on
//! its own: here, a stratum for each task.

mod aggregate;
pub mod attainable;
mod bootstrap;
mod curves;
mod estimate;
mod improvement;
mod profile;
mod scores;

pub use aggregate::Statistic;
pub use bootstrap::{Bootstrap, RESAMPLES};
pub use estimate::{Caution, Estimate, FEW_LIFETIMES, caution};
pub use improvement::probability_of_improvement;
pub use profile::ProfilePoint;
pub use scores::{Scores, Stratum};

pub(crate) use scores::Weights;

/// `numpy.percentile` with linear interpolation, of values sorted ascending, at least one.
pub(crate) fn quantile(sorted: &[f64], q: f64) -> f64 {
    let position = q * (sorted.len() - 1) as f64;
    let below = position.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    let (a, b, t) = (sorted[below], sorted[above], position - position.floor());
    // From the nearer end, so that the result grows with `q`.
    if t < 0.5 { a + (b - a) * t } else { b - (b - a) * (1.0 - t) }
}
