//! All that a task was learnt awake, regime after regime, as one curve.

use super::block_values::points;
use super::experts::CurvesByTask;
use super::numpy;
use super::regimes::{Block, Regime};
use super::smoothing::saturation;
use tella_events::{BlockSubtype, BlockType, Numbers};

/// The learning of a task.
#[derive(Clone, Debug)]
pub(crate) struct Learning {
    /// The number of each experience, ascending.
    pub(crate) exp_num: Vec<u64>,
    /// The performance of each.
    pub(crate) perf: Vec<f64>,
    /// The number of its last regime.
    pub(crate) last_regime: usize,
}

impl Learning {
    /// The learning of a task; `None` where it is never learnt awake.
    pub(crate) fn of(
        task: usize,
        regimes: &[Regime],
        exp_num: &Numbers,
        perf: &[f64],
    ) -> Option<Self> {
        let own = regimes.iter().enumerate().filter(|(_, regime)| is_learning(regime, task));
        let mut learning: Option<Self> = None;
        for (number, regime) in own {
            let learning = learning.get_or_insert_with(|| Self {
                exp_num: Vec::new(),
                perf: Vec::new(),
                last_regime: number,
            });
            let numbers = regime.rows.clone().filter_map(|row| exp_num.get(row));
            learning.exp_num.extend(numbers);
            learning.perf.extend_from_slice(&perf[regime.rows.clone()]);
            learning.last_regime = number;
        }
        learning
    }

    /// Its highest point, smoothed, and where that is first reached.
    pub(crate) fn saturation(&self) -> (f64, usize) {
        saturation(&points(&self.exp_num, &self.perf))
    }

    /// Whether a straight line fitted to it falls.
    ///
    /// The reference asks a least-squares fit by singular values for the sign of the slope; where
    /// the line is level to within rounding, the two may differ.
    pub(crate) fn declines(&self) -> bool {
        let first = self.exp_num[0];
        let x: Vec<f64> = self.exp_num.iter().map(|number| (number - first) as f64).collect();
        let (x_mean, y_mean) = (numpy::mean(&x), numpy::mean(&self.perf));
        let products = x.iter().zip(&self.perf).map(|(x, y)| (x - x_mean) * (y - y_mean));
        numpy::sum(&products.collect::<Vec<f64>>()) < 0.0
    }
}

fn is_learning(regime: &Regime, task: usize) -> bool {
    let key = regime.key;
    let awake = (BlockType::Train, BlockSubtype::Wake);
    key.task == task && (key.block_type, key.block_subtype) == awake
}

/// Whether the reference stops with `ValueError`: it notes what a task is against its expert at
/// the position that is its last learning's number, where another task's block may lie, and
/// does not expect two notes at one task's blocks.
pub(crate) fn reference_stops(blocks: &[Block], regimes: &[Regime], curves: &CurvesByTask) -> bool {
    let mut notes = vec![0; curves.len()];
    for task in (0..curves.len()).filter(|task| !curves[*task].is_empty()) {
        if let Some(last) = regimes.iter().rposition(|regime| is_learning(regime, task)) {
            notes[blocks[last].key.task] += 1;
        }
    }
    notes.iter().any(|notes| *notes > 1)
}
