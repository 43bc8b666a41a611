//! The profile `l2metrics`: what JHU/APL's L2Metrics 3.1.0 computes, its quirks included.
//!
//! Facts were read from the source of L2Metrics 3.1.0 and L2Logger 1.8.2 and are checked
//! against the packages themselves. The order of computation is the reference's:
//! select and order rows ([`select`]), find regimes ([`regimes`]), smooth, clamp and normalise
//! ([`preprocess`]), values of each regime ([`block_values`]), then recovery, averages,
//! maintenance and transfer by block, then by task, then of the lifetime.
//!
//! What is relative to single-task experts ([`experts`]) is in [`relative`] and
//! [`efficiency`]. Quirks are marked where they are repeated.

mod average;
mod block_values;
mod catalogue;
mod clamp;
mod cosine;
mod data;
mod dot;
mod efficiency;
mod experts;
mod json;
mod learning;
mod lifetime;
mod maintenance;
mod metric;
mod normalize;
mod numpy;
mod preprocess;
mod progress;
mod recovery;
mod regimes;
mod relative;
mod report;
mod reread;
mod select;
mod settings;
mod smoothing;
mod tasks;
mod transfer;

pub(crate) use catalogue::METRICS;
pub use data::Data;
pub use experts::wanted_experts;
pub use metric::{Metric, Undefined, Value};
pub use preprocess::Stages;
pub use progress::Progress;
pub use report::{RegimeReport, Report};
pub use settings::{
    Aggregation, DataRange, Maintenance, Normalization, Settings, Smoothing, SteAveraging,
    TransferMethod, Unit, VariantMode,
};
pub use tasks::{ExpertReport, TaskReport, Transfers};

use crate::ste::Experts;
use crate::{Experiences, MetricsError, told};
use average::Averages;
use block_values::{BlockValues, block_values};
use efficiency::{Efficiency, sample_efficiency};
use experts::CurvesByTask;
use learning::Learning;
use maintenance::Maintained;
use rayon::prelude::*;
use regimes::Block;
use tella_events::{BlockType, Numbers};
use transfer::Pair;

/// What was computed by block and by pair of tasks. Columns are as long as the block
/// summary, NaN where they have no value.
pub(crate) struct Columns {
    selected: Vec<Metric>,
    recovery_times: Vec<f64>,
    perf_recovery: Option<Vec<f64>>,
    averages: Averages,
    maintained: Vec<(Metric, Option<Maintained>)>,
    pairs: Vec<(Metric, Vec<Pair>)>,
    /// Noted at the position that is the number of a task's last learning.
    experts: Vec<Option<AgainstExpert>>,
}

/// What a task's learning is against its expert's.
pub(crate) struct AgainstExpert {
    relative: Vec<f64>,
    efficiency: Option<Efficiency>,
}

impl Columns {
    fn maintained(&self, metric: Metric) -> Option<&Maintained> {
        self.maintained.iter().find(|(m, _)| *m == metric).and_then(|(_, m)| m.as_ref())
    }

    fn pairs(&self, metric: Metric) -> &[Pair] {
        self.pairs.iter().find(|(m, _)| *m == metric).map_or(&[], |(_, pairs)| pairs)
    }
}

/// Measures one lifetime. Of the experts those that [`wanted_experts`] names must be loaded.
///
/// # Errors
///
/// Where the log has nothing to measure, or something that cannot be (an infinite value, a
/// block number that decreases, a missing column), or settings do not fit it.
pub fn measure(
    log: &Experiences,
    experts: &Experts,
    settings: &Settings,
) -> Result<Report, MetricsError> {
    measure_keeping(log, experts, settings, None).map(|(report, _)| report)
}

/// As [`measure`], and the preprocessed rows.
///
/// # Errors
///
/// As [`measure`].
pub fn measure_with_data(
    log: &Experiences,
    experts: &Experts,
    settings: &Settings,
) -> Result<(Report, Data), MetricsError> {
    let mut stages = Stages::default();
    let (report, rows) = measure_keeping(log, experts, settings, Some(&mut stages))?;
    Ok((report, Data::new(log, settings, rows, stages)))
}

