//! Going back to a checkpoint's position, or to the start, and writing on.

use super::gathered::Gathered;
use super::scribe::{Columns, Files, Scribe};
use super::tables::Tables;
use super::{LifetimeWriter, LogPosition, WriterOptions, named_place, place, transitions};
use crate::atomic;
use crate::content_hash::{ContentHasher, TransitionHasher};
use crate::error::{AtPath, EventError};
use crate::folder::{self, Flushed, KeptFile, LifetimeState, LifetimeStatus, RunFolder};
use crate::frames::{FilePosition, FrameReader, FrameWriter, Place};
use crate::reader::{
    Table, action_columns, decode_blocks, decode_experiences, decode_transitions, extra_columns,
    hash_rows, hash_transitions,
};
use crate::schema::{AGENT_MEMORY, ExtraColumn, TableKind};
use crate::transition::ActionColumn;
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use std::path::Path;

/// What the rows kept say about where to go on.
struct Kept {
    hasher: ContentHasher,
    extra_columns: Vec<ExtraColumn>,
    schema: SchemaRef,
    last_block: Option<u64>,
    last_exp_num: Option<u64>,
    /// Stands at the position; what it still yields is to be cut away.
    rest: FrameReader,
}

impl LifetimeWriter {
    /// Opens a lifetime's log to write on after `position`, as a checkpoint remembers it.
    ///
    /// Everything up to there is verified. Experiences behind it are kept as
    /// `superseded-K.arrow` and cut away with the block events and times behind it. The
    /// caller must set a segment before the next experience. Which columns there are, and
    /// whether transitions are kept, is the log's own, whatever `options` say. A sealed lifetime is refused with
    /// [`EventError::Sealed`], its state being complete afterwards.
    pub fn resume(
        run: &RunFolder,
        lifetime_idx: u32,
        position: &LogPosition,
        options: WriterOptions,
    ) -> Result<Self, EventError> {
        let dir = run.lifetime_dir(lifetime_idx);
        // A lifetime that is not there has no folder to lock.
        run.status(lifetime_idx)?;
        let lock = folder::lock(&dir)?;
        // What counts is what is read under the lock.
        let status = run.status(lifetime_idx)?;
        refuse_sealed(run, &status)?;
        let at = |table| place(run, lifetime_idx, table);
        remove_temporary(&dir)?;

        let mut kept = read_experiences(at(TableKind::Experiences), &position.experiences)?;
        let last_block = read_blocks(at(TableKind::Blocks), &position.blocks, &mut kept.hasher)?;
        let mut times = read_until(at(TableKind::Timing), &position.timing, |_, _| Ok(()))?;
        let with_memory = times.schema()?.column_with_name(AGENT_MEMORY).is_some();

        let steps = position.transitions.as_ref();
        let mut steps = steps
            .map(|position| {
                read_transitions(at(TableKind::Transitions), position, &mut kept.hasher)
            })
            .transpose()?;

        let mut superseded = Superseded::new(run, lifetime_idx);
        superseded.save(TableKind::Experiences, &kept.schema, &mut kept.rest)?;
        if let Some(steps) = &mut steps {
            superseded.save(TableKind::Transitions, &steps.schema, &mut steps.rest)?;
        }
        // No more is promised than what is kept before anything is cut: a kill in between
        // leaves a sound log.
        let status = running(status);
        run.set_status(&status)?;
        let mut files = Flushed::read(&dir)?.files;
        files.extend(superseded.files);
        Flushed::write(&dir, *position, &files)?;
        let frame_rows = options.frame_rows.clamp(1, 1 << 20);
        let action_columns = steps.map(|steps| steps.columns);
        let actions = action_columns.as_deref();
        let columns = Columns::new(&kept.extra_columns, actions, frame_rows, with_memory);
        let scribe = Files::each(&columns, |table, schema| {
            let from = position.of(table).unwrap_or_else(|| at(table).start());
            FrameWriter::reopen(at(table), schema, from)
        })
        .map(|files| Scribe::new(files, columns, kept.hasher))?;
        Ok(Self {
            tables: Tables::new(scribe),
            gathered: Gathered::default(),
            steps_in_frame: transitions::steps_in_frame(frame_rows, actions),
            in_frame: [0; 4],
            run: run.clone(),
            dir,
            status,
            frame_rows,
            extra_columns: kept.extra_columns,
            action_columns,
            rows: position.experiences.rows,
            last_block: kept.last_block.max(last_block),
            segment: None,
            last_exp_num: kept.last_exp_num,
            flushed: Some(*position),
            kept: files,
            stopped: None,
            closed: false,
            _lock: lock,
        })
    }

