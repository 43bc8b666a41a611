//! The metrics of each task, gathered from the values of its blocks.

use super::maintenance::Maintained;
use super::metric::{Metric, Undefined, Value, finite};
use super::numpy;
use super::progress::{Progress, progress};
use super::regimes::{Block, Regime};
use super::transfer::Pair;
use super::{AgainstExpert, Columns};
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
    /// What it is against its single-task expert.
    pub expert: ExpertReport,
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

/// The values behind the metrics relative to a single-task expert, one an expert's run; NaN or
/// infinite where an expert has no value or sums to zero.
#[derive(Clone, Debug, Default)]
pub struct ExpertReport {
    /// Performance relative to each run.
    pub ste_rel_perf_vals: Vec<f64>,
    /// The experts' saturation.
    pub ste_saturation_vals: Vec<f64>,
    /// Their experiences to saturation.
    pub ste_exp_to_sat_vals: Vec<f64>,
    /// The task's saturation over theirs.
    pub se_saturation_vals: Vec<f64>,
    /// Their experiences to saturation over the task's.
    pub se_exp_to_sat_vals: Vec<f64>,
    /// Sample efficiency relative to each run.
    pub sample_efficiency_vals: Vec<f64>,
    /// The saturation of the task's learning.
    pub se_task_saturation: Option<f64>,
    /// Its experiences to saturation.
    pub se_task_exp_to_sat: Option<usize>,
    /// The mean of `ste_rel_perf_vals`; NaN where there is none.
    pub(crate) ste_rel_perf: f64,
    /// The mean of `sample_efficiency_vals`; NaN where there is none.
    pub(crate) sample_efficiency: f64,
}

impl ExpertReport {
    fn new(noted: Option<&AgainstExpert>) -> Self {
        let Some(AgainstExpert { relative, efficiency }) = noted else {
            let none = f64::NAN;
            return Self { ste_rel_perf: none, sample_efficiency: none, ..Self::default() };
        };
        let mut report = Self {
            ste_rel_perf_vals: relative.clone(),
            ste_rel_perf: numpy::nanmean(relative),
            sample_efficiency: f64::NAN,
            ..Self::default()
        };
        // The reference tells nothing of a task's saturation where its expert never saturates.
        let noted = efficiency.as_ref().and_then(|e| Some((e, e.relative.as_ref()?)));
        if let Some((efficiency, relative)) = noted {
            report.se_task_saturation = Some(efficiency.task_saturation);
            report.se_task_exp_to_sat = Some(efficiency.task_exp_to_sat);
            report.ste_saturation_vals = relative.ste_saturation.clone();
            report.ste_exp_to_sat_vals = relative.ste_exp_to_sat.clone();
            report.se_saturation_vals = relative.saturation.clone();
            report.se_exp_to_sat_vals = relative.exp_to_sat.clone();
            report.sample_efficiency_vals = relative.efficiency.clone();
            report.sample_efficiency = numpy::nanmean(&relative.efficiency);
        }
        report
    }
}

/// Whose report it is.
pub(crate) struct Subject<'a> {
    /// The task's position among the names.
    pub(crate) task: usize,
    pub(crate) names: &'a [String],
    pub(crate) has_expert: bool,
}

/// The report of one task.
pub(crate) fn task_report(
    Subject { task, names, has_expert }: Subject<'_>,
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
    let noted = blocks.iter().zip(&columns.experts).filter(|(block, _)| block.key.task == task);
    let noted = noted.filter_map(|(_, noted)| noted.as_ref()).next();
    let expert = ExpertReport::new(noted);
    let against_expert = |mean: f64, without: Undefined| match noted {
        None if !has_expert => Err(Undefined::NoExpert),
        None => Err(Undefined::NoLearning),
        Some(_) if mean.is_finite() => Ok(mean),
        Some(_) => Err(without),
    };
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
            Metric::SteRelPerf => against_expert(expert.ste_rel_perf, Undefined::ZeroExpert),
            Metric::SampleEfficiency => {
                let why = match noted.map(|noted| noted.efficiency.as_ref()) {
                    Some(None) => Undefined::NeverSaturates,
                    _ if expert.sample_efficiency_vals.is_empty() => {
                        Undefined::ExpertNeverSaturates
                    }
                    _ => Undefined::ZeroExpert,
                };
                against_expert(expert.sample_efficiency, why)
            }
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
        expert,
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
