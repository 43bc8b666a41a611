//! Preprocessing: smooth, clamp, normalise, in the reference's order.

use super::clamp::clamp;
use super::normalize::{merge_variants, normalize};
use super::regimes::{Block, Regime};
use super::settings::{DataRange, Settings, Smoothing, VariantMode};
use super::smoothing::smooth;
use crate::MetricsError;
use std::borrow::Cow;
use std::collections::BTreeMap;
use tella_events::BlockType;

/// Where the rows of each task lie.
pub(crate) struct TaskRows<'a> {
    tasks: &'a [String],
    regimes: Vec<Vec<&'a Regime>>,
}

impl<'a> TaskRows<'a> {
    fn new(tasks: &'a [String], regimes: &'a [Regime]) -> Self {
        let mut of_task = vec![Vec::new(); tasks.len()];
        for regime in regimes {
            of_task[regime.key.task].push(regime);
        }
        Self { tasks, regimes: of_task }
    }

    /// The tasks' names.
    pub(crate) fn tasks(&self) -> &[String] {
        self.tasks
    }

    /// The rows of a task, ascending.
    pub(crate) fn of(&self, task: usize) -> impl Iterator<Item = usize> {
        self.regimes[task].iter().flat_map(|regime| regime.rows.clone())
    }

    /// The entry of a task in a list of ranges.
    pub(crate) fn range_of(
        &self,
        task: usize,
        ranges: &BTreeMap<String, DataRange>,
    ) -> Result<DataRange, MetricsError> {
        ranges.get(&self.tasks[task]).copied().ok_or_else(|| MetricsError::NoDataRange {
            task: self.tasks[task].clone(),
            tasks: ranges.keys().cloned().collect::<Vec<_>>().join(", "),
        })
    }
}

/// Turns raw performance into what the metrics are computed from, in place, and returns
/// the ranges it was normalised with.
pub(crate) fn preprocess(
    perf: &mut [f64],
    tasks: &[String],
    regimes: &[Regime],
    blocks: &[Block],
    settings: &Settings,
) -> Result<Option<BTreeMap<String, DataRange>>, MetricsError> {
    if settings.smoothing_method != Smoothing::None {
        for (number, regime) in regimes.iter().enumerate() {
            // The type of the block at the regime's number: see `Block`.
            let learning = blocks[number].key.block_type == BlockType::Train;
            if learning || settings.do_smooth_eval_data {
                let curve = &mut perf[regime.rows.clone()];
                let smoothed = smooth(curve, settings.window_length, settings.smoothing_method);
                if let Cow::Owned(smoothed) = smoothed {
                    curve.copy_from_slice(&smoothed);
                }
            }
        }
    }
    let merged;
    let given = match (&settings.data_range, settings.variant_mode) {
        (Some(ranges), VariantMode::Agnostic) => {
            merged = merge_variants(ranges);
            Some(&merged)
        }
        (ranges, _) => ranges.as_ref(),
    };
    let rows = TaskRows::new(tasks, regimes);
    if settings.clamp_outliers {
        clamp(perf, &rows, given)?;
    }
    normalize(perf, &rows, given, settings.normalization_method, &settings.perf_measure)
}
