//! What becomes of rows on the writer's thread: columns, content hash, frames in files.

use super::LogPosition;
use super::gathered::{Between, Gathered, KeptValue};
use crate::columns::{BlockColumns, ExperienceColumns, TimingColumns, TransitionColumns};
use crate::content_hash::ContentHasher;
use crate::error::EventError;
use crate::frames::FrameWriter;
use crate::record::{BlockEvent, Experience, Segment};
use crate::schema::{ExtraColumn, TableKind};
use crate::transition::ActionColumn;
use arrow_schema::SchemaRef;

/// The tables' files.
pub(super) struct Files {
    experiences: FrameWriter,
    blocks: FrameWriter,
    timing: FrameWriter,
    /// Where transitions are kept.
    transitions: Option<FrameWriter>,
}

impl Files {
    /// Opens each table's file, given its schema.
    pub(super) fn each(
        columns: &Columns,
        open: impl Fn(TableKind, &SchemaRef) -> Result<FrameWriter, EventError>,
    ) -> Result<Self, EventError> {
        Ok(Self {
            experiences: open(TableKind::Experiences, columns.experiences.schema())?,
            blocks: open(TableKind::Blocks, columns.blocks.schema())?,
            timing: open(TableKind::Timing, columns.timing.schema())?,
            transitions: columns
                .transitions
                .as_ref()
                .map(|columns| open(TableKind::Transitions, columns.schema()))
                .transpose()?,
        })
    }

    /// Those that there are.
    fn all(&mut self) -> impl Iterator<Item = &mut FrameWriter> {
        [&mut self.experiences, &mut self.blocks, &mut self.timing]
            .into_iter()
            .chain(&mut self.transitions)
    }
}

/// The columns in the making.
pub(super) struct Columns {
    experiences: ExperienceColumns,
    blocks: BlockColumns,
    timing: TimingColumns,
    /// Where transitions are kept.
    transitions: Option<TransitionColumns>,
}

impl Columns {
    /// Empty columns, for frames of so many rows; with the agent's memory, or without.
    pub(super) fn new(
        extra: &[ExtraColumn],
        actions: Option<&[ActionColumn]>,
        frame_rows: usize,
        with_memory: bool,
    ) -> Self {
        Self {
            experiences: ExperienceColumns::new(extra, frame_rows),
            blocks: BlockColumns::new(),
            timing: TimingColumns::new(frame_rows, with_memory),
            transitions: actions.map(TransitionColumns::new),
        }
    }
}

/// Writes a lifetime's tables.
pub(super) struct Scribe {
    files: Files,
    columns: Columns,
    pub(super) hasher: ContentHasher,
    segment: Option<Segment>,
}

impl Scribe {
    pub(super) fn new(files: Files, columns: Columns, hasher: ContentHasher) -> Self {
        Self { files, columns, hasher, segment: None }
    }

    /// Takes in rows and what stands between them, in their order.
    pub(super) fn take(&mut self, gathered: &Gathered) {
        let (mut rows, mut extra) = (&gathered.rows[..], &gathered.extra[..]);
        let mut at = 0;
        for (before, between) in &gathered.between {
            self.experiences(rows.split_off(..before - at).unwrap_or_default(), &mut extra);
            at = *before;
            match between {
                Between::Segment(segment) => self.begin_segment(segment),
                Between::TaskParams(text) => self.task_params(text),
                Between::Event(event, at_row) => self.block_event(event, *at_row),
            }
        }
        self.experiences(rows, &mut extra);
        if let (Some(columns), Some(hasher)) =
            (&mut self.columns.transitions, &mut self.hasher.transitions)
        {
            columns.extend(&gathered.steps, &gathered.actions);
            for (n, step) in gathered.steps.iter().enumerate() {
                hasher.transition(step);
                columns.action_of(&gathered.actions, n).for_each(|values| hasher.action(values));
            }
        }
    }

    /// Takes in rows of one segment, and the extra values that belong to them.
    fn experiences(&mut self, rows: &[Experience], extra: &mut &[KeptValue]) {
        self.columns.timing.experiences(rows);
        let of_a_row = self.columns.experiences.extra_len();
        if of_a_row == 0 {
            rows.iter().for_each(|row| self.hasher.experience(row));
        }
        self.columns.experiences.extend(rows);
        if of_a_row > 0 {
            for row in rows {
                self.hasher.experience(row);
                let values = extra.split_off(..of_a_row).unwrap_or_default();
                for (n, value) in values.iter().enumerate() {
                    self.columns.experiences.push_extra(n, value.as_value());
                    self.hasher.extra(value.as_value());
                }
            }
        }
    }

    fn begin_segment(&mut self, segment: &Segment) {
        self.hasher.segment(segment);
        self.columns.experiences.segment(segment);
        self.segment = Some(segment.clone());
    }

    fn task_params(&mut self, text: &str) {
        let Some(segment) = &mut self.segment else { return };
        text.clone_into(&mut segment.task_params);
        self.hasher.segment(segment);
        self.columns.experiences.task_params(text);
    }

    fn block_event(&mut self, event: &BlockEvent, at_row: u64) {
        self.hasher.block_event(event, at_row);
        self.columns.blocks.push(event, at_row);
        self.columns.timing.block_event(event);
    }

    /// Ends a table's frame: what was taken in of it goes to its file.
    pub(super) fn end_frame(&mut self, table: TableKind) -> Result<(), EventError> {
        let (columns, files) = (&mut self.columns, &mut self.files);
        match table {
            TableKind::Experiences if columns.experiences.len() > 0 => {
                files.experiences.write(&columns.experiences.batch()?)
            }
            TableKind::Blocks if columns.blocks.len() > 0 => {
                files.blocks.write(&columns.blocks.batch()?)
            }
            TableKind::Timing if columns.timing.len() > 0 => {
                files.timing.write(&columns.timing.batch()?)
            }
            TableKind::Transitions => match (&mut columns.transitions, &mut files.transitions) {
                (Some(columns), Some(file)) if columns.len() > 0 => file.write(&columns.batch()?),
                _ => Ok(()),
            },
            _ => Ok(()),
        }
    }

    /// Makes everything written durable.
    pub(super) fn sync(&mut self) -> Result<(), EventError> {
        self.files.all().try_for_each(FrameWriter::sync)
    }

    /// Ends the streams.
    pub(super) fn finish(&mut self) -> Result<(), EventError> {
        self.files.all().try_for_each(FrameWriter::finish)
    }

    /// Where the frames in the files end.
    pub(super) fn position(&self) -> LogPosition {
        LogPosition {
            experiences: self.files.experiences.position(),
            blocks: self.files.blocks.position(),
            timing: self.files.timing.position(),
            transitions: self.files.transitions.as_ref().map(FrameWriter::position),
        }
    }
}
