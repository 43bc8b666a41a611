//! Writing a lifetime's log.

mod gathered;
mod resume;
mod scribe;
mod tables;
mod transitions;

use crate::content_hash::{ContentHash, ContentHasher, ExtraValue};
use crate::error::EventError;
use crate::folder::{
    self, Attachment, Change, Flushed, KeptFile, LifetimeState, LifetimeStatus, RunFolder, Seal,
};
use crate::frames::{FilePosition, FrameWriter, Place};
use crate::record::{BlockEvent, Experience, Segment};
use crate::schema::{ExtraColumn, FORMAT_VERSION, TableKind};
use crate::transition::ActionColumn;
use crate::{atomic, sealed_json};
use gathered::{Between, Gathered, KeptValue};
use scribe::{Columns, Files, Scribe};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::path::PathBuf;
use tables::{Ends, Tables};

/// How far a lifetime's log has come. A checkpoint remembers it, and a resume goes back to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogPosition {
    /// In `experiences.arrow`.
    pub experiences: FilePosition,
    /// In `blocks.arrow`.
    pub blocks: FilePosition,
    /// In `timing.arrow`.
    pub timing: FilePosition,
    /// In `transitions.arrow`, where that is kept.
    #[serde(default)]
    pub transitions: Option<FilePosition>,
}

/// How a log is laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriterOptions {
    /// Rows after which a frame is written; 1 to 1,048,576. Does not enter the content hash.
    pub frame_rows: usize,
    /// Columns beyond the standard ones.
    pub extra_columns: Vec<ExtraColumn>,
    /// The columns of actions, where transitions are to be kept.
    pub transitions: Option<Vec<ActionColumn>>,
}

impl Default for WriterOptions {
    fn default() -> Self {
        Self { frame_rows: 8192, extra_columns: Vec::new(), transitions: None }
    }
}

/// Rows that are handed to the writer's thread together, at most: few enough to lie in a
/// processor's cache, so many that waking the thread costs a row next to nothing.
const PACK: usize = 2048;

/// Appends experiences and block events to one lifetime.
///
/// Rows go to disk a frame at a time, made and written by a thread of the writer's own;
/// [`LifetimeWriter::flush`] waits for it and makes everything durable. An error in writing
/// is told by a later call, at the latest by the next that waits. After an error nothing
/// more can be written, and the log is valid up to the last whole frame. Dropped without [`seal`](Self::seal) or [`stop`](Self::stop), it looks like the
/// log of a killed process.
pub struct LifetimeWriter {
    run: RunFolder,
    dir: PathBuf,
    status: LifetimeStatus,
    frame_rows: usize,
    extra_columns: Vec<ExtraColumn>,
    /// The columns of actions, where transitions are kept.
    action_columns: Option<Vec<ActionColumn>>,
    tables: Tables,
    /// What is not handed over yet.
    gathered: Gathered,
    /// Steps after which a frame of them is written.
    steps_in_frame: usize,
    /// The rows since the last frame, by table in the order of [`TableKind::ALL`].
    in_frame: [usize; 4],
    rows: u64,
    last_block: Option<u64>,
    segment: Option<Segment>,
    last_exp_num: Option<u64>,
    flushed: Option<LogPosition>,
    /// Further files, as `flushed.json` notes them.
    kept: Vec<KeptFile>,
    /// Why nothing more can be written.
    stopped: Option<String>,
    /// Sealed, or stopped with the state noted: nothing more is to be told.
    closed: bool,
    _lock: fs_err::File,
}

impl LifetimeWriter {
    /// Makes the folder of lifetime `status.lifetime_idx`, which must not exist, and begins
    /// its log. The state becomes `running`.
    pub fn create(
        run: &RunFolder,
        status: LifetimeStatus,
        options: WriterOptions,
    ) -> Result<Self, EventError> {
        let lock = folder::lock(&run.create_lifetime(status.lifetime_idx)?)?;
        Self::begin(run, status, options, Vec::new(), lock)
    }

