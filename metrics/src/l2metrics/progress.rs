//! A task's evaluations before it was learnt, right after, and at the end: learning and
//! forgetting at a glance, in the log's own unit. Not part of the reference.

use super::numpy;
use super::regimes::Regime;
use tella_events::{BlockSubtype, BlockType};

/// The mean raw performance of a task in three of its evaluations.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Progress {
    /// In the last evaluation before its first learning.
    pub before_learning: Option<f64>,
    /// In the first evaluation after its last learning.
    pub after_learning: Option<f64>,
    /// In its last evaluation.
    pub at_end: Option<f64>,
}

/// The progress of a task. Evaluations awake do not count where anything was slept.
pub(crate) fn progress(task: usize, regimes: &[Regime], raw: &[f64]) -> Progress {
    let slept = regimes.iter().any(|r| r.key.block_subtype == BlockSubtype::Sleep);
    let of_type = |block_type| {
        regimes
            .iter()
            .enumerate()
            .filter(move |(_, r)| (r.key.task, r.key.block_type) == (task, block_type))
    };
    let learnt = || of_type(BlockType::Train).map(|(number, _)| number);
    let evaluated = || {
        of_type(BlockType::Test)
            .filter(|(_, r)| !slept || r.key.block_subtype == BlockSubtype::Sleep)
    };
    let mean = |(_, regime): (usize, &Regime)| numpy::mean(&raw[regime.rows.clone()]);
    Progress {
        before_learning: learnt()
            .next()
            .and_then(|first| evaluated().take_while(|(n, _)| *n < first).last().map(mean)),
        after_learning: learnt()
            .next_back()
            .and_then(|last| evaluated().find(|(n, _)| *n > last).map(mean)),
        at_end: evaluated().next_back().map(mean),
    }
}
