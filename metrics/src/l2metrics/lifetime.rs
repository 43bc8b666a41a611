//! The metrics of a lifetime, from those of its tasks and pairs of tasks.

use super::Columns;
use super::metric::{Metric, Undefined, Value, finite};
use super::numpy;
use super::regimes::distinct;
use super::settings::Aggregation;
use super::tasks::TaskReport;
use super::transfer::Pair;

/// Aggregates over tasks, those without a value left out.
pub(crate) fn lifetime_metrics(
    tasks: &[TaskReport],
    columns: &Columns,
    aggregation: Aggregation,
) -> Vec<(Metric, Value)> {
    let of_tasks = |metric: Metric| -> Vec<f64> {
        let all = tasks.iter().flat_map(|task| &task.metrics);
        all.filter(|(m, _)| *m == metric).filter_map(|(_, value)| value.ok()).collect()
    };
    let aggregate = |metric: &Metric| {
        let (values, undefined) = match metric {
            Metric::ForwardTransferRatio | Metric::ForwardTransferContrast => {
                (first_values(columns.pairs(*metric)), Undefined::NoForwardPair)
            }
            Metric::BackwardTransferRatio | Metric::BackwardTransferContrast => {
                (first_values(columns.pairs(*metric)), Undefined::NoBackwardPair)
            }
            Metric::PerfRecovery => (of_tasks(*metric), Undefined::NoTrend),
            Metric::AvgTrainPerf => (of_tasks(*metric), Undefined::NoLearning),
            Metric::AvgEvalPerf => (of_tasks(*metric), Undefined::NoEvaluation),
            Metric::PerfMaintenanceMrlep | Metric::PerfMaintenanceMrtlp => {
                (of_tasks(*metric), Undefined::NoLaterEvaluation)
            }
            Metric::SteRelPerf | Metric::SampleEfficiency => {
                let mean = |task: &TaskReport| match metric {
                    Metric::SteRelPerf => task.expert.ste_rel_perf,
                    _ => task.expert.sample_efficiency,
                };
                // Infinite ones count, too: so the reference has it.
                let values = tasks.iter().map(mean).filter(|v| !v.is_nan()).collect();
                (values, no_expert_value(tasks, *metric))
            }
        };
        let value = match (values.as_slice(), aggregation) {
            ([], _) => Err(undefined),
            (values, Aggregation::Mean) => finite(numpy::mean(values)),
            (values, Aggregation::Median) => finite(numpy::median(values)),
        };
        let overflow = value == Err(Undefined::Overflow) && metric.needs_expert();
        (*metric, if overflow { Err(Undefined::ZeroExpert) } else { value })
    };
    columns.selected.iter().map(aggregate).collect()
}

/// Why no task has a value relative to an expert: the reason of one that has an expert, if any.
fn no_expert_value(tasks: &[TaskReport], metric: Metric) -> Undefined {
    let all = tasks.iter().flat_map(|task| &task.metrics).filter(|(m, _)| *m == metric);
    let mut reasons = all.filter_map(|(_, value)| value.err());
    reasons.find(|reason| *reason != Undefined::NoExpert).unwrap_or(Undefined::NoExpert)
}

/// The first value of every pair, pairs with the same learnt task together. Later
/// values of a pair do not enter a lifetime's transfer: so the reference has it. Values
/// that are not numbers are left out, as `numpy.nanmean` does.
fn first_values(pairs: &[Pair]) -> Vec<f64> {
    let learnt = distinct(pairs.iter().map(|pair| pair.from));
    let ordered = learnt.iter().flat_map(|from| pairs.iter().filter(|pair| pair.from == *from));
    ordered.map(|pair| pair.values[0]).filter(|v| !v.is_nan()).collect()
}
