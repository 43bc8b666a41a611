//! The tables' Arrow schemas, format version 1.
//!
//! Only types every Arrow reader knows: integers, floats, booleans, UTF-8, timestamps, and
//! dictionaries of UTF-8 for columns that rarely change.

use crate::transition::{ActionColumn, ActionKind};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The format version of everything in a run folder.
pub const FORMAT_VERSION: u64 = 1;

/// The tables of a lifetime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TableKind {
    /// One row an episode: `experiences.arrow`.
    Experiences,
    /// Starts and ends of blocks, tasks and variants: `blocks.arrow`.
    Blocks,
    /// Wall times of both, and the agent's memory: `timing.arrow`.
    Timing,
    /// One row a step, where they are kept: `transitions.arrow`.
    Transitions,
}

impl TableKind {
    /// All tables.
    pub const ALL: [Self; 4] = [Self::Experiences, Self::Blocks, Self::Timing, Self::Transitions];

    /// The name of the table, and of its file without the ending.
    pub fn name(self) -> &'static str {
        match self {
            Self::Experiences => "experiences",
            Self::Blocks => "blocks",
            Self::Timing => "timing",
            Self::Transitions => "transitions",
        }
    }

    /// The number that stands for the table in a frame index.
    pub(crate) fn code(self) -> u32 {
        match self {
            Self::Experiences => 0,
            Self::Blocks => 1,
            Self::Timing => 2,
            Self::Transitions => 3,
        }
    }
}

/// What a column beyond the standard ones holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ExtraKind {
    /// 64-bit floats, null where there is none.
    Float,
    /// Text, null where there is none.
    Text,
}

/// A column beyond the standard ones: further measures of an episode, or columns that
/// came with an imported log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtraColumn {
    /// Its name; no standard column's.
    pub name: String,
    /// What it holds.
    pub kind: ExtraKind,
}

fn label(name: &str, nullable: bool) -> Field {
    let kind = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    Field::new(name, kind, nullable)
}

fn time(name: &str, nullable: bool) -> Field {
    Field::new(name, DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())), nullable)
}

/// The names of the standard columns of `experiences.arrow`, in order.
pub const EXPERIENCE_COLUMNS: [&str; 17] = [
    "block_num",
    "exp_num",
    "worker_id",
    "block_type",
    "block_subtype",
    "task_name",
    "task_params",
    "exp_status",
    "episode_step_count",
    "reward",
    "task",
    "variant",
    "episode_index",
    "env_index",
    "seed",
    "terminated",
    "truncated",
];

/// `experiences.arrow`: the standard columns, then the extra ones.
pub(crate) fn experiences(extra: &[ExtraColumn]) -> SchemaRef {
    let standard = EXPERIENCE_COLUMNS.map(|name| match name {
        "exp_num" | "seed" => Field::new(name, DataType::UInt64, true),
        "block_num" | "episode_step_count" | "episode_index" => {
            Field::new(name, DataType::UInt64, false)
        }
        "env_index" => Field::new(name, DataType::UInt32, false),
        "reward" => Field::new(name, DataType::Float64, false),
        "terminated" | "truncated" => Field::new(name, DataType::Boolean, false),
        _ => label(name, false),
    });
    let extra = extra.iter().map(|column| match column.kind {
        ExtraKind::Float => Field::new(&column.name, DataType::Float64, true),
        ExtraKind::Text => Field::new(&column.name, DataType::Utf8, true),
    });
    Arc::new(Schema::new(standard.into_iter().chain(extra).collect::<Vec<_>>()))
}

/// `blocks.arrow`. `at_row` counts the experiences logged before the event.
pub(crate) fn blocks() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("at_row", DataType::UInt64, false),
        label("kind", false),
        Field::new("block_num", DataType::UInt64, false),
        label("block_type", false),
        label("block_subtype", false),
        label("task", true),
        label("variant", true),
        Field::new("detail", DataType::Utf8, true),
    ]))
}

/// The column of `timing.arrow` that logs from before it was kept do not have.
pub(crate) const AGENT_MEMORY: &str = "agent_memory";

/// `timing.arrow`: the n-th row with `table` = T belongs to the n-th row of table T.
pub(crate) fn timing(with_memory: bool) -> SchemaRef {
    let mut fields =
        vec![label("table", false), time("started_at", true), time("finished_at", false)];
    fields.extend(with_memory.then(|| Field::new(AGENT_MEMORY, DataType::UInt64, true)));
    Arc::new(Schema::new(fields))
}

/// The names of the columns of `transitions.arrow` before those of actions, in order.
pub(crate) const TRANSITION_COLUMNS: [&str; 6] =
    ["variant_num", "episode_index", "step", "reward", "terminated", "truncated"];

/// `transitions.arrow`: the columns that every step has, then those of its action.
pub(crate) fn transitions(actions: &[ActionColumn]) -> SchemaRef {
    let standard = TRANSITION_COLUMNS.map(|name| {
        let kind = match name {
            "reward" => DataType::Float64,
            "terminated" | "truncated" => DataType::Boolean,
            _ => DataType::UInt64,
        };
        Field::new(name, kind, false)
    });
    Arc::new(Schema::new(
        standard.into_iter().chain(actions.iter().map(action)).collect::<Vec<_>>(),
    ))
}

/// The field of a column of actions: scalars, or lists of fixed size.
pub(crate) fn action(column: &ActionColumn) -> Field {
    let item = match column.kind {
        ActionKind::U8 => DataType::UInt8,
        ActionKind::I64 => DataType::Int64,
        ActionKind::F32 => DataType::Float32,
        ActionKind::F64 => DataType::Float64,
        ActionKind::Text => DataType::Utf8,
    };
    let kind = match column.width {
        None => item,
        Some(size) => {
            let size = i32::try_from(size).unwrap_or(i32::MAX);
            DataType::FixedSizeList(Arc::new(Field::new("item", item, false)), size)
        }
    };
    Field::new(&column.name, kind, false)
}
