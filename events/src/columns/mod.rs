//! Rows gathered column by column until they make a frame.

mod blocks;
mod experiences;
mod labels;
mod timing;
mod transitions;

pub(crate) use blocks::BlockColumns;
pub(crate) use experiences::ExperienceColumns;
pub(crate) use timing::TimingColumns;
pub(crate) use transitions::TransitionColumns;

use crate::error::EventError;
use crate::record::Experience;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_buffer::NullBufferBuilder;
use arrow_schema::{ArrowError, SchemaRef};
use std::path::Path;

/// Nanoseconds to the microseconds that are kept.
pub(crate) fn micros(nanos: i64) -> i64 {
    nanos.div_euclid(1000)
}

/// Adds for each row whether an optional value is present; nearly always all are.
fn append_present(
    present: &mut NullBufferBuilder,
    rows: &[Experience],
    is_present: impl Fn(&Experience) -> bool,
) {
    if rows.iter().all(&is_present) {
        present.append_n_non_nulls(rows.len());
    } else {
        rows.iter().for_each(|row| present.append(is_present(row)));
    }
}

fn batch(schema: &SchemaRef, columns: Vec<ArrayRef>) -> Result<RecordBatch, EventError> {
    RecordBatch::try_new(schema.clone(), columns).map_err(|e| internal(&e))
}

fn internal(error: &ArrowError) -> EventError {
    let path = Path::new("record batch").to_owned();
    EventError::Internal { path, why: error.to_string() }
}
