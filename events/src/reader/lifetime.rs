//! Opening one lifetime's log and reading it, verified.

use super::columns::LogColumns;
use super::decode::{decode_agent_memory, decode_blocks, decode_experiences, decode_timing};
use super::direct;
use super::table::{BlockEventRow, ExtraValues, Table};
use super::times::Timing;
use super::transitions::{action_columns, decode_transitions};
use crate::content_hash::{ContentHash, ContentHasher, ExtraValue, TransitionHasher};
use crate::error::{Damage, EventError};
use crate::folder::{
    Change, Flushed, KeptFile, LifetimeState, LifetimeStatus, RunFolder, Seal, superseded_name,
};
use crate::frames::{FilePosition, FrameReader, Index};
use crate::schema::{ExtraColumn, ExtraKind, TableKind};
use crate::transition::{ActionColumn, TransitionTable};
use crate::writer::{LogPosition, named_place, place};
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use std::path::{Path, PathBuf};

/// One lifetime's log: finished, running or interrupted.
///
/// A complete lifetime must be whole to the last byte. In one without a seal everything up
/// to its last flush must be whole; a tail that does not verify after that is what a crash
/// leaves behind, and is passed by.
#[derive(Clone, Debug)]
pub struct LifetimeLog {
    run: RunFolder,
    lifetime_idx: u32,
    dir: PathBuf,
    status: LifetimeStatus,
    seal: Option<Seal>,
    flushed: Flushed,
}

impl LogPosition {
    /// The position in one table; `None` where that is not kept.
    pub fn of(&self, table: TableKind) -> Option<FilePosition> {
        match table {
            TableKind::Experiences => Some(self.experiences),
            TableKind::Blocks => Some(self.blocks),
            TableKind::Timing => Some(self.timing),
            TableKind::Transitions => self.transitions,
        }
    }
}

impl LifetimeLog {
    /// Opens a lifetime's log, verifying its status, its seal and its last flush, and that
    /// every file is there that belongs to it.
    pub fn open(run: &RunFolder, lifetime_idx: u32) -> Result<Self, EventError> {
        let log = Self::read(run, lifetime_idx)?;
        match log.is_whole() {
            // Sealed in the meantime, it needs fewer files.
            Err(EventError::Missing { .. })
                if log.seal.is_none() && run.seal(lifetime_idx)?.is_some() =>
            {
                let log = Self::read(run, lifetime_idx)?;
                log.is_whole().map(|()| log)
            }
            whole => whole.map(|()| log),
        }
    }

    /// As [`open`](Self::open), whether all files are there or not.
    pub(crate) fn read(run: &RunFolder, lifetime_idx: u32) -> Result<Self, EventError> {
        let dir = run.lifetime_dir(lifetime_idx);
        let status = run.status(lifetime_idx)?;
        let seal = run.seal(lifetime_idx)?;
        let flushed = Flushed::read(&dir)?;
        Ok(Self { run: run.clone(), lifetime_idx, dir, status, seal, flushed })
    }

    /// Fails where a file is not there that belongs to it.
    fn is_whole(&self) -> Result<(), EventError> {
        if self.status.state == LifetimeState::Complete && self.seal.is_none() {
            return Err(EventError::Missing { path: self.dir.join("seal.json") });
        }
        for table in TableKind::ALL.into_iter().filter(|table| self.keeps_table(*table)) {
            let place = place(&self.run, self.lifetime_idx, table);
            EventError::unless_there(&place.data)?;
            EventError::unless_there(&place.index)?;
        }
        for file in self.seal.iter().flat_map(|seal| &seal.attachments) {
            file.is_there(&self.dir)?;
        }
        let mut kept = self.flushed.files.iter().filter(|file| self.keeps(file));
        kept.try_for_each(|file| file.is_there(&self.dir))
    }

