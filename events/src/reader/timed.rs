//! A table as other programs want it: batch by batch, with its times beside its rows.

use super::decode::decode_timing;
use super::lifetime::{Batches, LifetimeLog};
use crate::error::EventError;
use crate::schema::TableKind;
use arrow_array::{ArrayRef, RecordBatch, TimestampMicrosecondArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use std::collections::VecDeque;
use std::sync::Arc;

/// The column that says when an experience began.
pub(crate) const STARTED_AT: &str = "started_at";

/// The column that says when an experience ended.
pub(crate) const FINISHED_AT: &str = "finished_at";

/// The column that says when a block event was.
const AT: &str = "at";

/// When a row began and ended, in microseconds; both unknown where the timing table does not
/// reach so far.
type Times = (Option<i64>, Option<i64>);

/// The record batches of a table, each with the columns of its times: `started_at` and
/// `finished_at` of experiences, `at` of block events, none of transitions. One frame of
/// each table is held at a time. Stops for good at the first error.
pub struct TimedBatches {
    batches: Batches,
    timing: Option<Batches>,
    table: TableKind,
    /// Times that were read and whose rows were not.
    ahead: VecDeque<Times>,
    done: bool,
}

impl LifetimeLog {
    /// The record batches of a table with its times, each verified before it is decoded.
    ///
    /// # Errors
    ///
    /// [`EventError::NotKept`] where the log keeps no such table.
    pub fn timed_batches(&self, table: TableKind) -> Result<TimedBatches, EventError> {
        let timing = match table {
            TableKind::Experiences | TableKind::Blocks => Some(self.batches(TableKind::Timing)?),
            TableKind::Timing | TableKind::Transitions => None,
        };
        let batches = self.batches(table)?;
        Ok(TimedBatches { batches, timing, table, ahead: VecDeque::new(), done: false })
    }
}

impl TimedBatches {
    /// The schema of the batches.
    pub fn schema(&mut self) -> Result<SchemaRef, EventError> {
        let schema = self.batches.schema()?;
        let kind = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
        let times = self.columns().iter().map(|name| Field::new(*name, kind.clone(), true));
        let times = times.map(Arc::new);
        Ok(Arc::new(Schema::new(schema.fields().iter().cloned().chain(times).collect::<Vec<_>>())))
    }

    /// The rows that there are.
    pub fn rows(&self) -> u64 {
        self.batches.end().rows
    }

    /// The names of the columns of times.
    fn columns(&self) -> &'static [&'static str] {
        match self.table {
            TableKind::Experiences => &[STARTED_AT, FINISHED_AT],
            TableKind::Blocks => &[AT],
            TableKind::Timing | TableKind::Transitions => &[],
        }
    }

    fn read(&mut self) -> Result<Option<RecordBatch>, EventError> {
        let Some(batch) = self.batches.next().transpose()? else { return Ok(None) };
        if self.columns().is_empty() {
            return Ok(Some(batch));
        }
        let times = self.times(batch.num_rows())?;
        let began = times.iter().map(|(began, _)| *began);
        let ended = times.iter().map(|(_, ended)| *ended);
        let column =
            |times: TimestampMicrosecondArray| -> ArrayRef { Arc::new(times.with_timezone("UTC")) };
        let mut columns = batch.columns().to_vec();
        if self.table == TableKind::Experiences {
            columns.push(column(began.collect()));
        }
        columns.push(column(ended.collect()));
        let schema = self.schema()?;
        let timed = RecordBatch::try_new(schema, columns);
        timed.map(Some).map_err(|e| self.batches.misfit(e.to_string()))
    }

    /// The times of the next so many rows.
    fn times(&mut self, rows: usize) -> Result<Vec<Times>, EventError> {
        while self.ahead.len() < rows
            && let Some(timing) = &mut self.timing
        {
            let Some(batch) = timing.next().transpose()? else {
                self.timing = None;
                break;
            };
            let read = decode_timing(&batch).map_err(|what| timing.misfit(what))?;
            let experiences = self.table == TableKind::Experiences;
            let own = read.into_iter().filter(|(of_experience, ..)| *of_experience == experiences);
            self.ahead.extend(own.map(|(_, began, ended)| (began, Some(ended))));
        }
        let known = self.ahead.len().min(rows);
        let mut times: Vec<Times> = self.ahead.drain(..known).collect();
        times.resize(rows, (None, None));
        Ok(times)
    }
}

impl Iterator for TimedBatches {
    type Item = Result<RecordBatch, EventError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let item = self.read().transpose();
        self.done = !matches!(item, Some(Ok(_)));
        item
    }
}
