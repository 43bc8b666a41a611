//! Normalisation: the range of a task, or of all tasks, is mapped to 1..101.

use super::preprocess::TaskRows;
use super::select::base_task;
use super::settings::{DataRange, Normalization};
use crate::MetricsError;
use std::collections::BTreeMap;

/// The width of the normalised range.
const SCALE: f64 = 100.0;
/// Its lower end. Not zero, so that ratios of performance can be taken.
const OFFSET: f64 = 1.0;

/// Normalises in place and returns the ranges it used: the given ones, or each task's own.
pub(crate) fn normalize(
    perf: &mut [f64],
    rows: &TaskRows,
    given: Option<&BTreeMap<String, DataRange>>,
    method: Normalization,
    measure: &str,
) -> Result<Option<BTreeMap<String, DataRange>>, MetricsError> {
    if method == Normalization::None {
        return Ok(None);
    }
    let ranges = match given {
        Some(ranges) => ranges.clone(),
        None => own_ranges(perf, rows),
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
            let measure = measure.to_owned();
            return Err(MetricsError::ConstantRun { measure, value: range.min });
        }
        for row in rows.of(task) {
            perf[row] = if width == 0.0 {
                OFFSET
            } else {
                (perf[row] - range.min) / width * SCALE + OFFSET
            };
        }
    }
    Ok(Some(ranges))
}

fn own_ranges(perf: &[f64], rows: &TaskRows) -> BTreeMap<String, DataRange> {
    let range = |task| {
        rows.of(task).fold(DataRange { min: f64::INFINITY, max: f64::NEG_INFINITY }, |r, row| {
            DataRange { min: r.min.min(perf[row]), max: r.max.max(perf[row]) }
        })
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
