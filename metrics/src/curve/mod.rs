//! The shape of learning curves: area, jumpstart, time to threshold, asymptote.
//!
//! Source: M. E. Taylor and P. Stone, "Transfer Learning for Reinforcement Learning
//! Domains: A Survey" (JMLR 2009), which names them; beginnings and ends of curves are
//! their first and last tenth here.

mod area;
mod asymptote;
mod jumpstart;
mod time_to_threshold;

use crate::definition::Definition;

/// The family's metrics.
pub(crate) static METRICS: &[&Definition] = &[
    &area::DEFINITION,
    &jumpstart::DEFINITION,
    &time_to_threshold::DEFINITION,
    &asymptote::DEFINITION,
];

/// Where the metrics come from.
const SOURCE: &str = "named by Taylor and Stone 2009; the exact definition is ours";

/// Why a metric of learning curves is undefined.
const NONE: &str = "no learning experiences";
