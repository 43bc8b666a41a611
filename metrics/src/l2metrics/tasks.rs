//! The metrics of each task, gathered from the values of its blocks.

use super::Columns;
use super::maintenance::Maintained;
use super::metric::{Metric, Undefined, Value, finite};
use super::numpy;
use super::progress::{Progress, progress};
use super::regimes::{Block, Regime};
use super::transfer::Pair;
use std::collections::BTreeMap;
use tella_events::BlockType;

/// The transfer from a task to others: their names, and one value an evaluation.
pub type Transfers = BTreeMap<String, Vec<f64>>;

/// The metrics of a task.
#[derive(Clone, Debug)]
pub struct TaskReport {
    /// Its name, in lower case.
    pub task_name: String,
    /// Its metrics that are one number.
    pub metrics: Vec<(Metric, Value)>,
    /// Its transfer to other tasks.
    pub transfers: Vec<(Metric, Transfers)>,
    /// Its recovery times, in experiences.
    pub recovery_times: Vec<f64>,
    /// The averages of its learning regimes.
    pub avg_train_perf_vals: Vec<f64>,
    /// The averages of its evaluation regimes.
    pub avg_eval_perf_vals: Vec<f64>,
    /// Its maintenance values by metric, in stretches without a gap.
    pub maintenance_vals: Vec<(Metric, Vec<Vec<f64>>)>,
    /// Its smallest preprocessed value.
    pub min: f64,
    /// Its largest preprocessed value.
    pub max: f64,
    /// Its learning experiences.
    pub num_lx: usize,
    /// Its evaluation experiences.
    pub num_ex: usize,
    /// Its raw evaluations before, right after and long after learning.
    pub progress: Progress,
}

/// The report of one task.
pub(crate) fn task_report(
    task: usize,
    names: &[String],
    blocks: &[Block],
    regimes: &[Regime],
    columns: &Columns,
    perf: &[f64],
    raw: &[f64],
) -> TaskReport {
    let own = |column: &[f64]| -> Vec<f64> {
        let own = blocks.iter().zip(column).filter(|(block, _)| block.key.task == task);
        own.map(|(_, value)| *value).collect()
    };
    let present =
        |column: &[f64]| -> Vec<f64> { own(column).into_iter().filter(|v| !v.is_nan()).collect() };
    let mean_or = |values: &[f64], otherwise| match values {
        [] => Err(otherwise),
        values => finite(numpy::mean(values)),
    };
    let avg_train_perf_vals = present(&columns.averages.train);
    let avg_eval_perf_vals = present(&columns.averages.eval);
    let mut metrics = Vec::new();
    let mut transfers = Vec::new();
    let mut maintenance_vals = Vec::new();
    for metric in &columns.selected {
        let value = match metric {
            Metric::PerfRecovery => {
                let recovery = columns.perf_recovery.as_deref().map(present).unwrap_or_default();
                recovery.first().copied().ok_or(Undefined::NoTaskTrend)
            }
            Metric::AvgTrainPerf => mean_or(&avg_train_perf_vals, Undefined::NoLearning),
            Metric::AvgEvalPerf => mean_or(&avg_eval_perf_vals, Undefined::NoEvaluation),
            Metric::PerfMaintenanceMrlep | Metric::PerfMaintenanceMrtlp => {
                let maintained = columns.maintained(*metric);
                let values = maintained.map(|m| own(&m.values)).unwrap_or_default();
                maintenance_vals.push((*metric, stretches(&values)));
                let mean = maintained.map_or(f64::NAN, |m: &Maintained| m.means[task]);
                if mean.is_nan() { Err(Undefined::NoLaterEvaluation) } else { finite(mean) }
            }
            Metric::SteRelPerf | Metric::SampleEfficiency => Err(Undefined::NoExpert),
            Metric::ForwardTransferRatio
            | Metric::BackwardTransferRatio
            | Metric::ForwardTransferContrast
            | Metric::BackwardTransferContrast => {
                let pairs = columns.pairs(*metric).iter().filter(|pair| pair.from == task);
                let to = |pair: &Pair| (names[pair.to].clone(), pair.values.clone());
                transfers.push((*metric, pairs.map(to).collect()));
                continue;
            }
        };
        metrics.push((*metric, value));
    }
    let rows = || regimes.iter().filter(|r| r.key.task == task).flat_map(|r| r.rows.clone());
    let count = |block_type| -> usize {
        let own = regimes.iter().filter(|r| (r.key.task, r.key.block_type) == (task, block_type));
        own.map(|r| r.rows.len()).sum()
    };
    TaskReport {
        task_name: names[task].clone(),
        metrics,
        transfers,
        // The reference has no recovery times where it has no trend of any task.
        recovery_times: match columns.perf_recovery {
            Some(_) => present(&columns.recovery_times),
            None => Vec::new(),
        },
        avg_train_perf_vals,
        avg_eval_perf_vals,
        maintenance_vals,
        min: rows().map(|row| perf[row]).fold(f64::INFINITY, f64::min),
        max: rows().map(|row| perf[row]).fold(f64::NEG_INFINITY, f64::max),
        num_lx: count(BlockType::Train),
        num_ex: count(BlockType::Test),
        progress: progress(task, regimes, raw),
    }
}

/// The runs of values between gaps (NaN).
fn stretches(values: &[f64]) -> Vec<Vec<f64>> {
    let runs = values.split(|v| v.is_nan()).filter(|run| !run.is_empty());
    runs.map(<[f64]>::to_vec).collect()
}
