//! Which rows of a log are measured, in which order, and the regimes they form.

use super::regimes::{Regime, RegimeKey};
use super::reread::reread_all;
use super::settings::{Settings, Unit, VariantMode};
use crate::{Experiences, MetricsError};
use std::collections::HashMap;

/// The rows that are measured: completed, with a value, ordered by `exp_num`.
pub(crate) struct Selection {
    /// The names of the tasks, lower-case, in order of first appearance in the log.
    pub(crate) tasks: Vec<String>,
    /// The regimes, in order; each is a range of rows.
    pub(crate) regimes: Vec<Regime>,
    /// Each row's place in the log, where that is asked for.
    pub(crate) rows: Vec<usize>,
    /// The number of each row's experience.
    pub(crate) exp_num: Vec<u64>,
    /// Each row's performance.
    pub(crate) perf: Vec<f64>,
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
    let order = log.ordered_rows()?;
    let (tasks, task_of_label) = tasks(log, settings.variant_mode);
    let mut selection = Selection {
        tasks,
        regimes: Vec::new(),
        rows: Vec::new(),
        exp_num: Vec::new(),
        perf: Vec::new(),
        runtime: None,
    };
    let mut ends: Option<(i64, i64)> = None;
    let (mut unfinished, mut without_value) = (0, log.len() - order.len());
    for row in order {
        if !log.complete[row] {
            unfinished += 1;
            continue;
        }
        let value = measure[row];
        if value.is_nan() {
            without_value += 1;
            continue;
        }
        if value.is_infinite() {
            return Err(log.infinite(row, &settings.perf_measure, value));
        }
        let key = RegimeKey {
            block_num: log.block_num[row],
            block_type: log.block_type[row],
            block_subtype: log.block_subtype[row],
            task: task_of_label[log.task_name.codes()[row] as usize],
        };
        if let Some(end) = log.finished_at.as_ref().and_then(|ends| ends[row]) {
            ends = Some(ends.map_or((end, end), |(first, last)| (first.min(end), last.max(end))));
        }
        let at = selection.perf.len();
        match selection.regimes.last_mut() {
            Some(regime) if regime.key == key => regime.rows.end = at + 1,
            _ => selection.regimes.push(Regime { key, rows: at..at + 1, params: Vec::new() }),
        }
        let regime = selection.regimes.last_mut().expect("pushed above");
        regime.saw_params(log.task_params.codes()[row], settings.variant_mode);
        if keep_rows {
            selection.rows.push(row);
        }
        selection.exp_num.push(log.exp_num[row].expect("ordered rows are numbered"));
        selection.perf.push(value);
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
    selection.runtime = ends.map(|(first, last)| (last - first) as f64 / 1e6);
    Ok(selection)
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
