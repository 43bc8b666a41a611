//! The metrics of gradient episodic memory: ACC, BWT, FWT.
//!
//! Source: D. Lopez-Paz and M. Ranzato, "Gradient Episodic Memory for Continual Learning"
//! (NeurIPS 2017), where R(i, j) is the accuracy on task j after learning task i, tasks
//! learnt once, in order. Here accuracy is the share of a task's range, and where a task
//! is learnt again, "after learning it" is after its first stretch.

mod acc;
mod bwt;
mod fwt;

use crate::definition::Definition;

/// The family's metrics.
pub(crate) static METRICS: &[&Definition] = &[&acc::DEFINITION, &bwt::DEFINITION, &fwt::DEFINITION];

/// Where the metrics come from.
const SOURCE: &str =
    "Lopez-Paz and Ranzato 2017, GEM; in place of accuracy, the share of the range";
