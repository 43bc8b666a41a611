//! The preprocessed rows of a lifetime, under the reference's column names.

use super::preprocess::Stages;
use super::regimes::Regime;
use super::settings::{Settings, Unit};
use crate::Experiences;

/// The rows that were measured, in order.
#[derive(Clone, Debug)]
pub struct Data {
    /// Each row's place in the log.
    pub rows: Vec<usize>,
    /// Each row's regime.
    pub regime_num: Vec<u64>,
    /// Each row's task, as a position in `tasks`.
    pub task: Vec<u32>,
    /// The tasks, as they were told apart.
    pub tasks: Vec<String>,
    /// The steps up to and with each row, where the unit is steps.
    pub steps: Option<Vec<u64>>,
    /// Performance, step by step of preprocessing.
    pub stages: Stages,
    /// The preprocessed learning of each task's experts, a curve a run.
    pub experts: Vec<Vec<Vec<f64>>>,
}

/// Which rows were measured.
pub(crate) struct Rows {
    pub(crate) rows: Vec<usize>,
    pub(crate) tasks: Vec<String>,
    pub(crate) regimes: Vec<Regime>,
    pub(crate) experts: Vec<Vec<Vec<f64>>>,
}

impl Data {
    pub(crate) fn new(log: &Experiences, settings: &Settings, rows: Rows, stages: Stages) -> Self {
        let Rows { rows, tasks, regimes, experts } = rows;
        let by_regime =
            || regimes.iter().enumerate().flat_map(|(n, r)| r.rows.clone().map(move |_| (n, r)));
        let steps = (settings.unit == Unit::Steps).then(|| {
            let counts = log.episode_step_count.as_deref().unwrap_or_default();
            let running = rows.iter().scan(0u64, |sum, row| {
                *sum = sum.saturating_add(counts[*row]);
                Some(*sum)
            });
            running.collect()
        });
        Self {
            regime_num: by_regime().map(|(number, _)| number as u64).collect(),
            task: by_regime().map(|(_, regime)| regime.key.task as u32).collect(),
            rows,
            tasks,
            steps,
            stages,
            experts,
        }
    }
}