fn measure_keeping(
    log: &Experiences,
    experts: &Experts,
    settings: &Settings,
    keep: Option<&mut Stages>,
) -> Result<(Report, data::Rows), MetricsError> {
    let select::Selection { tasks, regimes, rows, exp_num, perf: raw, without_value, runtime } =
        select::select(log, settings, keep.is_some())?;
    let mut notes = log.notes.clone();
    if without_value > 0 {
        let (left_out, measure) =
            (told::counted(without_value, "completed experience"), &settings.perf_measure);
        notes.push(format!("{left_out} without a value of `{measure}` left out"));
    }
    let mut curves = experts::curves(&tasks, experts, settings)?;
    let blocks = summary(log, &regimes, &curves, &mut notes);
    let mut perf = raw.clone();
    let subject = preprocess::Subject {
        perf: &mut perf,
        experts: &mut curves,
        tasks: &tasks,
        regimes: &regimes,
        blocks: &blocks,
    };
    let ranges = preprocess::preprocess(subject, settings, &mut notes, keep)?;
    notes.extend(experts::partly(&tasks, &regimes, &curves));

    let values: Vec<BlockValues> =
        regimes.par_iter().map(|regime| block_values(regime, &exp_num, &perf)).collect();
    let considered = regimes::without_superseded_evaluations(&blocks);
    let times = recovery::recovery_times(&blocks, &regimes, &values, &exp_num, &perf, tasks.len());
    let order = regimes::tasks_by_training(&blocks);
    let mut columns = Columns {
        selected: Metric::selected(settings),
        perf_recovery: recovery::performance_recovery(&blocks, &times, &order),
        recovery_times: times,
        averages: average::averages(&blocks, &considered, &regimes, &values),
        maintained: Vec::new(),
        pairs: Vec::new(),
        experts: against_experts(&blocks, &regimes, &curves, &exp_num, &perf, settings),
    };
    for metric in columns.selected.clone() {
        if let Some(reference) = maintenance_reference(metric) {
            let maintained =
                maintenance::maintenance(&blocks, &considered, &values, tasks.len(), reference);
            columns.maintained.push((metric, maintained));
        } else if let Some((direction, comparison)) = transfer_of(metric) {
            let pairs = transfer::transfer(&blocks, &considered, &values, direction, comparison);
            columns.pairs.push((metric, pairs));
        }
    }

    let task_reports: Vec<TaskReport> = order
        .iter()
        .map(|task| {
            let has_expert = !curves[*task].is_empty();
            let subject = tasks::Subject { task: *task, names: &tasks, has_expert };
            tasks::task_report(subject, &blocks, &regimes, &columns, &perf, &raw)
        })
        .collect();
    let count = |block_type| -> usize {
        regimes.iter().filter(|r| r.key.block_type == block_type).map(|r| r.rows.len()).sum()
    };
    let report = Report {
        metrics: lifetime::lifetime_metrics(&task_reports, &columns, settings.aggregation_method),
        metrics_column: settings.perf_measure.clone(),
        min: perf.iter().copied().fold(f64::INFINITY, f64::min),
        max: perf.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        num_lx: count(BlockType::Train),
        num_ex: count(BlockType::Test),
        runtime,
        normalization_data_range: ranges,
        regimes: regime_reports(&blocks, &values, &columns.averages, &tasks),
        tasks: task_reports,
        notes,
    };
    let experts = curves.into_iter().map(|own| own.into_iter().map(|c| c.perf).collect());
    Ok((report, data::Rows { rows, tasks, regimes, experts: experts.collect() }))
}

