//! Performance maintenance: what later evaluations keep of what was learnt.

use super::block_values::BlockValues;
use super::numpy;
use super::regimes::{Block, distinct};
use tella_events::BlockType;

/// What an evaluation is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reference {
    /// The first evaluation after the most recent learning (`mrlep`).
    FirstEvaluation,
    /// The end of the most recent learning (`mrtlp`).
    EndOfLearning,
}

/// Maintenance values and their means.
pub(crate) struct Maintained {
    /// By block: the evaluation's terminal performance minus the reference's, NaN where
    /// there is none.
    pub(crate) values: Vec<f64>,
    /// By task: the mean of its values, NaN where there is none.
    pub(crate) means: Vec<f64>,
}

/// Compares every evaluation that comes after, and is not itself, the first one after a
/// learning of its task. `None` where no task has such an evaluation.
pub(crate) fn maintenance(
    blocks: &[Block],
    considered: &[usize],
    values: &[BlockValues],
    tasks: usize,
    reference: Reference,
) -> Option<Maintained> {
    let mut learnt = vec![Vec::new(); tasks];
    let mut evaluated = vec![Vec::new(); tasks];
    for at in considered {
        let Block { regime, key, .. } = &blocks[*at];
        match key.block_type {
            BlockType::Train => learnt[key.task].push(*regime),
            BlockType::Test => evaluated[key.task].push(*regime),
        }
    }
    let mut maintained = vec![f64::NAN; blocks.len()];
    let mut any = false;
    for (learnt, evaluated) in learnt.iter().zip(&evaluated) {
        let first_after = |learning: &usize| {
            evaluated.get(evaluated.partition_point(|evaluation| evaluation < learning)).copied()
        };
        let references: Vec<usize> = learnt.iter().filter_map(first_after).collect();
        for evaluation in evaluated {
            let earlier = references.partition_point(|r| r < evaluation);
            let is_reference = references.get(earlier) == Some(evaluation);
            if earlier == 0 || is_reference {
                continue;
            }
            let compared = match reference {
                Reference::FirstEvaluation => references[earlier - 1],
                Reference::EndOfLearning => {
                    learnt[learnt.partition_point(|learning| learning < evaluation) - 1]
                }
            };
            maintained[*evaluation] = values[*evaluation].term_perf - values[compared].term_perf;
            any = true;
        }
    }
    any.then(|| {
        let mut means = vec![f64::NAN; tasks];
        for task in distinct(considered.iter().map(|at| blocks[*at].key.task)) {
            let own = blocks.iter().zip(&maintained).filter(|(b, _)| b.key.task == task);
            let own: Vec<f64> = own.map(|(_, value)| *value).filter(|v| !v.is_nan()).collect();
            means[task] = numpy::mean(&own);
        }
        Maintained { values: maintained, means }
    })
}