    /// Begins a log in a lifetime's folder that holds none, under its lock.
    fn begin(
        run: &RunFolder,
        status: LifetimeStatus,
        options: WriterOptions,
        kept: Vec<KeptFile>,
        lock: fs_err::File,
    ) -> Result<Self, EventError> {
        let dir = run.lifetime_dir(status.lifetime_idx);
        let frame_rows = options.frame_rows.clamp(1, 1 << 20);
        let actions = options.transitions.as_deref();
        let columns = Columns::new(&options.extra_columns, actions, frame_rows, true);
        let files = Files::each(&columns, |table, schema| {
            FrameWriter::create(place(run, status.lifetime_idx, table), schema)
        })?;
        let hasher = ContentHasher::new(&options.extra_columns, actions);
        let mut writer = Self {
            tables: Tables::new(Scribe::new(files, columns, hasher)),
            gathered: Gathered::default(),
            steps_in_frame: transitions::steps_in_frame(frame_rows, actions),
            in_frame: [0; 4],
            run: run.clone(),
            dir,
            status: LifetimeStatus { state: LifetimeState::Running, ..status },
            frame_rows,
            extra_columns: options.extra_columns,
            action_columns: options.transitions,
            rows: 0,
            last_block: None,
            segment: None,
            last_exp_num: None,
            flushed: None,
            kept,
            stopped: None,
            closed: false,
            _lock: lock,
        };
        writer.flush()?;
        writer.run.set_status(&writer.status)?;
        Ok(writer)
    }

    /// The segment of the experiences that follow. Block numbers must not decrease.
    pub fn set_segment(&mut self, segment: &Segment) -> Result<(), EventError> {
        self.check_running()?;
        self.check_block(segment.block_num)?;
        self.last_block = Some(segment.block_num);
        self.gathered.put(Between::Segment(segment.clone()));
        self.segment = Some(segment.clone());
        self.hand_over_if_full()
    }

    /// The task parameters of the experiences that follow in the current segment, where
    /// they differ from one to the next.
    pub fn set_task_params(&mut self, task_params: &str) -> Result<(), EventError> {
        self.check_running()?;
        let Some(segment) = &mut self.segment else {
            return Err(EventError::Grammar("task parameters before any segment".into()));
        };
        if segment.task_params != task_params {
            task_params.clone_into(&mut segment.task_params);
            self.gathered.put(Between::TaskParams(task_params.to_owned()));
        }
        self.hand_over_if_full()
    }

    /// Appends one experience to the current segment. Numbers (`exp_num`) must not decrease.
    #[inline]
    pub fn push(&mut self, experience: &Experience) -> Result<(), EventError> {
        self.push_with(experience, &[])
    }

