//! A table of a run folder: its lifetimes one after the other, frame by frame.

use arrow_array::{ArrayRef, RecordBatch, RecordBatchReader, UInt32Array, new_null_array};
use arrow_schema::{ArrowError, DataType, Field, FieldRef, Schema, SchemaRef};
use std::collections::VecDeque;
use std::sync::Arc;
use tella_events::{EventError, LifetimeLog, RunFolder, TableKind, TimedBatches};

/// The column before the log's own.
const LIFETIME: &str = "lifetime_idx";

/// A table of these lifetimes.
#[derive(Clone, Debug)]
pub(super) struct Logged {
    run: RunFolder,
    table: TableKind,
    lifetimes: Vec<u32>,
}

impl Logged {
    /// A table of the run's lifetimes, or of one of them. Those that have not begun have no rows.
    pub(super) fn new(
        run: RunFolder,
        table: TableKind,
        lifetime: Option<u32>,
    ) -> Result<Self, EventError> {
        let lifetimes = match lifetime {
            Some(lifetime) => vec![lifetime],
            None => run.lifetimes()?,
        };
        Ok(Logged { run, table, lifetimes })
    }

    /// The batches, from the first.
    pub(super) fn read(&self) -> Result<Reader, EventError> {
        let schema = self.schema()?;
        let left = self.lifetimes.iter().copied().collect();
        Ok(Reader { logged: self.clone(), schema, left, current: None })
    }

    /// The rows that there are.
    pub(super) fn rows(&self) -> Result<u64, EventError> {
        let mut rows = 0;
        for lifetime in &self.lifetimes {
            rows += self.open(*lifetime)?.map_or(0, |batches| batches.rows());
        }
        Ok(rows)
    }

    /// The columns of all lifetimes; an imported one may have some that others have not.
    pub(super) fn schema(&self) -> Result<SchemaRef, EventError> {
        let mut fields: Vec<FieldRef> = Vec::new();
        let mut begun = false;
        for lifetime in &self.lifetimes {
            let Some(mut batches) = self.open(*lifetime)? else { continue };
            let own = batches.schema()?;
            let nullable = |field: &Field| Arc::new(field.clone().with_nullable(true));
            for field in &mut fields {
                if own.field_with_name(field.name()).is_err() {
                    *field = nullable(field);
                }
            }
            for field in own.fields() {
                if !fields.iter().any(|known| known.name() == field.name()) {
                    fields.push(if begun { nullable(field) } else { Arc::clone(field) });
                }
            }
            begun = true;
        }
        fields.insert(0, Arc::new(Field::new(LIFETIME, DataType::UInt32, false)));
        Ok(Arc::new(Schema::new(fields)))
    }

    fn open(&self, lifetime: u32) -> Result<Option<TimedBatches>, EventError> {
        match LifetimeLog::open(&self.run, lifetime) {
            // Its folder is made, its log not yet begun.
            Err(EventError::NoLifetime { .. }) => Ok(None),
            log => log?.timed_batches(self.table).map(Some),
        }
    }
}

/// The batches of a table of a run, one in memory at a time.
pub(super) struct Reader {
    logged: Logged,
    schema: SchemaRef,
    left: VecDeque<u32>,
    current: Option<(u32, TimedBatches)>,
}

impl Reader {
    fn next_batch(&mut self) -> Result<Option<RecordBatch>, ArrowError> {
        let external = |error: EventError| ArrowError::ExternalError(Box::new(error));
        loop {
            if let Some((lifetime, batches)) = &mut self.current {
                if let Some(batch) = batches.next().transpose().map_err(external)? {
                    return conform(&self.schema, *lifetime, &batch).map(Some);
                }
                self.current = None;
            }
            let Some(lifetime) = self.left.pop_front() else { return Ok(None) };
            let batches = self.logged.open(lifetime).map_err(external)?;
            self.current = batches.map(|batches| (lifetime, batches));
        }
    }
}

impl Iterator for Reader {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let item = self.next_batch().transpose();
        if !matches!(item, Some(Ok(_))) {
            // After an error, too, it is over.
            self.left.clear();
            self.current = None;
        }
        item
    }
}

impl RecordBatchReader for Reader {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}

/// The batch with its lifetime's number, and nulls for columns that its log has not.
fn conform(
    schema: &SchemaRef,
    lifetime: u32,
    batch: &RecordBatch,
) -> Result<RecordBatch, ArrowError> {
    let rows = batch.num_rows();
    let column = |field: &FieldRef| -> ArrayRef {
        match batch.column_by_name(field.name()) {
            _ if field.name() == LIFETIME => Arc::new(UInt32Array::from(vec![lifetime; rows])),
            Some(column) => Arc::clone(column),
            None => new_null_array(field.data_type(), rows),
        }
    };
    RecordBatch::try_new(Arc::clone(schema), schema.fields().iter().map(column).collect())
}
