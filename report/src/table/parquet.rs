//! Tables as Parquet, for data frames.

use super::{Cell, Kind, Table};
use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray, UInt64Array};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use std::sync::Arc;

impl Table {
    /// As a Parquet file: columns as in TSV, null where there is nothing.
    ///
    /// # Errors
    ///
    /// Where the file cannot be encoded.
    pub fn parquet(&self) -> Result<Vec<u8>, String> {
        let mut columns: Vec<ArrayRef> = Vec::new();
        let mut types = Vec::new();
        for (at, column) in self.columns.iter().enumerate() {
            let cells = || self.rows.iter().map(|row| &row[at]);
            let numbers = |of: fn(&Cell) -> Option<f64>| -> ArrayRef {
                Arc::new(cells().map(|c| of(c).filter(|v| v.is_finite())).collect::<Float64Array>())
            };
            match column.kind {
                Kind::Text => {
                    columns.push(Arc::new(cells().map(text).collect::<StringArray>()));
                    types.push(DataType::Utf8);
                }
                Kind::Count => {
                    columns.push(Arc::new(cells().map(count).collect::<UInt64Array>()));
                    types.push(DataType::UInt64);
                }
                Kind::Number => {
                    columns.push(numbers(value));
                    types.push(DataType::Float64);
                }
                Kind::Estimate => {
                    columns.extend([numbers(value), numbers(low), numbers(high)]);
                    types.extend([DataType::Float64, DataType::Float64, DataType::Float64]);
                }
            }
        }
        let fields = self.keys().into_iter().zip(types);
        let fields: Vec<Field> = fields.map(|(key, kind)| Field::new(key, kind, true)).collect();
        write(&RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).map_err(said)?)
    }
}

fn write(batch: &RecordBatch) -> Result<Vec<u8>, String> {
    let zstd = Compression::ZSTD(Default::default());
    let properties = WriterProperties::builder().set_compression(zstd).build();
    let mut bytes = Vec::new();
    let writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties));
    let mut writer = writer.map_err(said)?;
    writer.write(batch).map_err(said)?;
    writer.close().map_err(said)?;
    Ok(bytes)
}

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn text(cell: &Cell) -> Option<&str> {
    match cell {
        Cell::Text(text) | Cell::Explained { text, .. } => Some(text),
        _ => None,
    }
}

fn count(cell: &Cell) -> Option<u64> {
    match cell {
        Cell::Count(count) => Some(*count),
        _ => None,
    }
}

fn value(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Number(value) | Cell::Estimate(value, _) => Some(*value),
        Cell::Count(count) => Some(*count as f64),
        _ => None,
    }
}

fn low(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Estimate(_, interval) => interval.map(|(low, _)| low),
        _ => None,
    }
}

fn high(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Estimate(_, interval) => interval.map(|(_, high)| high),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::table::sample;
    use arrow_array::Array;
    use arrow_array::cast::AsArray;
    use arrow_array::types::{Float64Type, UInt64Type};
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    #[test]
    fn a_file_reads_back() {
        let bytes = sample::table().parquet().unwrap();
        let file = tempfile::NamedTempFile::new().unwrap();
        fs_err::write(file.path(), bytes).unwrap();
        let file = file.reopen().unwrap();
        let mut batches = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
        let batch = batches.next().unwrap().unwrap();
        let names: Vec<_> = batch.schema().fields().iter().map(|f| f.name().clone()).collect();
        assert_eq!(names, ["task", "mean", "mean_low", "mean_high", "n", "x"]);
        assert_eq!(batch.column(0).as_string::<i32>().value(1), "gem.acc");
        let low = batch.column(2).as_primitive::<Float64Type>();
        assert_eq!((low.value(0), low.is_null(1)), (0.25, true));
        assert_eq!(batch.column(4).as_primitive::<UInt64Type>().value(0), 3);
        assert!(batch.column(5).is_null(1));
    }
}