    /// Appends one experience with its extra values, in the order of the extra columns.
    pub fn push_with(
        &mut self,
        experience: &Experience,
        extra: &[ExtraValue<'_>],
    ) -> Result<(), EventError> {
        self.check_running()?;
        self.check_experience(experience, extra)?;
        for (column, value) in self.extra_columns.iter().zip(extra) {
            let Some(kept) = KeptValue::of(column.kind, *value) else {
                let name = &column.name;
                let e = EventError::Grammar(format!("column `{name}` takes another kind of value"));
                return Err(self.stop_at(e));
            };
            self.gathered.extra.push(kept);
        }
        self.gathered.rows.push(*experience);
        self.rows += 1;
        if experience.exp_num.is_some() {
            self.last_exp_num = experience.exp_num;
        }
        self.in_frame[0] += 1;
        self.in_frame[2] += 1;
        self.hand_over_if_full()
    }

    /// Appends a block event, at the current row.
    pub fn block_event(&mut self, event: &BlockEvent) -> Result<(), EventError> {
        self.check_running()?;
        self.check_block(event.block_num)?;
        self.last_block = Some(event.block_num);
        self.gathered.put(Between::Event(event.clone(), self.rows));
        self.in_frame[1] += 1;
        self.in_frame[2] += 1;
        self.hand_over_if_full()
    }

    /// Hands everything to the operating system: readers see it, and it outlives this
    /// process, but not a loss of power.
    pub fn publish(&mut self) -> Result<(), EventError> {
        self.check_running()?;
        self.hand_over([true; 4]).and_then(|()| self.tables.settle()).map_err(|e| self.stop_at(e))
    }

    /// Makes everything durable and returns what a checkpoint must remember.
    pub fn flush(&mut self) -> Result<LogPosition, EventError> {
        self.publish()?;
        let position = self.position();
        if self.flushed != Some(position) {
            self.sync(position).map_err(|e| self.stop_at(e))?;
            self.flushed = Some(position);
        }
        Ok(position)
    }

    fn sync(&mut self, position: LogPosition) -> Result<(), EventError> {
        self.tables.sync()?;
        Flushed::write(&self.dir, position, &self.kept)
    }

    /// Makes `file` in the lifetime's folder hold `bytes`, durably, whole or not at all, and
    /// vouches for it from now on: [`check`](crate::check) finds every flipped bit, every cut
    /// and its loss. For files such as checkpoints, which the log keeps and does not read.
    ///
    /// # Errors
    /// As of [`replace_file`](crate::replace_file); what the file held before still counts.
    pub fn keep(&mut self, file: &str, bytes: &[u8]) -> Result<(), EventError> {
        self.check_running()?;
        let holds = Attachment::of(file, bytes);
        let at = self.kept.iter().position(|kept| kept.holds.file == file);
        // A writer killed before may have noted a file that it never came to write.
        let before = at.filter(|_| self.dir.join(file).is_file()).map(|at| &self.kept[at].holds);
        let change = match before {
            Some(&Attachment { bytes, xxh3, .. }) => Change::From { bytes, xxh3 },
            None => Change::New,
        };
        let at = at.unwrap_or(self.kept.len());
        self.kept.splice(at..(at + 1).min(self.kept.len()), [KeptFile { holds, change }]);
        let position = self.flushed.unwrap_or_else(|| self.position());
        Flushed::write(&self.dir, position, &self.kept)?;
        atomic::replace_file(self.dir.join(file), bytes)?;
        if self.kept[at].change == Change::New {
            self.kept[at].change = Change::None;
            Flushed::write(&self.dir, position, &self.kept)?;
        }
        Ok(())
    }

    /// Where the frames on disk end. Rows still gathered for a frame are not in it;
    /// [`flush`](Self::flush) first to count them.
    pub fn position(&self) -> LogPosition {
        self.tables.position()
    }

    /// Experiences appended so far, those of before a resume included.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The content hash of everything appended so far.
    pub fn content_hash(&mut self) -> ContentHash {
        // An error in writing is told by whatever waits for the files.
        let _ = self.hand_over([false; 4]);
        self.tables.content_hash()
    }

    /// The lifetime's status, to be changed by the caller; written at the next
    /// [`stop`](Self::stop) or [`seal`](Self::seal).
    pub fn status_mut(&mut self) -> &mut LifetimeStatus {
        &mut self.status
    }

    /// Ends writing for now, with everything durable: `state` is anything but `complete`,
    /// `fault` what ended the lifetime. The log can be resumed.
    ///
    /// The state is noted also where the log could not be flushed, or a [`seal`](Self::seal)
    /// failed. On a writer that is stopped or sealed already it does nothing: what was noted
    /// first stays.
    pub fn stop(&mut self, state: LifetimeState, fault: Option<Value>) -> Result<(), EventError> {
        if self.closed {
            return Ok(());
        }
        let flushed = self.flush();
        self.status.state = state;
        self.status.fault = fault;
        // Only a log at rest says how many rows it has; check then holds it to that.
        self.status.rows = flushed.is_ok().then_some(self.rows);
        self.status.content_hash = None;
        let noted = self.run.set_status(&self.status);
        self.closed = noted.is_ok();
        self.stopped.get_or_insert_with(|| "it was closed".into());
        flushed.and(noted)
    }

    /// Completes the lifetime: ends the streams, writes the seal, sets the state to
    /// `complete`. `attachments` names files in the lifetime's folder that the seal shall vouch
    /// for and that do not change any more.
    ///
    /// Where an attachment cannot be read the log is as before; after any other error
    /// [`stop`](Self::stop) can still note a state.
    pub fn seal(&mut self, attachments: &[&str]) -> Result<ContentHash, EventError> {
        self.flush()?;
        let attachments = self.attachments(attachments)?;
        let hash = self.tables.content_hash();
        self.end(&hash, attachments).map_err(|e| self.stop_at(e))?;
        // From here on the seal is what counts, also if the state cannot be noted.
        self.stopped = Some("it is sealed".into());
        self.closed = true;
        self.status.state = LifetimeState::Complete;
        self.status.fault = None;
        self.status.message = None;
        self.status.rows = Some(self.rows);
        self.status.content_hash = Some(hash.content.clone());
        self.run.set_status(&self.status)?;
        Ok(hash)
    }

    /// The files that a seal vouches for beside the tables. Those that were kept must still
    /// be as they were.
    fn attachments(&self, files: &[&str]) -> Result<Vec<Attachment>, EventError> {
        let mut superseded = Vec::new();
        for table in [TableKind::Experiences, TableKind::Transitions] {
            let numbers = self.run.superseded_of(self.status.lifetime_idx, table)?;
            superseded.extend(numbers.into_iter().flat_map(|k| superseded_files(k, table)));
        }
        let files = files.iter().map(|file| (*file).to_owned()).chain(superseded);
        let attachments = files.map(|file| {
            if let Some(kept) = self.kept.iter().find(|kept| kept.holds.file == file) {
                kept.verify(&self.dir)?;
            }
            Ok(KeptFile::at_rest(&self.dir, file)?.holds)
        });
        attachments.collect()
    }

    /// Ends the streams, durably, and writes the seal.
    fn end(&mut self, hash: &ContentHash, attachments: Vec<Attachment>) -> Result<(), EventError> {
        self.tables.finish()?;
        let end = self.position();
        self.sync(end)?;
        self.flushed = Some(end);
        let seal = Seal { format_version: FORMAT_VERSION, hash: hash.clone(), end, attachments };
        sealed_json::write(&self.dir.join("seal.json"), &seal)
    }

    /// Hands over what was gathered where a frame is full, or a pack.
    #[inline]
    fn hand_over_if_full(&mut self) -> Result<(), EventError> {
        let ends = self.in_frame.map(|rows| rows >= self.frame_rows);
        if ends.contains(&true) || self.gathered.len() >= PACK {
            self.hand_over(ends).map_err(|e| self.stop_at(e))?;
        }
        Ok(())
    }

    /// Hands over what was gathered, with which the frames of some tables end.
    fn hand_over(&mut self, ends: Ends) -> Result<(), EventError> {
        for (rows, _) in self.in_frame.iter_mut().zip(ends).filter(|(_, ends)| *ends) {
            *rows = 0;
        }
        self.tables.write(&mut self.gathered, ends)
    }

    #[inline]
    fn check_running(&self) -> Result<(), EventError> {
        match &self.stopped {
            None => Ok(()),
            Some(why) => Err(EventError::Stopped { path: self.dir.clone(), why: why.clone() }),
        }
    }

    #[inline]
    fn check_experience(
        &self,
        experience: &Experience,
        extra: &[ExtraValue<'_>],
    ) -> Result<(), EventError> {
        if self.segment.is_none() {
            return Err(EventError::Grammar("an experience before any segment".into()));
        }
        if experience.exp_num.is_some() && experience.exp_num < self.last_exp_num {
            let (new, last) = (experience.exp_num, self.last_exp_num);
            return Err(EventError::Grammar(format!("exp_num {new:?} after {last:?}")));
        }
        if extra.len() != self.extra_columns.len() {
            let (given, wanted) = (extra.len(), self.extra_columns.len());
            return Err(EventError::Grammar(format!(
                "{given} extra values where {wanted} columns are declared"
            )));
        }
        Ok(())
    }

    fn check_block(&self, block_num: u64) -> Result<(), EventError> {
        match self.last_block {
            Some(last) if block_num < last => {
                Err(EventError::Grammar(format!("block {block_num} after block {last}")))
            }
            _ => Ok(()),
        }
    }

    /// Remembers the first error; the writer refuses everything afterwards.
    fn stop_at(&mut self, error: EventError) -> EventError {
        self.stopped.get_or_insert_with(|| error.to_string());
        error
    }
}

/// The files of the rows that the `k`-th resume cut away from a table.
fn superseded_files(k: u32, table: TableKind) -> [String; 2] {
    let name = folder::superseded_name(k, table);
    ["arrow", "index"].map(|ending| format!("{name}.{ending}"))
}

/// Where a table of a lifetime lies.
pub(crate) fn place(run: &RunFolder, lifetime_idx: u32, table: TableKind) -> Place {
    named_place(run, lifetime_idx, table, table.name())
}

/// Where a table under another name lies.
pub(crate) fn named_place(
    run: &RunFolder,
    lifetime_idx: u32,
    table: TableKind,
    name: &str,
) -> Place {
    let dir = run.lifetime_dir(lifetime_idx);
    Place::new(&dir, name, table, &run.info().identity_hash, lifetime_idx)
}