/// Every task's learning against its expert's, by position.
fn against_experts(
    blocks: &[Block],
    regimes: &[regimes::Regime],
    curves: &CurvesByTask,
    exp_num: &Numbers,
    perf: &[f64],
    settings: &Settings,
) -> Vec<Option<AgainstExpert>> {
    let mut noted: Vec<Option<AgainstExpert>> = blocks.iter().map(|_| None).collect();
    for (task, experts) in curves.iter().enumerate().filter(|(_, experts)| !experts.is_empty()) {
        if let Some(learning) = Learning::of(task, regimes, exp_num, perf) {
            let averaging = settings.ste_averaging_method;
            noted[learning.last_regime] = Some(AgainstExpert {
                relative: relative::relative_performance(&learning, experts, averaging),
                efficiency: sample_efficiency(&learning, experts, averaging),
            });
        }
    }
    noted
}

/// The block summary, as the reference has it where it gets through.
fn summary(
    log: &Experiences,
    regimes: &[regimes::Regime],
    curves: &CurvesByTask,
    notes: &mut Vec<String>,
) -> Vec<Block> {
    let blocks = regimes::block_summary(regimes, &log.task_params);
    if blocks.len() == regimes.len() {
        return blocks;
    }
    let mismatch = format!(
        "task_params change within a block's task: {} regimes, {} parameter sets",
        regimes.len(),
        blocks.len()
    );
    let stops = if recovery::reference_stops(&blocks, regimes, curves.len()) {
        Some("KeyError")
    } else if learning::reference_stops(&blocks, regimes, curves) {
        Some("ValueError")
    } else {
        None
    };
    if let Some(error) = stops {
        notes.push(format!(
            "{mismatch}; L2Metrics 3.1.0 stops here with {error}, this counts one block a regime"
        ));
        return regimes::one_block_a_regime(blocks);
    }
    notes.push(format!(
        "{mismatch}; L2Metrics 3.1.0 then takes values of one block for another's, and so does \
         this profile"
    ));
    blocks
}

fn maintenance_reference(metric: Metric) -> Option<maintenance::Reference> {
    match metric {
        Metric::PerfMaintenanceMrlep => Some(maintenance::Reference::FirstEvaluation),
        Metric::PerfMaintenanceMrtlp => Some(maintenance::Reference::EndOfLearning),
        _ => None,
    }
}

fn transfer_of(metric: Metric) -> Option<(transfer::Direction, transfer::Comparison)> {
    use transfer::{Comparison, Direction};
    match metric {
        Metric::ForwardTransferRatio => Some((Direction::Forward, Comparison::Ratio)),
        Metric::BackwardTransferRatio => Some((Direction::Backward, Comparison::Ratio)),
        Metric::ForwardTransferContrast => Some((Direction::Forward, Comparison::Contrast)),
        Metric::BackwardTransferContrast => Some((Direction::Backward, Comparison::Contrast)),
        _ => None,
    }
}

fn regime_reports(
    blocks: &[Block],
    values: &[BlockValues],
    averages: &Averages,
    tasks: &[String],
) -> Vec<RegimeReport> {
    let finite = |value: f64| value.is_finite().then_some(value);
    let report = |(at, block): (usize, &Block)| {
        // Values are noted at the position that is their regime's number: see `Block`.
        let value = values.get(at);
        let average = [averages.train[at], averages.eval[at]].into_iter().find(|v| !v.is_nan());
        RegimeReport {
            block_num: block.key.block_num,
            block_type: block.key.block_type,
            block_subtype: block.key.block_subtype,
            task_name: tasks[block.key.task].clone(),
            regime_num: block.regime,
            task_params: block.task_params.clone(),
            saturation: value.and_then(|v| finite(v.saturation)),
            exp_to_sat: value.map(|v| v.exp_to_sat),
            term_perf: value.and_then(|v| finite(v.term_perf)),
            exp_to_term_perf: value.map(|v| v.exp_to_term_perf),
            avg_perf: average.and_then(finite),
        }
    };
    blocks.iter().enumerate().map(report).collect()
}
