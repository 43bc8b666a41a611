//! The profile `formalism`: the metrics that DARPA's L2M programme defined, by their
//! definitions rather than by the program that computed them.
//!
//! Sources: M. Baker et al., "A Domain-Agnostic Approach for Characterization of Lifelong
//! Learning Systems" (arXiv 2301.07799), and A. New et al., "Lifelong Learning Metrics"
//! (arXiv 2201.08278). Their text was not at hand when this was written; what they
//! measure is known from their abstracts, from L2Metrics' documents and from its code. The
//! exact definitions are therefore ours, each stated in full in its file. Where they
//! differ from L2Metrics 3.1.0, `docs/src/explanation/two-profiles.md` says how and why.
//!
//! Ratios are taken on the range that L2Metrics' documents recommend, 1 to 101 points for
//! the bottom and the top of a task's range, on which none is divided by zero.

mod backward_transfer_contrast;
mod backward_transfer_ratio;
mod forward_transfer_contrast;
mod forward_transfer_ratio;
mod performance_maintenance;
mod performance_recovery;
mod relative_performance;
mod sample_efficiency;

use crate::definition::{Definition, Measured};
use crate::lifetime::{Scaled, Window};

/// The family's metrics.
pub(crate) static METRICS: &[&Definition] = &[
    &performance_recovery::DEFINITION,
    &performance_maintenance::DEFINITION,
    &forward_transfer_ratio::DEFINITION,
    &backward_transfer_ratio::DEFINITION,
    &forward_transfer_contrast::DEFINITION,
    &backward_transfer_contrast::DEFINITION,
    &relative_performance::DEFINITION,
    &sample_efficiency::DEFINITION,
];

/// Where the papers are cited.
const SOURCE: &str = "arXiv 2301.07799 and 2201.08278; the wording is ours";

/// The window of a transfer, and what it is divided into.
const TRANSFER_INPUTS: &str =
    "evaluations of a task before and after another task was learnt, without learning it";

/// A share of a task's range in points from 1 to 101; raw performance as it is.
fn points(life: &Scaled, share: f64) -> f64 {
    if life.raw { share } else { 1.0 + 100.0 * share }
}

/// The mean over pairs (learnt, evaluated) of a comparison of two evaluations: forward
/// where the evaluated task had not been learnt before, backward where it had. Every task
/// that was learnt between the two evaluations is credited.
fn transfer(
    life: &Scaled,
    backward: bool,
    none: &'static str,
    compare: impl Fn(f64, f64) -> Option<f64>,
) -> Measured {
    let counts = |window: &Window| window.known == backward;
    let values = life.windows_of_others().filter(counts).flat_map(|window| {
        let value = compare(points(life, window.before), points(life, window.after));
        let credit = move |learnt| value.map(|value| (learnt, window.task, value));
        window.learnt.into_iter().filter_map(credit)
    });
    Measured::over_pairs(life, values.collect::<Vec<_>>(), none)
}

/// after / before; 1 where both are 0.
fn ratio(before: f64, after: f64) -> Option<f64> {
    match (before == 0.0, after == 0.0) {
        (true, true) => Some(1.0),
        (true, false) => None,
        _ => Some(after / before),
    }
}

/// (after - before) / (after + before); 0 where both are 0.
fn contrast(before: f64, after: f64) -> Option<f64> {
    match (before + after == 0.0, before == after) {
        (_, true) => Some(0.0),
        (true, false) => None,
        _ => Some((after - before) / (after + before)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn zeros_are_defined_where_they_can_be() {
        assert_eq!(
            (ratio(0.0, 0.0), ratio(0.0, 1.0), ratio(2.0, 0.0)),
            (Some(1.0), None, Some(0.0))
        );
        assert_eq!(
            (contrast(0.0, 0.0), contrast(-1.0, 1.0), contrast(0.0, 1.0)),
            (Some(0.0), None, Some(1.0))
        );
    }

    proptest! {
        /// Contrast is ratio on another scale, (r - 1) / (r + 1), and changes its sign when
        /// before and after change places.
        #[test]
        fn contrast_is_the_ratio_on_another_scale(before in 1.0..101f64, after in 1.0..101f64) {
            let (r, c) = (ratio(before, after).unwrap(), contrast(before, after).unwrap());
            prop_assert!((c - (r - 1.0) / (r + 1.0)).abs() < 1e-12);
            prop_assert_eq!(contrast(after, before), Some(-c));
        }
    }
}
