//! The profile's metrics in the catalogue, so that they are listed, selected and compared
//! like all others. Their values are the report's.

use super::metric::Metric;
use crate::definition::{Better, Definition, Measured, Undefined, Unit};
use crate::family::Family;
use crate::lifetime::Scaled;

/// The family's metrics.
pub(crate) static METRICS: &[&Definition] = &[
    &PERF_RECOVERY,
    &AVG_TRAIN_PERF,
    &AVG_EVAL_PERF,
    &PERF_MAINTENANCE_MRLEP,
    &PERF_MAINTENANCE_MRTLP,
    &FORWARD_TRANSFER_RATIO,
    &BACKWARD_TRANSFER_RATIO,
    &FORWARD_TRANSFER_CONTRAST,
    &BACKWARD_TRANSFER_CONTRAST,
    &STE_REL_PERF,
    &SAMPLE_EFFICIENCY,
];

const SOURCE: &str = "L2Metrics 3.1.0 (JHU/APL), repeated with its quirks";

/// Defines one metric; what is equal for all is filled in.
macro_rules! define {
    ($constant:ident, $metric:ident, $name:literal, $unit:ident, $formula:literal, $inputs:literal, $undefined:literal) => {
        static $constant: Definition = Definition {
            name: $name,
            family: Family::L2metrics,
            meaning: Metric::$metric.meaning(),
            formula: $formula,
            inputs: $inputs,
            undefined: $undefined,
            source: SOURCE,
            unit: Unit::$unit,
            better: Better::Higher,
            measure: |life| reported(life, Metric::$metric),
        };
    };
}

define!(
    PERF_RECOVERY,
    PerfRecovery,
    "perf_recovery",
    ExperiencesPerRepeat,
    "mean over tasks of minus the Theil-Sen slope of the recovery times",
    "three learning regimes of a task",
    "no task has two recovery times"
);
define!(
    AVG_TRAIN_PERF,
    AvgTrainPerf,
    "avg_train_perf",
    Points,
    "mean over tasks of the mean over its learning regimes of their mean",
    "learning experiences",
    "no learning experiences"
);
define!(
    AVG_EVAL_PERF,
    AvgEvalPerf,
    "avg_eval_perf",
    Points,
    "mean over tasks of the mean over its evaluation regimes of their mean",
    "evaluation experiences",
    "no evaluation experiences"
);
define!(
    PERF_MAINTENANCE_MRLEP,
    PerfMaintenanceMrlep,
    "perf_maintenance_mrlep",
    Points,
    "mean over tasks of the mean of later evaluations minus the first one after the latest learning",
    "two evaluations of a task after its learning",
    "no evaluation later than the first one after learning"
);
define!(
    PERF_MAINTENANCE_MRTLP,
    PerfMaintenanceMrtlp,
    "perf_maintenance_mrtlp",
    Points,
    "mean over tasks of the mean of later evaluations minus the last tenth of the latest learning",
    "two evaluations of a task after its learning",
    "no evaluation later than the first one after learning"
);
define!(
    FORWARD_TRANSFER_RATIO,
    ForwardTransferRatio,
    "forward_transfer_ratio",
    Ratio,
    "mean over pairs of tasks of the first value of after / before",
    "evaluations of a task before and after another was learnt, ahead of its own learning",
    "no pair of tasks has such evaluations"
);
define!(
    BACKWARD_TRANSFER_RATIO,
    BackwardTransferRatio,
    "backward_transfer_ratio",
    Ratio,
    "mean over pairs of tasks of the first value of after / before",
    "evaluations of a learnt task before and after another was learnt",
    "no pair of tasks has such evaluations"
);
define!(
    FORWARD_TRANSFER_CONTRAST,
    ForwardTransferContrast,
    "forward_transfer_contrast",
    Contrast,
    "mean over pairs of tasks of the first value of (after - before) / (after + before)",
    "evaluations of a task before and after another was learnt, ahead of its own learning",
    "no pair of tasks has such evaluations"
);
define!(
    BACKWARD_TRANSFER_CONTRAST,
    BackwardTransferContrast,
    "backward_transfer_contrast",
    Contrast,
    "mean over pairs of tasks of the first value of (after - before) / (after + before)",
    "evaluations of a learnt task before and after another was learnt",
    "no pair of tasks has such evaluations"
);
define!(
    STE_REL_PERF,
    SteRelPerf,
    "ste_rel_perf",
    Ratio,
    "mean over tasks of the sum of learning performance over that of the single-task expert",
    "learning experiences of a task and of its single-task expert",
    "no single-task expert"
);
define!(
    SAMPLE_EFFICIENCY,
    SampleEfficiency,
    "sample_efficiency",
    Ratio,
    "mean over tasks of (saturation / expert's) (expert's experiences to saturation / own)",
    "learning experiences of a task and of its single-task expert",
    "no single-task expert, or a curve that saturates with its first experience"
);

/// A metric of the report that was made of this lifetime.
fn reported(life: &Scaled, metric: Metric) -> Measured {
    let Some(report) = life.l2metrics else {
        return Measured::of_lifetime(Err("L2Metrics' numbers were not computed".into()));
    };
    let value = report.get(metric).unwrap_or(Err(super::Undefined::NotSelected));
    let named = |value: super::Value| value.map_err(|reason| Undefined::from(reason.to_string()));
    let tasks = report.tasks.iter().filter_map(|task| {
        let (_, value) = task.metrics.iter().find(|(m, _)| *m == metric)?;
        Some((task.task_name.clone(), named(*value)))
    });
    Measured { tasks: tasks.collect(), ..Measured::of_lifetime(named(value)) }
}