    /// Whether a file that its last flush notes still counts: the seal names those that do,
    /// but for what has grown since.
    pub(crate) fn keeps(&self, file: &KeptFile) -> bool {
        self.seal.is_none() || file.change == Change::Grows
    }

    /// Whether the log has a table: all have but that of transitions.
    pub fn keeps_table(&self, table: TableKind) -> bool {
        self.end().of(table).is_some()
    }

    /// Where the tables end by its seal, or are durable by its last flush.
    fn end(&self) -> LogPosition {
        self.seal.as_ref().map_or(self.flushed.position, |seal| seal.end)
    }

    /// The lifetime's folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Its index.
    pub fn lifetime_idx(&self) -> u32 {
        self.lifetime_idx
    }

    /// How it stands.
    pub fn status(&self) -> &LifetimeStatus {
        &self.status
    }

    /// Its seal, where it is complete.
    pub fn seal(&self) -> Option<&Seal> {
        self.seal.as_ref()
    }

    /// Where everything is durable: its last flush.
    pub fn flushed(&self) -> LogPosition {
        self.flushed.position
    }

    /// The record batches of a table, each verified before it is decoded. Rows that a
    /// running writer adds later are not among them.
    pub fn batches(&self, table: TableKind) -> Result<Batches, EventError> {
        let end = self.end().of(table).ok_or_else(|| self.keeps_no(table))?;
        let promise = match &self.seal {
            Some(_) => Promise::Sealed(end),
            None => Promise::Flushed(end),
        };
        let reader = FrameReader::open(place(&self.run, self.lifetime_idx, table))?;
        Ok(Batches { reader, promise, passed_by: None, done: false })
    }

    /// The experiences that resumes cut away, as `(K, rows)` of each `superseded-K.arrow`,
    /// without times.
    pub fn superseded(&self) -> Result<Vec<(u32, Table)>, EventError> {
        let mut kept = Vec::new();
        for k in self.run.superseded(self.lifetime_idx)? {
            let mut batches = self.superseded_batches(k, TableKind::Experiences)?;
            let mut table = Table::default();
            while let Some(batch) = batches.next().transpose()? {
                decode_experiences(&batch, &mut table).map_err(|what| batches.misfit(what))?;
            }
            table.started_at.resize(table.len(), None);
            table.finished_at.resize(table.len(), None);
            kept.push((k, table));
        }
        Ok(kept)
    }

    /// The record batches that the `k`-th resume cut away from a table.
    pub(crate) fn superseded_batches(
        &self,
        k: u32,
        table: TableKind,
    ) -> Result<Batches, EventError> {
        let name = superseded_name(k, table);
        let place = named_place(&self.run, self.lifetime_idx, table, &name);
        let reader = FrameReader::open(place)?;
        Ok(Batches { reader, promise: Promise::Ended, passed_by: None, done: false })
    }

    /// All experiences, with their times.
    pub fn table(&self) -> Result<Table, EventError> {
        match self.salvage() {
            (table, None) => Ok(table),
            (_, Some(e)) => Err(e),
        }
    }

    /// The experiences before the first damage, and what that is.
    pub fn salvage(&self) -> (Table, Option<EventError>) {
        let mut table = Table::default();
        let read = self.read_experiences(&mut table).and_then(|()| self.read_times(&mut table));
        table.started_at.resize(table.len(), None);
        table.finished_at.resize(table.len(), None);
        (table, read.err())
    }

    /// The columns that measuring looks at, read on all cores, without the others.
    ///
    /// # Errors
    ///
    /// As [`table`](Self::table).
    pub fn columns(&self) -> Result<LogColumns, EventError> {
        let mut columns = match direct::experiences(&mut self.batches(TableKind::Experiences)?) {
            Some(columns) => columns,
            None => self.read_columns()?,
        };
        let timing = match direct::timing(&mut self.batches(TableKind::Timing)?) {
            Some(timing) => timing,
            None => self.timing()?,
        };
        let Timing { mut finished_at, agent_memory } = timing;
        finished_at.resize(columns.len());
        columns.finished_at = Some(finished_at);
        columns.agent_memory = agent_memory;
        Ok(columns)
    }

