//! Parquet: the Arrow columns of a lifetime with their times, zstd-compressed.

use super::flat::{FINISHED_AT, STARTED_AT};
use crate::error::{AtPath, EventError};
use crate::reader::LifetimeLog;
use crate::schema::TableKind;
use arrow_array::{ArrayRef, RecordBatch, TimestampMicrosecondArray};
use arrow_schema::{Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use std::path::Path;
use std::sync::Arc;

pub(super) fn export(log: &LifetimeLog, out: &Path) -> Result<(), EventError> {
    let internal = |e: &dyn std::fmt::Display| EventError::Internal {
        path: out.to_owned(),
        why: e.to_string(),
    };
    let table = log.table()?;
    let mut batches = log.batches(TableKind::Experiences)?;
    let schema = with_times(&batches.schema()?);
    let file = fs_err::OpenOptions::new().write(true).create_new(true).open(out).at(out)?;
    let properties =
        WriterProperties::builder().set_compression(Compression::ZSTD(Default::default())).build();
    let mut writer =
        ArrowWriter::try_new(file, schema.clone(), Some(properties)).map_err(|e| internal(&e))?;
    let mut row = 0;
    for batch in &mut batches {
        let batch = batch?;
        // A running writer may have added rows since the table was read.
        let rows = batch.num_rows().min(table.len() - row);
        let times = [&table.started_at, &table.finished_at].map(|times| -> ArrayRef {
            let times = times[row..row + rows].iter().copied();
            Arc::new(TimestampMicrosecondArray::from_iter(times).with_timezone("UTC"))
        });
        let columns = batch.slice(0, rows).columns().iter().cloned().chain(times).collect();
        let batch = RecordBatch::try_new(schema.clone(), columns).map_err(|e| internal(&e))?;
        writer.write(&batch).map_err(|e| internal(&e))?;
        row += rows;
    }
    writer.close().map_err(|e| internal(&e))?;
    Ok(())
}

fn with_times(schema: &SchemaRef) -> SchemaRef {
    let kind = TimestampMicrosecondArray::from(vec![0]).with_timezone("UTC");
    let kind = arrow_array::Array::data_type(&kind);
    let times =
        [STARTED_AT, FINISHED_AT].map(|name| Arc::new(Field::new(name, kind.clone(), true)));
    Arc::new(Schema::new(schema.fields().iter().cloned().chain(times).collect::<Vec<_>>()))
}
