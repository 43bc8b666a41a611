//! Which rows of a log are measured, in which order, and the regimes they form.

use super::regimes::{Regime, RegimeKey};
use super::reread::reread_all;
use super::settings::{Settings, Unit, VariantMode};
use crate::{Experiences, MetricsError, Order};
use std::collections::HashMap;
use std::ops::Range;
use tella_events::Numbers;

/// The rows that are measured: completed, with a value, ordered by `exp_num`.
pub(crate) struct Selection {
    /// The names of the tasks, lower-case, in order of first appearance in the log.
    pub(crate) tasks: Vec<String>,
    /// The regimes, in order; each is a range of rows.
    pub(crate) regimes: Vec<Regime>,
    /// Each row's place in the log, where that is asked for.
    pub(crate) rows: Vec<usize>,
    /// The number of each row's experience.
    pub(crate) exp_num: Numbers,
    /// Each row's performance.
    pub(crate) perf: Vec<f64>,
    /// Completed experiences that are left out, since they have no value.
    pub(crate) without_value: usize,
    /// Seconds from the first to the last end of an experience, where the log has them.
    pub(crate) runtime: Option<f64>,
}

/// Selects and orders the rows, in time linear in their number for an ordered log.
pub(crate) fn select(
    log: &Experiences,
    settings: &Settings,
    keep_rows: bool,
) -> Result<Selection, MetricsError> {
    let measure = log.measure(&settings.perf_measure)?;
    if settings.unit == Unit::Steps && log.episode_step_count.is_none() {
        return Err(MetricsError::MissingColumn {
            column: "episode_step_count".to_owned(),
            needed_by: "unit `steps`".to_owned(),
            columns: log.columns_of_numbers(),
        });
    }
    let order = Order::of(log)?;
    let (tasks, task_of_label) = tasks(log, settings.variant_mode);
    let mut selection = Selection {
        tasks,
        regimes: Vec::new(),
        rows: Vec::new(),
        exp_num: Numbers::default(),
        perf: Vec::with_capacity(order.len()),
        without_value: 0,
        runtime: None,
    };
    let mut ends: Option<(i64, i64)> = None;
    let (mut unfinished, mut without_value) = (log.len() - order.len(), 0);
    for stretch in order.stretches(log) {
        if !stretch.complete {
            unfinished += stretch.rows.len();
            continue;
        }
        let values = &measure[stretch.rows.clone()];
        if let Some(at) = values.iter().position(|value| value.is_infinite()) {
            let row = stretch.rows.start + at;
            return Err(log.infinite(row, &settings.perf_measure, values[at]));
        }
        let key = RegimeKey {
            block_num: stretch.block_num,
            block_type: stretch.block_type,
            block_subtype: stretch.block_subtype,
            task: task_of_label[stretch.task as usize],
        };
        let first = stretch.exp_num.expect("ordered rows are numbered");
        for part in with_value(values) {
            let at = selection.perf.len();
            let end = at + part.len();
            match selection.regimes.last_mut() {
                Some(regime) if regime.key == key => regime.rows.end = end,
                _ => selection.regimes.push(Regime { key, rows: at..end, params: Vec::new() }),
            }
            let regime = selection.regimes.last_mut().expect("pushed above");
            regime.saw_params(stretch.params, settings.variant_mode);
            let rows = stretch.rows.start + part.start..stretch.rows.start + part.end;
            if let Some(times) = &log.finished_at {
                let own = times.span(rows.clone());
                ends =
                    [ends, own].into_iter().flatten().reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
            }
            if keep_rows {
                selection.rows.extend(rows);
            }
            selection.exp_num.push_run(first.wrapping_add(part.start as u64), part.len());
            selection.perf.extend_from_slice(&values[part]);
        }
        without_value += values.iter().filter(|value| value.is_nan()).count();
    }
    if selection.perf.is_empty() {
        let seen = match (log.len(), unfinished) {
            (0, _) => " (the log is empty)".to_owned(),
            _ => format!(" ({unfinished} unfinished, {without_value} without a value)"),
        };
        let measure = settings.perf_measure.clone();
        return Err(MetricsError::NothingToMeasure { measure, seen });
    }
    reread_all(&mut selection.perf);
    leave_out_unmeasured_tasks(&mut selection);
    selection.without_value = without_value;
    selection.runtime = ends.map(|(first, last)| (last - first) as f64 / 1e6);
    Ok(selection)
}

/// The stretches of values that are numbers.
fn with_value(values: &[f64]) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    values.chunk_by(|a, b| a.is_nan() == b.is_nan()).filter_map(move |part| {
        let range = at..at + part.len();
        at = range.end;
        (!part[0].is_nan()).then_some(range)
    })
}

/// Forgets tasks of which no row is measured.
fn leave_out_unmeasured_tasks(selection: &mut Selection) {
    let mut measured = vec![false; selection.tasks.len()];
    selection.regimes.iter().for_each(|regime| measured[regime.key.task] = true);
    let kept = |task: usize| measured[..task].iter().filter(|measured| **measured).count();
    selection.regimes.iter_mut().for_each(|regime| regime.key.task = kept(regime.key.task));
    let mut measured = measured.iter();
    selection.tasks.retain(|_| *measured.next().expect("one a task"));
}

/// The task names, and the task of each label of the log. The reference knows tasks in
/// lower case only; agnostic to variants, it cuts a name at its first underscore.
pub(crate) fn tasks(log: &Experiences, mode: VariantMode) -> (Vec<String>, Vec<usize>) {
    let mut tasks = Vec::new();
    let mut position = HashMap::new();
    let of_label = log.task_name.values().iter().map(|name| {
        let name = name.to_lowercase();
        let name = mode.task(&name);
        *position.entry(name.to_owned()).or_insert_with(|| {
            tasks.push(name.to_owned());
            tasks.len() - 1
        })
    });
    let of_label = of_label.collect();
    (tasks, of_label)
}

/// The name of a variant's task: what precedes the first underscore.
pub(crate) fn base_task(name: &str) -> &str {
    name.split_once('_').map_or(name, |(task, _)| task)
}