    fn read_columns(&self) -> Result<LogColumns, EventError> {
        let mut batches = self.batches(TableKind::Experiences)?;
        let rows = usize::try_from(batches.end().rows).unwrap_or_default();
        let mut columns = LogColumns::of_a_lifetime(rows);
        while let Some(batch) = batches.next().transpose()? {
            columns.append_batch(&batch).map_err(|what| batches.misfit(what))?;
        }
        Ok(columns)
    }

    /// What `timing.arrow` says of experiences, as far as it reaches.
    fn timing(&self) -> Result<Timing, EventError> {
        let mut timing = Timing::default();
        let mut batches = self.batches(TableKind::Timing)?;
        while let Some(batch) = batches.next().transpose()? {
            let rows = decode_timing(&batch).map_err(|what| batches.misfit(what))?;
            let ends = rows.into_iter().filter(|row| row.0).map(|(_, _, finished)| finished);
            ends.for_each(|end| timing.finished_at.push(Some(end)));
            let memory = decode_agent_memory(&batch).map_err(|what| batches.misfit(what))?;
            timing.agent_memory = timing.agent_memory.max(memory.into_iter().flatten().max());
        }
        Ok(timing)
    }

    fn read_experiences(&self, table: &mut Table) -> Result<(), EventError> {
        let mut batches = self.batches(TableKind::Experiences)?;
        while let Some(batch) = batches.next().transpose()? {
            decode_experiences(&batch, table).map_err(|what| batches.misfit(what))?;
        }
        Ok(())
    }

    fn read_times(&self, table: &mut Table) -> Result<(), EventError> {
        let mut batches = self.batches(TableKind::Timing)?;
        while let Some(batch) = batches.next().transpose()? {
            for (of_experience, started, finished) in
                decode_timing(&batch).map_err(|what| batches.misfit(what))?
            {
                if of_experience && table.finished_at.len() < table.len() {
                    table.started_at.push(started);
                    table.finished_at.push(Some(finished));
                }
            }
        }
        Ok(())
    }

    /// All block events, without what `timing.arrow` says of them: that is as long as the
    /// experiences are many.
    pub fn untimed_block_events(&self) -> Result<Vec<BlockEventRow>, EventError> {
        let mut events = Vec::new();
        let mut batches = self.batches(TableKind::Blocks)?;
        while let Some(batch) = batches.next().transpose()? {
            decode_blocks(&batch, &mut events).map_err(|what| batches.misfit(what))?;
        }
        Ok(events)
    }

    /// All block events, with their times and the agent's memory.
    pub fn block_events(&self) -> Result<Vec<BlockEventRow>, EventError> {
        let mut events = self.untimed_block_events()?;
        let mut untimed = events.iter_mut();
        let mut batches = self.batches(TableKind::Timing)?;
        while let Some(batch) = batches.next().transpose()? {
            let times = decode_timing(&batch).map_err(|what| batches.misfit(what))?;
            let memory = decode_agent_memory(&batch).map_err(|what| batches.misfit(what))?;
            let times = times.into_iter().enumerate();
            for (n, (_, _, at)) in times.filter(|(_, (of_experience, ..))| !of_experience) {
                if let Some(row) = untimed.next() {
                    row.event.at = at.saturating_mul(1000);
                    row.event.agent_memory = memory.get(n).copied().flatten();
                }
            }
        }
        Ok(events)
    }

