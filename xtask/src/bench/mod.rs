//! `cargo xtask bench`: speed beside the peers', both measured in one run.
//!
//! The sides take turns, so that a machine that grows slower or faster meets both
//! alike; what is told is the median of the turns, as JSON.

mod statistics;
mod tella;

pub use statistics::statistics;
pub use tella::tella;

/// The median; the upper one of an even number of values.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
