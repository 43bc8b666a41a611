//! Parquet: the Arrow columns of a lifetime with their times, zstd-compressed.

use crate::error::{AtPath, EventError};
use crate::reader::LifetimeLog;
use crate::schema::TableKind;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use std::path::Path;

pub(super) fn export(log: &LifetimeLog, out: &Path) -> Result<(), EventError> {
    let internal = |e: &dyn std::fmt::Display| EventError::Internal {
        path: out.to_owned(),
        why: e.to_string(),
    };
    let mut batches = log.timed_batches(TableKind::Experiences)?;
    let schema = batches.schema()?;
    let file = fs_err::OpenOptions::new().write(true).create_new(true).open(out).at(out)?;
    let properties =
        WriterProperties::builder().set_compression(Compression::ZSTD(Default::default())).build();
    let mut writer =
        ArrowWriter::try_new(file, schema, Some(properties)).map_err(|e| internal(&e))?;
    for batch in batches {
        writer.write(&batch?).map_err(|e| internal(&e))?;
    }
    writer.close().map_err(|e| internal(&e))?;
    Ok(())
}
