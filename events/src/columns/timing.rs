//! The columns of `timing.arrow` in the making.

use super::labels::Labels;
use super::{append_present, micros};
use crate::error::EventError;
use crate::record::{BlockEvent, Experience};
use crate::schema::{self, TableKind};
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, PrimitiveArray, RecordBatch, TimestampMicrosecondArray, UInt64Array, new_null_array,
};
use arrow_buffer::NullBufferBuilder;
use arrow_schema::{DataType, SchemaRef};
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

/// Gathers wall times, and the agent's memory.
pub(crate) struct TimingColumns {
    schema: SchemaRef,
    capacity: usize,
    labels: Labels,
    table: Vec<Timed>,
    started_at: Vec<i64>,
    started_present: NullBufferBuilder,
    finished_at: Vec<i64>,
    /// The rows that say what memory the agent takes: one a block, where that is kept.
    agent_memory: Option<Vec<(usize, u64)>>,
}

impl TimingColumns {
    /// Empty columns. Logs that were begun before memory was kept go on without it.
    pub(crate) fn new(capacity: usize, with_memory: bool) -> Self {
        Self {
            schema: schema::timing(with_memory),
            capacity,
            labels: Labels::default(),
            table: Vec::with_capacity(capacity),
            started_at: Vec::with_capacity(capacity),
            started_present: NullBufferBuilder::new(capacity),
            finished_at: Vec::with_capacity(capacity),
            agent_memory: with_memory.then(Vec::new),
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

    /// Takes in the time of a block event, and the agent's memory at it.
    pub(crate) fn block_event(&mut self, event: &BlockEvent) {
        if let (Some(column), Some(bytes)) = (&mut self.agent_memory, event.agent_memory) {
            column.push((self.finished_at.len(), bytes));
        }
        self.table.push(Timed::BlockEvent);
        self.started_at.push(0);
        self.started_present.append_null();
        self.finished_at.push(micros(event.at));
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
        let rows = self.table.len();
        self.table.clear();
        let agent_memory = self.agent_memory.as_mut().map(|said| memory_column(said, rows));
        let take = |column: &mut Vec<i64>| {
            std::mem::replace(column, Vec::with_capacity(self.capacity)).into()
        };
        let started_at = TimestampMicrosecondArray::new(
            take(&mut self.started_at),
            self.started_present.finish(),
        );
        let finished_at = TimestampMicrosecondArray::new(take(&mut self.finished_at), None);
        let mut columns = vec![
            table,
            Arc::new(started_at.with_timezone("UTC")) as _,
            Arc::new(finished_at.with_timezone("UTC")) as _,
        ];
        columns.extend(agent_memory);
        super::batch(&self.schema, columns)
    }
}

/// A column of so many rows that is null but where something is said, which is taken.
fn memory_column(said: &mut Vec<(usize, u64)>, rows: usize) -> ArrayRef {
    if said.is_empty() {
        return new_null_array(&DataType::UInt64, rows);
    }
    let mut values = vec![None; rows];
    said.drain(..).for_each(|(row, bytes)| values[row] = Some(bytes));
    Arc::new(UInt64Array::from(values))
}
