//! Performance recovery: does a task come back faster each time it is learnt again?

use super::block_values::{BlockValues, curve};
use super::numpy;
use super::regimes::{Block, Regime};
use tella_events::{BlockSubtype, BlockType, Numbers};

/// The blocks, for each task, that are learnt awake.
fn learning_blocks(blocks: &[Block], tasks: usize) -> Vec<Vec<usize>> {
    let mut of_task = vec![Vec::new(); tasks];
    for (at, block) in blocks.iter().enumerate() {
        let learning = block.key.block_type == BlockType::Train
            && block.key.block_subtype == BlockSubtype::Wake;
        if learning {
            of_task[block.key.task].push(at);
        }
    }
    of_task
}

/// Whether the reference computes recovery times of this log: it takes a block's position
/// for a regime's number and stops with `KeyError` where there is no such regime.
pub(crate) fn reference_stops(blocks: &[Block], regimes: &[Regime], tasks: usize) -> bool {
    let assessed = learning_blocks(blocks, tasks);
    assessed.iter().flat_map(|b| b.iter().skip(1)).any(|at| *at >= regimes.len())
}

/// The recovery time of every block that has one, by position: the experiences a task
/// needs, from its second learning on, to reach the terminal performance of the learning
/// before; one more than there are where it does not. NaN elsewhere.
pub(crate) fn recovery_times(
    blocks: &[Block],
    regimes: &[Regime],
    values: &[BlockValues],
    exp_num: &Numbers,
    perf: &[f64],
    tasks: usize,
) -> Vec<f64> {
    let mut times = vec![f64::NAN; blocks.len()];
    for learnt in learning_blocks(blocks, tasks) {
        for pair in learnt.windows(2) {
            let (reference, assessed) = (pair[0], pair[1]);
            let regime = &regimes[assessed];
            let level = values.get(reference).map_or(f64::NAN, |v| v.term_perf);
            let reached = curve(regime, exp_num, perf).iter().position(|v| *v >= level);
            times[assessed] = reached.unwrap_or(regime.rows.len() + 1) as f64;
        }
    }
    times
}

/// Performance recovery by block: the negative slope of a task's recovery times, noted at
/// the position that is the number of its last regime. `None` where the whole lifetime has
/// fewer than two recovery times; the reference then reports no recovery times either.
pub(crate) fn performance_recovery(
    blocks: &[Block],
    times: &[f64],
    tasks: &[usize],
) -> Option<Vec<f64>> {
    if times.iter().filter(|t| !t.is_nan()).count() < 2 {
        return None;
    }
    let mut recovery = vec![f64::NAN; blocks.len()];
    for task in tasks {
        let own = || blocks.iter().zip(times).filter(|(block, _)| block.key.task == *task);
        let times: Vec<f64> = own().map(|(_, time)| *time).filter(|t| !t.is_nan()).collect();
        let last = own().map(|(block, _)| block.regime).max();
        if let (Some(last), true) = (last, times.len() > 1) {
            recovery[last] = -theil_sen_slope(&times);
        }
    }
    Some(recovery)
}

/// The median of the slopes between all pairs of points (0, y0), (1, y1), ...
/// (Theil 1950; `scipy.stats.theilslopes`). Needs two points.
fn theil_sen_slope(y: &[f64]) -> f64 {
    let mut slopes = Vec::with_capacity(y.len() * (y.len() - 1) / 2);
    for (i, from) in y.iter().enumerate() {
        for (steps, to) in y[i + 1..].iter().enumerate() {
            slopes.push((to - from) / (steps + 1) as f64);
        }
    }
    numpy::median(&slopes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with `scipy.stats.theilslopes(y)[0]`.
    #[test]
    fn slopes_are_scipys() {
        assert_eq!(theil_sen_slope(&[3.0, 1.0]), -2.0);
        assert_eq!(theil_sen_slope(&[0.0, 0.0, 0.0]), 0.0);
        assert_eq!(theil_sen_slope(&[5.0, 3.0, 4.0, 0.0]), -1.5833333333333335);
    }
}
