//! What the log says of a run's task variants besides their rows: which parameters vary
//! within one, and which part of it tuning may see.

use crate::Experiences;
use serde_json::Value;
use std::ops::Range;
use tella_events::{BlockEventKind, BlockEventRow, LabelColumn, Table};

/// The rows of a variant, and the `detail` of its start.
fn variants(events: &[BlockEventRow], rows: usize) -> Vec<(Range<usize>, Value)> {
    let starts = events.iter().filter(|row| row.event.kind == BlockEventKind::VariantStart);
    let starts: Vec<&BlockEventRow> = starts.collect();
    let ends = starts.iter().skip(1).map(|row| row.at_row as usize).chain([rows]);
    let detail = |row: &BlockEventRow| {
        let text = row.event.detail.as_deref().unwrap_or("null");
        serde_json::from_str(text).unwrap_or(Value::Null)
    };
    let range = |row: &BlockEventRow, end: usize| (row.at_row as usize).min(rows)..end.min(rows);
    starts.iter().zip(ends).map(|(row, end)| (range(row, end), detail(row))).collect()
}

/// Gives the rows of a variant whose parameters vary by episode one text of parameters, the
/// variant's own: L2Metrics tells blocks apart by the text.
pub(super) fn fold_parameters(log: &mut Experiences, events: &[BlockEventRow]) {
    let rows = log.task_params.len();
    let variants = variants(events, rows);
    if variants.iter().all(|(_, detail)| detail.get("params").is_none()) {
        return;
    }
    let mut folded = LabelColumn::default();
    let mut next = 0;
    for (range, detail) in variants {
        (next..range.start).for_each(|row| folded.push(log.task_params.get(row)));
        let own = detail.get("params").map(Value::to_string);
        for row in range.clone() {
            folded.push(own.as_deref().unwrap_or_else(|| log.task_params.get(row)));
        }
        next = range.end.max(next);
    }
    (next..rows).for_each(|row| folded.push(log.task_params.get(row)));
    log.task_params = folded;
}

/// Which experiences belong to the part of the lifetime that tuning may see, as the
/// curriculum's `tune` defines it. All are `false` where no part is marked.
///
/// The log says at each variant's start how many episodes or steps of it belong to the
/// part. Of episodes these are the ones with the lowest indices, of steps the first in the
/// log, as many as fit.
pub fn tuned_rows(table: &Table, events: &[BlockEventRow]) -> Vec<bool> {
    let mut tuned = vec![false; table.len()];
    for (range, detail) in variants(events, table.len()) {
        let amount = |unit: &str| detail.get("tune").and_then(|tune| tune.get(unit)?.as_u64());
        let first = range.clone().map(|row| table.episode_index[row]).min().unwrap_or(0);
        let mut steps = 0;
        for row in range {
            steps += table.episode_step_count[row];
            tuned[row] = match (amount("episodes"), amount("steps")) {
                (Some(n), _) => table.episode_index[row] - first < n,
                (None, Some(n)) => steps <= n,
                (None, None) => false,
            };
        }
    }
    tuned
}
