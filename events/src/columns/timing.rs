//! The columns of `timing.arrow` in the making.

use super::labels::Labels;
use super::{append_present, micros};
use crate::error::EventError;
use crate::record::Experience;
use crate::schema::{self, TableKind};
use arrow_array::types::Int32Type;
use arrow_array::{PrimitiveArray, RecordBatch, TimestampMicrosecondArray};
use arrow_buffer::NullBufferBuilder;
use arrow_schema::SchemaRef;
use std::sync::Arc;

/// The tables whose rows have times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Timed {
    Experience,
    BlockEvent,
}

impl Timed {
    /// The word in the column `table`.
    fn word(self) -> &'static str {
        match self {
            Self::Experience => TableKind::Experiences.name(),
            Self::BlockEvent => TableKind::Blocks.name(),
        }
    }
}

/// Gathers wall times.
pub(crate) struct TimingColumns {
    schema: SchemaRef,
    capacity: usize,
    labels: Labels,
    table: Vec<Timed>,
    started_at: Vec<i64>,
    started_present: NullBufferBuilder,
    finished_at: Vec<i64>,
}

impl TimingColumns {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            schema: schema::timing(),
            capacity,
            labels: Labels::default(),
            table: Vec::with_capacity(capacity),
            started_at: Vec::with_capacity(capacity),
            started_present: NullBufferBuilder::new(capacity),
            finished_at: Vec::with_capacity(capacity),
        }
    }

    pub(crate) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    pub(crate) fn len(&self) -> usize {
        self.finished_at.len()
    }

    /// Takes in the times of experiences.
    pub(crate) fn experiences(&mut self, rows: &[Experience]) {
        self.table.resize(self.table.len() + rows.len(), Timed::Experience);
        self.started_at.extend(rows.iter().map(|row| row.started_at.map_or(0, micros)));
        append_present(&mut self.started_present, rows, |row| row.started_at.is_some());
        self.finished_at.extend(rows.iter().map(|row| micros(row.finished_at)));
    }

    /// Takes in the time of a block event, in nanoseconds since 1970 UTC.
    pub(crate) fn block_event(&mut self, at: i64) {
        self.table.push(Timed::BlockEvent);
        self.started_at.push(0);
        self.started_present.append_null();
        self.finished_at.push(micros(at));
    }

    /// The times gathered, as a batch; the columns are empty afterwards.
    pub(crate) fn batch(&mut self) -> Result<RecordBatch, EventError> {
        let codes = [Timed::Experience, Timed::BlockEvent].map(|t| self.labels.code(t.word()));
        let (table, _) = if self.table.iter().all(|t| *t == Timed::Experience) {
            self.labels.constant(codes[0], self.table.len())
        } else {
            let table = self.table.iter().map(|t| codes[*t as usize]);
            self.labels.column(PrimitiveArray::<Int32Type>::from_iter_values(table))
        };
        self.table.clear();
        let take = |column: &mut Vec<i64>| {
            std::mem::replace(column, Vec::with_capacity(self.capacity)).into()
        };
        let started_at = TimestampMicrosecondArray::new(
            take(&mut self.started_at),
            self.started_present.finish(),
        );
        let finished_at = TimestampMicrosecondArray::new(take(&mut self.finished_at), None);
        let columns = vec![
            table,
            Arc::new(started_at.with_timezone("UTC")) as _,
            Arc::new(finished_at.with_timezone("UTC")) as _,
        ];
        super::batch(&self.schema, columns)
    }
}
