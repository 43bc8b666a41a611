//! Transitions: what is kept of each step where a log is asked to keep them.
//!
//! An action is taken apart into its leaves, a column each, as the action space fixes them;
//! this crate sees typed values of fixed width and knows of no space.

use serde::{Deserialize, Serialize};

/// One step of an episode, without its action.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Transition {
    /// Which task variant of the lifetime, from 0: the n-th `variant-start` of its block
    /// events.
    pub variant_num: u64,
    /// The episode, by its order of starting in the variant.
    pub episode_index: u64,
    /// The step's number in its episode, from 1.
    pub step: u64,
    /// The reward it brought. Every NaN is stored as the same NaN.
    pub reward: f64,
    /// It reached an end of the task.
    pub terminated: bool,
    /// It was cut by a limit of time.
    pub truncated: bool,
}

/// The type of an action's elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ActionKind {
    /// 8-bit unsigned integers.
    U8,
    /// 64-bit signed integers.
    I64,
    /// 32-bit floats.
    F32,
    /// 64-bit floats.
    F64,
    /// Text.
    Text,
}

impl ActionKind {
    /// About how many bytes an element takes.
    pub(crate) fn size(self) -> usize {
        match self {
            Self::U8 => 1,
            Self::F32 => 4,
            Self::I64 | Self::F64 | Self::Text => 8,
        }
    }

    /// Its number in the content hash.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::U8 => 0,
            Self::I64 => 1,
            Self::F32 => 2,
            Self::F64 => 3,
            Self::Text => 4,
        }
    }
}

/// A column of actions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionColumn {
    /// Its name: `action`, or `action.` and the leaf's place where there are several.
    pub name: String,
    /// What it holds.
    pub kind: ActionKind,
    /// Elements a step; `None` for a scalar, such as a discrete action.
    pub width: Option<usize>,
}

impl ActionColumn {
    /// Elements a step.
    pub fn elements(&self) -> usize {
        self.width.unwrap_or(1)
    }
}

/// The elements of one action in one column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ActionValues<'a> {
    /// 8-bit unsigned integers.
    U8(&'a [u8]),
    /// 64-bit signed integers.
    I64(&'a [i64]),
    /// 32-bit floats.
    F32(&'a [f32]),
    /// 64-bit floats.
    F64(&'a [f64]),
    /// Text.
    Text(&'a [String]),
}

/// The actions of many steps in one column, one after the other.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ActionVec {
    U8(Vec<u8>),
    I64(Vec<i64>),
    F32(Vec<f32>),
    F64(Vec<f64>),
    Text(Vec<String>),
}

impl ActionVec {
    pub(crate) fn new(kind: ActionKind) -> Self {
        match kind {
            ActionKind::U8 => Self::U8(Vec::new()),
            ActionKind::I64 => Self::I64(Vec::new()),
            ActionKind::F32 => Self::F32(Vec::new()),
            ActionKind::F64 => Self::F64(Vec::new()),
            ActionKind::Text => Self::Text(Vec::new()),
        }
    }

    /// Appends the elements of one action; `false` where they are of another kind or number.
    pub(crate) fn push(&mut self, values: ActionValues<'_>, elements: usize) -> bool {
        let given = match (self, values) {
            (Self::U8(all), ActionValues::U8(new)) => extend(all, new),
            (Self::I64(all), ActionValues::I64(new)) => extend(all, new),
            (Self::F32(all), ActionValues::F32(new)) => extend(all, new),
            (Self::F64(all), ActionValues::F64(new)) => extend(all, new),
            (Self::Text(all), ActionValues::Text(new)) => extend(all, new),
            _ => return false,
        };
        given == elements
    }

    /// The elements of one action.
    pub(crate) fn row(&self, row: usize, elements: usize) -> ActionValues<'_> {
        let range = row * elements..(row + 1) * elements;
        match self {
            Self::U8(all) => ActionValues::U8(&all[range]),
            Self::I64(all) => ActionValues::I64(&all[range]),
            Self::F32(all) => ActionValues::F32(&all[range]),
            Self::F64(all) => ActionValues::F64(&all[range]),
            Self::Text(all) => ActionValues::Text(&all[range]),
        }
    }
}

impl ActionVec {
    /// Appends the elements of another of the same kind.
    pub(crate) fn append(&mut self, other: &Self) {
        match (self, other) {
            (Self::U8(all), Self::U8(new)) => all.extend_from_slice(new),
            (Self::I64(all), Self::I64(new)) => all.extend_from_slice(new),
            (Self::F32(all), Self::F32(new)) => all.extend_from_slice(new),
            (Self::F64(all), Self::F64(new)) => all.extend_from_slice(new),
            (Self::Text(all), Self::Text(new)) => all.extend_from_slice(new),
            _ => unreachable!("both are of one column"),
        }
    }

    /// Keeps the first elements.
    pub(crate) fn truncate(&mut self, len: usize) {
        match self {
            Self::U8(all) => all.truncate(len),
            Self::I64(all) => all.truncate(len),
            Self::F32(all) => all.truncate(len),
            Self::F64(all) => all.truncate(len),
            Self::Text(all) => all.truncate(len),
        }
    }

    /// Keeps none, and the room for them.
    pub(crate) fn clear(&mut self) {
        self.truncate(0);
    }
}

fn extend<T: Clone>(all: &mut Vec<T>, new: &[T]) -> usize {
    all.extend_from_slice(new);
    new.len()
}

/// The actions of many steps.
#[derive(Clone, Debug, PartialEq)]
pub struct ActionData {
    /// The column they stand in.
    pub column: ActionColumn,
    pub(crate) values: ActionVec,
}

impl ActionData {
    /// The action of a row. Panics where there is no such row, as a slice does.
    pub fn row(&self, row: usize) -> ActionValues<'_> {
        self.values.row(row, self.column.elements())
    }
}

/// Steps, column by column, all of equal length, in the order in which they were taken.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TransitionTable {
    /// The task variant; see [`Transition::variant_num`].
    pub variant_num: Vec<u64>,
    /// The episode, by its order of starting in the variant.
    pub episode_index: Vec<u64>,
    /// The step's number in its episode, from 1.
    pub step: Vec<u64>,
    /// The reward.
    pub reward: Vec<f64>,
    /// It reached an end of the task.
    pub terminated: Vec<bool>,
    /// It was cut by a limit of time.
    pub truncated: Vec<bool>,
    /// The actions, leaf by leaf.
    pub actions: Vec<ActionData>,
}

impl TransitionTable {
    /// Number of steps.
    pub fn len(&self) -> usize {
        self.step.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.step.is_empty()
    }

    /// A row without its action.
    pub fn transition(&self, row: usize) -> Transition {
        Transition {
            variant_num: self.variant_num[row],
            episode_index: self.episode_index[row],
            step: self.step[row],
            reward: self.reward[row],
            terminated: self.terminated[row],
            truncated: self.truncated[row],
        }
    }
}
