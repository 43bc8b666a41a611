//! Regimes: runs of rows with the same block, type, subtype and task.

use super::settings::VariantMode;
use std::ops::Range;
use tella_events::{BlockSubtype, BlockType, LabelColumn};

/// What is equal over a regime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RegimeKey {
    pub(crate) block_num: u64,
    pub(crate) block_type: BlockType,
    pub(crate) block_subtype: BlockSubtype,
    /// Position in the list of tasks.
    pub(crate) task: usize,
}

/// A regime; its number is its position in the list of regimes.
#[derive(Clone, Debug)]
pub(crate) struct Regime {
    pub(crate) key: RegimeKey,
    /// Its rows in the selection.
    pub(crate) rows: Range<usize>,
    /// The distinct parameters of its rows, as codes of the log's column; empty where
    /// variants are not told apart.
    pub(crate) params: Vec<u32>,
}

impl Regime {
    /// Takes note of the parameters of a row.
    pub(crate) fn saw_params(&mut self, code: u32, mode: VariantMode) {
        // Runs of equal parameters are the rule: look at the latest first.
        if mode == VariantMode::Aware
            && self.params.last() != Some(&code)
            && !self.params.contains(&code)
        {
            self.params.push(code);
        }
    }
}

/// A row of the reference's block summary: a regime, or, where task parameters change
/// within a regime, one of its parameter sets.
///
/// The reference finds a summary row by its position and a regime by its number, and
/// takes one for the other. That is the same thing unless parameters change within a
/// regime. The functions of this profile keep the two apart so that they can repeat
/// what it computes then, too: `block` is always a position in the summary, `regime`
/// always a regime's number.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) regime: usize,
    pub(crate) key: RegimeKey,
    pub(crate) task_params: Option<String>,
}

/// The block summary: regimes in order, parameter sets within one in the order of their
/// text, none last.
pub(crate) fn block_summary(regimes: &[Regime], params: &LabelColumn) -> Vec<Block> {
    let mut blocks = Vec::with_capacity(regimes.len());
    for (number, regime) in regimes.iter().enumerate() {
        let texts = regime.params.iter().map(|code| params.values()[*code as usize].as_str());
        let mut texts: Vec<Option<&str>> = texts.map(|t| (!t.is_empty()).then_some(t)).collect();
        texts.sort_by_key(|t| (t.is_none(), *t));
        if texts.is_empty() {
            texts.push(None);
        }
        blocks.extend(texts.into_iter().map(|text| Block {
            regime: number,
            key: regime.key,
            task_params: text.map(str::to_owned),
        }));
    }
    blocks
}

/// The summary with one row for each regime, whatever its parameters.
pub(crate) fn one_block_a_regime(blocks: Vec<Block>) -> Vec<Block> {
    let mut blocks = blocks;
    blocks.dedup_by_key(|block| block.regime);
    blocks
}

/// The positions of the blocks that evaluation metrics look at: where anything in the
/// log was slept, evaluations awake are left out.
pub(crate) fn without_superseded_evaluations(blocks: &[Block]) -> Vec<usize> {
    let slept = blocks.iter().any(|b| b.key.block_subtype == BlockSubtype::Sleep);
    let left_out = |b: &Block| {
        slept && b.key.block_type == BlockType::Test && b.key.block_subtype == BlockSubtype::Wake
    };
    (0..blocks.len()).filter(|at| !left_out(&blocks[*at])).collect()
}

/// The tasks in the order of the reference's reports: those that are learnt first, by
/// block, then those that are only evaluated.
pub(crate) fn tasks_by_training(blocks: &[Block]) -> Vec<usize> {
    let learnt = blocks.iter().filter(|b| b.key.block_type == BlockType::Train);
    let evaluated = blocks.iter().filter(|b| b.key.block_type == BlockType::Test);
    distinct(learnt.chain(evaluated).map(|b| b.key.task))
}

/// Distinct values in order of first appearance.
pub(crate) fn distinct(values: impl IntoIterator<Item = usize>) -> Vec<usize> {
    let mut seen = std::collections::HashSet::new();
    values.into_iter().filter(|v| seen.insert(*v)).collect()
}
