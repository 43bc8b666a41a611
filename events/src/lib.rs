//! The crash-safe event log of a run.
//!
//! A run folder holds one folder a lifetime; in it every experience (episode) is a row of
//! `experiences.arrow`, every start and end of a block a row of `blocks.arrow`, and wall
//! times lie apart in `timing.arrow`, outside the content hash. The files are plain Arrow
//! IPC streams; an index of frames beside each makes every flipped bit and every cut
//! visible, and lets a crashed run be read and resumed.
//!
//! [`RunFolder`] makes and opens folders, [`LifetimeWriter`] writes, [`LifetimeLog`] reads
//! a finished, running or interrupted lifetime into a [`Table`], [`check`] looks for
//! damage, and [`convert`] goes to and from L2Logger's layout and flat tables.
//! [`replace_file`] writes the files that the caller keeps beside a log.
//!
//! What must stay out: curricula, environments, agents, metrics. This crate takes plain
//! values and knows only how to keep them.

pub mod convert;

mod atomic;
mod check;
mod columns;
mod content_hash;
mod error;
mod folder;
mod frames;
mod reader;
mod record;
mod schema;
mod sealed_json;
mod transition;
mod writer;

pub use atomic::replace_file;
pub use check::{LifetimeReport, Problem, Report, check};
pub use content_hash::{ContentHash, ExtraValue, TransitionsHash};
pub use error::{Damage, EventError};
pub use folder::{
    Attachment, LifetimeState, LifetimeStatus, OnExisting, RunFolder, RunInfo, Seal, lock,
};
pub use frames::FilePosition;
pub use reader::{
    Batches, BlockEventRow, ExtraValues, LabelColumn, LifetimeLog, LogColumns, News, Numbers, Runs,
    Table, Tail, TimedBatches, Times, Transitions,
};
pub use record::{BlockEvent, BlockEventKind, BlockSubtype, BlockType, Experience, Segment};
pub use schema::{EXPERIENCE_COLUMNS, ExtraColumn, ExtraKind, FORMAT_VERSION, TableKind};
pub use transition::{
    ActionColumn, ActionData, ActionKind, ActionValues, Transition, TransitionTable,
};
pub use writer::{LifetimeWriter, LogPosition, WriterOptions};
