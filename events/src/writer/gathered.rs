//! Rows on their way from the thread that lives a lifetime to the one that writes its log.
//!
//! A row is handed over as it came, together with some thousand others: copying it is all
//! it costs the lifetime's thread. What stands between rows (segments, task parameters,
//! block events) is kept beside them, each with the row it comes before.

use crate::content_hash::ExtraValue;
use crate::record::{BlockEvent, Experience, Segment};
use crate::schema::ExtraKind;
use crate::transition::{ActionVec, Transition};

/// What stands between two rows.
pub(super) enum Between {
    /// The segment of the rows that follow.
    Segment(Segment),
    /// Other task parameters for the rows that follow.
    TaskParams(String),
    /// A block event, and the experiences of the whole log that came before it.
    Event(BlockEvent, u64),
}

/// A value of an extra column, kept until it is written.
pub(super) enum KeptValue {
    Float(Option<f64>),
    Text(Option<String>),
}

impl KeptValue {
    /// The value, where it is of the column's kind.
    pub(super) fn of(kind: ExtraKind, value: ExtraValue<'_>) -> Option<Self> {
        match (kind, value) {
            (ExtraKind::Float, ExtraValue::Float(value)) => Some(Self::Float(value)),
            (ExtraKind::Text, ExtraValue::Text(value)) => {
                Some(Self::Text(value.map(str::to_owned)))
            }
            _ => None,
        }
    }

    pub(super) fn as_value(&self) -> ExtraValue<'_> {
        match self {
            Self::Float(value) => ExtraValue::Float(*value),
            Self::Text(value) => ExtraValue::Text(value.as_deref()),
        }
    }
}

/// Rows in order, and what stands between them. Used again once it was written, so that
/// handing over allocates nothing in the long run.
#[derive(Default)]
pub(super) struct Gathered {
    pub(super) rows: Vec<Experience>,
    /// What comes before the row of that number, in order.
    pub(super) between: Vec<(usize, Between)>,
    /// The rows' extra values, row after row.
    pub(super) extra: Vec<KeptValue>,
    /// Steps in order, where they are kept.
    pub(super) steps: Vec<Transition>,
    /// Their actions, leaf by leaf.
    pub(super) actions: Vec<ActionVec>,
}

impl Gathered {
    pub(super) fn len(&self) -> usize {
        self.rows.len() + self.between.len() + self.steps.len()
    }

    /// Adds what comes before the next row.
    pub(super) fn put(&mut self, between: Between) {
        self.between.push((self.rows.len(), between));
    }

    pub(super) fn clear(&mut self) {
        self.rows.clear();
        self.between.clear();
        self.extra.clear();
        self.steps.clear();
        self.actions.iter_mut().for_each(ActionVec::clear);
    }
}
