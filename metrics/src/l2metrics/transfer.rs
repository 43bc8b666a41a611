//! Transfer: what learning one task does to the evaluations of another.

use super::block_values::BlockValues;
use super::regimes::{Block, distinct};
use tella_events::BlockType;

/// Whether the other task was still to be learnt, or had been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// Learning that precedes the other task's first learning.
    Forward,
    /// Learning that follows it.
    Backward,
}

/// How two evaluations are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    /// after / before.
    Ratio,
    /// (after - before) / (after + before).
    Contrast,
}

impl Comparison {
    /// The comparison, where it is defined.
    fn of(self, before: f64, after: f64) -> Option<f64> {
        match self {
            Self::Ratio => (before != 0.0).then(|| after / before),
            Self::Contrast => (before + after != 0.0).then(|| (after - before) / (before + after)),
        }
    }
}

/// The transfer values of a pair of tasks.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pair {
    /// The task that was learnt.
    pub(crate) from: usize,
    /// The task that was evaluated before and after.
    pub(crate) to: usize,
    /// One value for each pair of evaluations it is credited with, in their order.
    pub(crate) values: Vec<f64>,
}

/// The transfer values of all pairs of tasks that have any, ordered by the evaluation at
/// which they first appear.
///
/// A value is noted at the second of its two evaluations, and there is room for one:
/// where several tasks are learnt between two evaluations, the last one in the order of
/// pairs takes it all. So the reference has it.
pub(crate) fn transfer(
    blocks: &[Block],
    considered: &[usize],
    values: &[BlockValues],
    direction: Direction,
    comparison: Comparison,
) -> Vec<Pair> {
    let tasks = distinct(considered.iter().map(|at| blocks[*at].key.task));
    let regimes_of = |task: usize, block_type: BlockType| -> Vec<usize> {
        let own = considered.iter().map(|at| &blocks[*at]);
        let own = own.filter(|b| b.key.task == task && b.key.block_type == block_type);
        own.map(|b| b.regime).collect()
    };
    let learnt: Vec<_> = tasks.iter().map(|t| regimes_of(*t, BlockType::Train)).collect();
    let evaluated: Vec<_> = tasks.iter().map(|t| regimes_of(*t, BlockType::Test)).collect();
    // The terminal performance noted at a regime's first block, by position: see `Block`.
    let term_perf = |regime: usize| {
        let at = blocks.partition_point(|b| b.regime < regime);
        values.get(at).map_or(f64::NAN, |v| v.term_perf)
    };
    let mut noted: Vec<Option<(usize, f64)>> = vec![None; blocks.len()];
    for (i, from) in tasks.iter().enumerate() {
        for j in (0..tasks.len()).filter(|j| *j != i) {
            let first_learnt = learnt[j].first();
            for learning in &learnt[i] {
                let counts = match (direction, first_learnt) {
                    (Direction::Forward, first) => first.is_none_or(|first| learning < first),
                    (Direction::Backward, first) => first.is_some_and(|first| learning > first),
                };
                let after = evaluated[j].partition_point(|evaluation| evaluation < learning);
                if !counts || after == 0 || after == evaluated[j].len() {
                    continue;
                }
                let (before, after) = (evaluated[j][after - 1], evaluated[j][after]);
                if let Some(value) = comparison.of(term_perf(before), term_perf(after)) {
                    noted[after] = Some((*from, value));
                }
            }
        }
    }
    let mut pairs: Vec<Pair> = Vec::new();
    for (block, note) in blocks.iter().zip(noted) {
        let Some((from, value)) = note else { continue };
        let to = block.key.task;
        match pairs.iter_mut().find(|pair| (pair.from, pair.to) == (from, to)) {
            Some(pair) => pair.values.push(value),
            None => pairs.push(Pair { from, to, values: vec![value] }),
        }
    }
    pairs
}