    /// Begins a lifetime's log anew: one that has no checkpoint, or was stopped before its
    /// first flush. Experiences that can be read are kept as `superseded-K.arrow`.
    pub fn restart(
        run: &RunFolder,
        status: LifetimeStatus,
        options: WriterOptions,
    ) -> Result<Self, EventError> {
        let lifetime_idx = status.lifetime_idx;
        let dir = run.lifetime_dir(lifetime_idx);
        if !dir.exists() {
            return Self::create(run, status, options);
        }
        let lock = folder::lock(&dir)?;
        refuse_sealed(run, &run.status(lifetime_idx).unwrap_or_else(|_| status.clone()))?;
        remove_temporary(&dir)?;
        // Where it cannot be read, the lifetime was not begun.
        let mut files = Flushed::read(&dir).map_or_else(|_| Vec::new(), |flushed| flushed.files);
        let mut superseded = Superseded::new(run, lifetime_idx);
        for table in [TableKind::Experiences, TableKind::Transitions] {
            if let Ok(mut reader) = FrameReader::open(place(run, lifetime_idx, table))
                && let Ok(schema) = reader.schema()
            {
                superseded.save(table, &schema, &mut reader)?;
            }
        }
        files.extend(superseded.files);
        // Promises are taken back before what they promise: first the rows at rest, then those
        // that are durable, then that the lifetime was begun.
        let status_file = dir.join("status.json");
        if status_file.exists() {
            run.set_status(&running(status.clone()))?;
        }
        let start = |table| place(run, lifetime_idx, table).start();
        let start = LogPosition {
            experiences: start(TableKind::Experiences),
            blocks: start(TableKind::Blocks),
            timing: start(TableKind::Timing),
            transitions: options.transitions.as_ref().map(|_| start(TableKind::Transitions)),
        };
        Flushed::write(&dir, start, &files)?;
        remove_if_there(&status_file)?;
        atomic::sync_folder(&dir)?;
        for table in TableKind::ALL {
            let place = place(run, lifetime_idx, table);
            remove_if_there(&place.data)?;
            remove_if_there(&place.index)?;
        }
        Self::begin(run, status, options, files, lock)
    }
}

/// The status of a log that is being written.
fn running(status: LifetimeStatus) -> LifetimeStatus {
    LifetimeStatus {
        state: LifetimeState::Running,
        fault: None,
        message: None,
        rows: None,
        content_hash: None,
        ..status
    }
}

fn refuse_sealed(run: &RunFolder, status: &LifetimeStatus) -> Result<(), EventError> {
    let Some(seal) = run.seal(status.lifetime_idx)? else { return Ok(()) };
    if status.state != LifetimeState::Complete {
        // Killed between the seal and its status: the seal is what counts.
        run.set_status(&LifetimeStatus {
            state: LifetimeState::Complete,
            fault: None,
            message: None,
            rows: Some(seal.hash.experience_rows),
            content_hash: Some(seal.hash.content),
            ..status.clone()
        })?;
    }
    Err(EventError::Sealed { path: run.lifetime_dir(status.lifetime_idx) })
}

fn remove_if_there(path: &Path) -> Result<(), EventError> {
    match fs_err::remove_file(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(EventError::io(path, e)),
        _ => Ok(()),
    }
}

/// Removes files that a killed writer left half made. Under the writer's lock only.
fn remove_temporary(dir: &Path) -> Result<(), EventError> {
    for entry in fs_err::read_dir(dir).at(dir)? {
        let path = entry.at(dir)?.path();
        if path.extension().is_some_and(|e| e == atomic::TEMPORARY) {
            fs_err::remove_file(&path).at(&path)?;
        }
    }
    Ok(())
}

/// Reads a table up to a position, which must be one of its frame boundaries.
fn read_until(
    place: Place,
    position: &FilePosition,
    mut each: impl FnMut(&RecordBatch, &FrameReader) -> Result<(), EventError>,
) -> Result<FrameReader, EventError> {
    let mut reader = FrameReader::open(place)?;
    let there = reader.index().at(position.frames);
    if there != Some(*position) {
        return Err(EventError::Position {
            path: reader.place().data.clone(),
            why: match there {
                Some(there) => format!(
                    "frame {} ends after {} rows with another checksum, the checkpoint has {} rows",
                    position.frames, there.rows, position.rows
                ),
                None => format!(
                    "it has {} frames, the checkpoint {}",
                    reader.index().position().frames,
                    position.frames
                ),
            },
        });
    }
    while let Some(batch) = reader.next_batch_within(position.frames)? {
        each(&batch, &reader)?;
    }
    Ok(reader)
}

fn misfit(reader: &FrameReader, what: String) -> EventError {
    EventError::damaged(&reader.place().data, 0, what)
}