    /// The content hash, computed from the rows.
    pub fn content_hash(&self) -> Result<ContentHash, EventError> {
        let mut batches = self.batches(TableKind::Experiences)?;
        let extra = batches.extra_columns()?;
        let mut hasher = ContentHasher::new(&extra, None);
        while let Some(batch) = batches.next().transpose()? {
            let mut rows = Table::default();
            decode_experiences(&batch, &mut rows).map_err(|what| batches.misfit(what))?;
            hash_rows(&mut hasher, &rows);
        }
        let mut batches = self.batches(TableKind::Blocks)?;
        while let Some(batch) = batches.next().transpose()? {
            let mut events = Vec::new();
            decode_blocks(&batch, &mut events).map_err(|what| batches.misfit(what))?;
            for row in events {
                hasher.block_event(&row.event, row.at_row);
            }
        }
        if self.keeps_table(TableKind::Transitions) {
            let mut transitions = self.transitions()?;
            let mut steps = TransitionHasher::new(&transitions.action_columns()?);
            while let Some(rows) = transitions.next().transpose()? {
                hash_transitions(&mut steps, &rows);
            }
            hasher.transitions = Some(steps);
        }
        Ok(hasher.finish())
    }

    /// The steps of the lifetime, some thousands at a time.
    ///
    /// # Errors
    /// [`EventError::NotKept`] where the log keeps no transitions.
    pub fn transitions(&self) -> Result<Transitions, EventError> {
        self.batches(TableKind::Transitions).map(|batches| Transitions { batches })
    }

    fn keeps_no(&self, table: TableKind) -> EventError {
        EventError::NotKept { path: self.dir.clone(), what: table.name() }
    }
}

/// Feeds transitions that were read to a hash, as the writer did.
pub(crate) fn hash_transitions(hasher: &mut TransitionHasher, rows: &TransitionTable) {
    for row in 0..rows.len() {
        hasher.transition(&rows.transition(row));
        rows.actions.iter().for_each(|action| hasher.action(action.row(row)));
    }
}

/// The steps of a lifetime, in the order in which they were taken, in tables of some
/// thousands. Stops for good at the first error.
pub struct Transitions {
    batches: Batches,
}

impl Transitions {
    /// The columns of actions.
    pub fn action_columns(&mut self) -> Result<Vec<ActionColumn>, EventError> {
        let schema = self.batches.schema()?;
        action_columns(&schema).map_err(|what| self.batches.misfit(what))
    }
}

impl Iterator for Transitions {
    type Item = Result<TransitionTable, EventError>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.batches.next()?;
        let batches = &self.batches;
        Some(batch.and_then(|b| decode_transitions(&b).map_err(|what| batches.misfit(what))))
    }
}

/// Feeds rows that were read to a hash, as the writer did. Times may be missing.
pub(crate) fn hash_rows(hasher: &mut ContentHasher, rows: &Table) {
    let mut rows = rows.clone();
    rows.started_at.resize(rows.len(), None);
    rows.finished_at.resize(rows.len(), None);
    for row in 0..rows.len() {
        if !rows.continues_segment(row) {
            hasher.segment(&rows.segment(row));
        }
        hasher.experience(&rows.experience(row));
        for (_, values) in &rows.extra {
            hasher.extra(match values {
                ExtraValues::Float(values) => ExtraValue::Float(values[row]),
                ExtraValues::Text(values) => ExtraValue::Text(values[row].as_deref()),
            });
        }
    }
}

/// What a table is known to hold.
enum Promise {
    /// Exactly up to here: the seal says so.
    Sealed(FilePosition),
    /// At least up to here: it was flushed.
    Flushed(FilePosition),
    /// Up to an end-of-stream marker: it was written in one go.
    Ended,
}

/// The record batches of one table, in order. Stops for good at the first error.
pub struct Batches {
    reader: FrameReader,
    promise: Promise,
    passed_by: Option<Damage>,
    done: bool,
}

impl Batches {
    /// The table's Arrow schema.
    pub fn schema(&mut self) -> Result<SchemaRef, EventError> {
        self.reader.schema()
    }

