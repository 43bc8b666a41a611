//! Average performance: the mean of each regime, apart for learning and evaluation.

use super::block_values::BlockValues;
use super::regimes::{Block, Regime};
use tella_events::BlockType;

/// The average performance by block, NaN where there is none.
pub(crate) struct Averages {
    /// Of learning regimes.
    pub(crate) train: Vec<f64>,
    /// Of evaluation regimes.
    pub(crate) eval: Vec<f64>,
}

/// Averages of the regimes of the considered blocks, each noted at the position that is
/// its regime's number.
pub(crate) fn averages(
    blocks: &[Block],
    considered: &[usize],
    regimes: &[Regime],
    values: &[BlockValues],
) -> Averages {
    let nothing = || vec![f64::NAN; blocks.len()];
    let mut averages = Averages { train: nothing(), eval: nothing() };
    for at in considered {
        let number = blocks[*at].regime;
        let column = match regimes[number].key.block_type {
            BlockType::Train => &mut averages.train,
            BlockType::Test => &mut averages.eval,
        };
        column[number] = values[number].avg_perf;
    }
    averages
}
