//! Normalisation: the range of a task, or of all tasks, is mapped to 1..101.

use super::experts::CurvesByTask;
use super::preprocess::TaskRows;
use super::select::base_task;
use super::settings::{DataRange, Normalization, Settings};
use crate::{MetricsError, ranges};
use std::collections::{BTreeMap, BTreeSet};

/// The width of the normalised range.
const SCALE: f64 = 100.0;
/// Its lower end. Not zero, so that ratios of performance can be taken.
const OFFSET: f64 = 1.0;

/// Normalises in place and returns the ranges it used: the given ones, or each task's own,
/// that of its experts' learning taken in.
pub(crate) fn normalize(
    perf: &mut [f64],
    experts: &mut CurvesByTask,
    rows: &TaskRows,
    given: Option<&BTreeMap<String, DataRange>>,
    settings: &Settings,
    notes: &mut Vec<String>,
) -> Result<Option<BTreeMap<String, DataRange>>, MetricsError> {
    let method = settings.normalization_method;
    if method == Normalization::None {
        return Ok(None);
    }
    let ranges = match given {
        Some(ranges) => {
            let none: CurvesByTask = vec![Vec::new(); rows.tasks().len()];
            let own = own_ranges(perf, &none, rows);
            notes.extend(ranges::notes(ranges, own.iter().map(|(task, r)| (task.as_str(), *r))));
            ranges.clone()
        }
        None => own_ranges(perf, experts, rows),
    };
    // Over all ranges given, also those of tasks that this log does not have.
    let run = DataRange {
        min: ranges.values().fold(f64::INFINITY, |min, r| min.min(r.min)),
        max: ranges.values().fold(f64::NEG_INFINITY, |max, r| max.max(r.max)),
    };
    for (task, name) in rows.tasks().iter().enumerate() {
        let own = rows.range_of(task, &ranges)?;
        let range = if method == Normalization::Run { run } else { own };
        let width = range.max - range.min;
        if !width.is_finite() {
            let (min, max) = (range.min, range.max);
            return Err(MetricsError::RangeTooWide { task: name.clone(), min, max });
        }
        if width == 0.0 && method == Normalization::Run {
            let measure = settings.perf_measure.clone();
            return Err(MetricsError::ConstantRun { measure, value: range.min });
        }
        rows.of(task).for_each(|row| map_value(&mut perf[row], range));
    }
    let range_of = |task: &str| match method {
        Normalization::Run => Some(run),
        _ => ranges.get(task).copied(),
    };
    notes.extend(what_stops_the_reference(experts, rows.tasks(), given, range_of));
    for curves in experts.iter_mut() {
        curves.retain_mut(|curve| {
            let range = range_of(&curve.task);
            if let Some(range) = range {
                curve.perf.iter_mut().for_each(|value| map_value(value, range));
            }
            range.is_some()
        });
    }
    Ok(Some(ranges))
}

fn map_value(value: &mut f64, range: DataRange) {
    let width = range.max - range.min;
    *value = if width == 0.0 { OFFSET } else { (*value - range.min) / width * SCALE + OFFSET };
}

/// The reference normalises all of an expert's log and stops where a task has no range, or
/// the expert's learning no value. Evaluations enter no metric, so they matter here no more;
/// what an expert learnt does. One note for each kind of stop, with the names of all tasks.
fn what_stops_the_reference(
    experts: &CurvesByTask,
    tasks: &[String],
    given: Option<&BTreeMap<String, DataRange>>,
    range_of: impl Fn(&str) -> Option<DataRange>,
) -> Vec<String> {
    let unknown = |task: &&String| range_of(task).is_none();
    let (mut absent, mut others) = (BTreeSet::new(), BTreeSet::new());
    let (mut evaluated, mut valueless) = (BTreeSet::new(), BTreeSet::new());
    for (task, curves) in tasks.iter().zip(experts) {
        for curve in curves {
            absent.extend(Some(&curve.task).filter(unknown));
            let unranged: Vec<&String> = curve.evaluated.iter().filter(unknown).collect();
            evaluated.extend(Some(task).filter(|_| !unranged.is_empty()));
            others.extend(unranged);
        }
        if given.is_none() && !curves.is_empty() && curves.iter().all(|c| c.perf.is_empty()) {
            valueless.insert(task);
        }
    }
    let mut notes = Vec::new();
    if !absent.is_empty() {
        notes.push(format!(
            "the store has experts of tasks that this log does not have, whose names begin with \
             those of tasks that it has ({}): L2Metrics 3.1.0 stops here with KeyError, this \
             leaves the experts out",
            listed(&absent)
        ));
    }
    if !others.is_empty() {
        notes.push(format!(
            "experts of {} were also evaluated on {}, which this log does not have: L2Metrics \
             3.1.0 stops here with KeyError, this does not look at evaluations of experts",
            listed(&evaluated),
            listed(&others)
        ));
    }
    if !valueless.is_empty() {
        notes.push(format!(
            "the experts of {} have no value: L2Metrics 3.1.0 stops here with ValueError",
            listed(&valueless)
        ));
    }
    notes
}

/// Names of tasks in a sentence.
fn listed(tasks: &BTreeSet<&String>) -> String {
    tasks.iter().map(|task| format!("`{task}`")).collect::<Vec<_>>().join(", ")
}

fn own_ranges(
    perf: &[f64],
    experts: &CurvesByTask,
    rows: &TaskRows,
) -> BTreeMap<String, DataRange> {
    let widen = |r: DataRange, v: f64| DataRange { min: r.min.min(v), max: r.max.max(v) };
    let range = |task: usize| {
        let none = DataRange { min: f64::INFINITY, max: f64::NEG_INFINITY };
        let range = rows.of(task).fold(none, |range, row| widen(range, perf[row]));
        let of_experts = experts[task].iter().flat_map(|expert| &expert.perf);
        of_experts.fold(range, |range, value| widen(range, *value))
    };
    rows.tasks().iter().enumerate().map(|(task, name)| (name.clone(), range(task))).collect()
}

/// The ranges of tasks whose variants are not told apart.
///
/// The reference takes the variants of a task to be all names that contain the task's
/// name anywhere, so that `nav` takes the range of `bignav_default` in, too.
pub(crate) fn merge_variants(ranges: &BTreeMap<String, DataRange>) -> BTreeMap<String, DataRange> {
    let mut merged = BTreeMap::new();
    for task in ranges.keys().map(|name| base_task(name)) {
        let variants = ranges.iter().filter(|(name, _)| name.contains(task)).map(|(_, r)| r);
        let range = variants
            .copied()
            .reduce(|a, b| DataRange { min: a.min.min(b.min), max: a.max.max(b.max) });
        merged.extend(range.map(|range| (task.to_owned(), range)));
    }
    merged
}