    /// What follows the frames that were read, once that were all: what a crash left.
    pub(crate) fn tail(&self) -> Option<String> {
        let torn = self.reader.torn_data() + self.reader.index().torn;
        match &self.passed_by {
            Some(damage) => Some(damage.to_string()),
            None if torn > 0 => Some(format!("{torn} bytes of a frame cut short")),
            None => None,
        }
    }

    /// The reader of a table that ends where it should and whose index is whole.
    pub(super) fn whole(&mut self) -> Option<&mut FrameReader> {
        self.check_end().is_ok().then_some(&mut self.reader)
    }

    /// Where the frames of the index end.
    pub(crate) fn end(&self) -> FilePosition {
        self.reader.index().position()
    }

    /// The columns beyond the standard ones of `experiences.arrow`.
    pub(crate) fn extra_columns(&mut self) -> Result<Vec<ExtraColumn>, EventError> {
        let schema = self.schema()?;
        super::extra_columns(&schema).map_err(|what| self.misfit(what))
    }

    /// Damage where a batch verifies but is not of its table.
    pub(crate) fn misfit(&self, what: String) -> EventError {
        let index = self.reader.index();
        let n = self.reader.frames_read().saturating_sub(1) as usize;
        let before = n.checked_sub(1).and_then(|n| index.positions.get(n));
        EventError::Corrupt(Box::new(Damage {
            file: self.reader.place().data.clone(),
            sequence: Some(n as u64),
            offset: before.map_or(0, |p| p.bytes),
            what,
            salvaged_rows: before.map_or(0, |p| p.rows),
        }))
    }

    fn advance(&mut self) -> Result<Option<RecordBatch>, EventError> {
        match (self.reader.next_batch(), &self.promise) {
            (Ok(Some(batch)), _) => Ok(Some(batch)),
            (Ok(None), _) => self.check_end().map(|()| None),
            // Behind the last flush a crash may have left anything.
            (Err(EventError::Corrupt(damage)), Promise::Flushed(flushed))
                if self.reader.frames_read() >= flushed.frames =>
            {
                self.passed_by = Some(*damage);
                Ok(None)
            }
            (Err(e), _) => Err(e),
        }
    }

    /// At the end of the index: is it the end that was promised?
    fn check_end(&self) -> Result<(), EventError> {
        let (index, place) = (self.reader.index(), self.reader.place());
        let found = index.position();
        let cut = |what: String| {
            Err(EventError::Corrupt(Box::new(Damage {
                file: place.index.clone(),
                sequence: Some(found.frames),
                offset: Index::len_of(found.frames),
                what,
                salvaged_rows: found.rows,
            })))
        };
        let counts = |p: &FilePosition| format!("{} rows in {} frames", p.rows, p.frames);
        match &self.promise {
            Promise::Sealed(end) if *end != found => {
                cut(format!("the seal promises {}, the index has {}", counts(end), counts(&found)))
            }
            Promise::Flushed(flushed) if index.at(flushed.frames) != Some(*flushed) => {
                cut(format!(
                    "the last flush promises {}, the index has {}",
                    counts(flushed),
                    counts(&found)
                ))
            }
            Promise::Ended if !index.ended() => cut("no end-of-stream marker".into()),
            Promise::Sealed(_) | Promise::Ended
                if index.torn > 0 || self.reader.torn_data() > 0 =>
            {
                Err(EventError::damaged(&place.data, found.bytes, "bytes after the table's end"))
            }
            _ => Ok(()),
        }
    }
}

impl Iterator for Batches {
    type Item = Result<RecordBatch, EventError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let item = self.advance().transpose();
        self.done = !matches!(item, Some(Ok(_)));
        item
    }
}

/// What an extra column is declared as, from its values.
impl From<&(String, ExtraValues)> for ExtraColumn {
    fn from((name, values): &(String, ExtraValues)) -> Self {
        let kind = match values {
            ExtraValues::Float(_) => ExtraKind::Float,
            ExtraValues::Text(_) => ExtraKind::Text,
        };
        Self { name: name.clone(), kind }
    }
}
