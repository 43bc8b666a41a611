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
            Metric::SteRelPerf | Metric::SampleEfficiency => (vec![], Undefined::NoExpert),
        };
        let value = match (values.as_slice(), aggregation) {
            ([], _) => Err(undefined),
            (values, Aggregation::Mean) => finite(numpy::mean(values)),
            (values, Aggregation::Median) => finite(numpy::median(values)),
        };
        (*metric, value)
    };
    columns.selected.iter().map(aggregate).collect()
}

/// The first value of every pair, pairs with the same learnt task together. Later
/// values of a pair do not enter a lifetime's transfer: so the reference has it. Values
/// that are not numbers are left out, as `numpy.nanmean` does.
fn first_values(pairs: &[Pair]) -> Vec<f64> {
    let learnt = distinct(pairs.iter().map(|pair| pair.from));
    let ordered = learnt.iter().flat_map(|from| pairs.iter().filter(|pair| pair.from == *from));
    ordered.map(|pair| pair.values[0]).filter(|v| !v.is_nan()).collect()
}