fn read_experiences(place: Place, position: &FilePosition) -> Result<Kept, EventError> {
    let schema = FrameReader::open(place.clone())?.schema()?;
    let extra_columns =
        extra_columns(&schema).map_err(|what| EventError::damaged(&place.data, 0, what))?;
    let mut hasher = ContentHasher::new(&extra_columns, None);
    let (mut last_block, mut last_exp_num) = (None, None);
    let rest = read_until(place, position, |batch, reader| {
        let mut rows = Table::default();
        decode_experiences(batch, &mut rows).map_err(|what| misfit(reader, what))?;
        hash_rows(&mut hasher, &rows);
        last_block = rows.block_num.last().copied().or(last_block);
        last_exp_num = rows.exp_num.iter().rev().find_map(|n| *n).or(last_exp_num);
        Ok(())
    })?;
    Ok(Kept { hasher, extra_columns, schema, last_block, last_exp_num, rest })
}

fn read_blocks(
    place: Place,
    position: &FilePosition,
    hasher: &mut ContentHasher,
) -> Result<Option<u64>, EventError> {
    let mut last_block = None;
    read_until(place, position, |batch, reader| {
        let mut events = Vec::new();
        decode_blocks(batch, &mut events).map_err(|what| misfit(reader, what))?;
        for row in &events {
            hasher.block_event(&row.event, row.at_row);
            last_block = Some(row.event.block_num);
        }
        Ok(())
    })?;
    Ok(last_block)
}

/// The transitions kept.
struct KeptSteps {
    columns: Vec<ActionColumn>,
    schema: SchemaRef,
    /// Stands at the position; what it still yields is to be cut away.
    rest: FrameReader,
}

fn read_transitions(
    place: Place,
    position: &FilePosition,
    hasher: &mut ContentHasher,
) -> Result<KeptSteps, EventError> {
    let schema = FrameReader::open(place.clone())?.schema()?;
    let columns =
        action_columns(&schema).map_err(|what| EventError::damaged(&place.data, 0, what))?;
    let mut steps = TransitionHasher::new(&columns);
    let rest = read_until(place, position, |batch, reader| {
        let rows = decode_transitions(batch).map_err(|what| misfit(reader, what))?;
        hash_transitions(&mut steps, &rows);
        Ok(())
    })?;
    hasher.transitions = Some(steps);
    Ok(KeptSteps { columns, schema, rest })
}

/// Keeps what one resume cuts away, all of it under one number.
struct Superseded<'a> {
    run: &'a RunFolder,
    lifetime_idx: u32,
    /// The files made.
    files: Vec<KeptFile>,
    k: Option<u32>,
}

impl<'a> Superseded<'a> {
    fn new(run: &'a RunFolder, lifetime_idx: u32) -> Self {
        Self { run, lifetime_idx, files: Vec::new(), k: None }
    }

    fn place(&self, k: u32, table: TableKind) -> Place {
        let name = folder::superseded_name(k, table);
        named_place(self.run, self.lifetime_idx, table, &name)
    }

    /// Whether no table has a file with that number.
    fn is_free(&self, k: u32) -> bool {
        TableKind::ALL.iter().all(|table| !self.place(k, *table).data.exists())
    }

    /// Writes the batches that `rest` still yields to a file: first under another name, then
    /// renamed, the Arrow file last.
    fn save(
        &mut self,
        table: TableKind,
        schema: &SchemaRef,
        rest: &mut FrameReader,
    ) -> Result<(), EventError> {
        // Rows behind the first that does not verify are lost in any case.
        let mut next = || rest.next_batch().ok().flatten();
        let Some(first) = next() else { return Ok(()) };
        let free = || (0u32..).find(|k| self.is_free(*k)).expect("fewer than 2^32 resumes");
        let k = self.k.unwrap_or_else(free);
        self.k = Some(k);
        let target = self.place(k, table);
        let temporary = Place {
            data: atomic::temporary(&target.data),
            index: atomic::temporary(&target.index),
            ..target.clone()
        };
        let written = FrameWriter::create(temporary.clone(), schema).and_then(|mut writer| {
            writer.write(&first)?;
            while let Some(batch) = next() {
                writer.write(&batch)?;
            }
            writer.finish()?;
            writer.sync()
        });
        if let Err(e) = written {
            let _ = remove_if_there(&temporary.data).and(remove_if_there(&temporary.index));
            return Err(e);
        }
        fs_err::rename(&temporary.index, &target.index).at(&target.index)?;
        fs_err::rename(&temporary.data, &target.data).at(&target.data)?;
        let dir = self.run.lifetime_dir(self.lifetime_idx);
        atomic::sync_folder(&dir)?;
        for file in super::superseded_files(k, table) {
            self.files.push(KeptFile::at_rest(&dir, file)?);
        }
        Ok(())
    }
}
