//! Flat tables: every column of a lifetime in one text file.
//!
//! A null is an empty field, an empty text a pair of quotes; floats are as Python writes
//! them, booleans `true` and `false`, times RFC 3339 in UTC.

use super::delimited::put_field;
use super::numbers::{float, rfc3339};
use super::text_file::TextFile;
use crate::error::EventError;
use crate::reader::{ExtraValues, FINISHED_AT, LifetimeLog, STARTED_AT, Table};
use crate::record::exp_status;
use crate::schema::EXPERIENCE_COLUMNS;
use std::fmt::Write;
use std::path::Path;

pub(super) fn export(log: &LifetimeLog, out: &Path, separator: char) -> Result<(), EventError> {
    let table = log.table()?;
    let mut file = TextFile::create(out)?;
    let names = EXPERIENCE_COLUMNS.iter().copied().chain([STARTED_AT, FINISHED_AT]);
    let extra = table.extra.iter().map(|(name, _)| name.as_str());
    super::delimited::put_line(file.text(), names.chain(extra), separator);
    for row in 0..table.len() {
        put_row(file.text(), &table, row, separator);
        file.write_full()?;
    }
    file.finish()
}

fn put_row(out: &mut String, table: &Table, row: usize, separator: char) {
    for (n, name) in EXPERIENCE_COLUMNS.iter().enumerate() {
        if n > 0 {
            out.push(separator);
        }
        put_value(out, table, row, name, separator);
    }
    for time in [table.started_at[row], table.finished_at[row]] {
        out.push(separator);
        if let Some(micros) = time {
            out.push_str(&rfc3339(micros));
        }
    }
    for (_, values) in &table.extra {
        out.push(separator);
        match values {
            ExtraValues::Float(values) => out.extend(values[row].map(float)),
            ExtraValues::Text(values) => put_text(out, values[row].as_deref(), separator),
        }
    }
    out.push('\n');
}

fn put_text(out: &mut String, text: Option<&str>, separator: char) {
    if let Some(text) = text {
        put_field(out, text, separator, text.is_empty());
    }
}

fn put_value(out: &mut String, table: &Table, row: usize, name: &str, separator: char) {
    let mut whole = |value: Option<u64>| {
        if let Some(value) = value {
            // Writing to a text cannot fail.
            let _ = write!(out, "{value}");
        }
    };
    match name {
        "block_num" => whole(Some(table.block_num[row])),
        "exp_num" => whole(table.exp_num[row]),
        "episode_step_count" => whole(Some(table.episode_step_count[row])),
        "episode_index" => whole(Some(table.episode_index[row])),
        "env_index" => whole(Some(u64::from(table.env_index[row]))),
        "seed" => whole(table.seed[row]),
        "reward" => out.push_str(&float(table.reward[row])),
        "terminated" => out.push_str(if table.terminated[row] { "true" } else { "false" }),
        "truncated" => out.push_str(if table.truncated[row] { "true" } else { "false" }),
        _ => put_text(out, Some(label(table, row, name)), separator),
    }
}

/// The text columns.
fn label<'a>(table: &'a Table, row: usize, name: &str) -> &'a str {
    match name {
        "worker_id" => table.worker_id.get(row),
        "block_type" => table.block_type[row].as_str(),
        "block_subtype" => table.block_subtype[row].as_str(),
        "task_name" => table.task_name.get(row),
        "task_params" => table.task_params.get(row),
        "exp_status" => exp_status(table.complete[row]),
        "task" => table.task.get(row),
        "variant" => table.variant.get(row),
        other => unreachable!("`{other}` is no standard column of text"),
    }
}
