//! Transfer between pairs of tasks: the whole matrix, forward and backward together.

mod matrix;

use crate::definition::Definition;

/// The family's metrics.
pub(crate) static METRICS: &[&Definition] = &[&matrix::DEFINITION];
