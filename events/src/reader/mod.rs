//! Reading logs: finished, running or interrupted ones.

mod columns;
mod decode;
mod lifetime;
mod table;
mod tail;
mod transitions;

pub use columns::LogColumns;
pub(crate) use decode::{
    decode_agent_memory, decode_blocks, decode_experiences, decode_timing, extra_columns,
};
pub use lifetime::{Batches, LifetimeLog, Transitions};
pub(crate) use lifetime::{hash_rows, hash_transitions};
pub use table::{BlockEventRow, ExtraValues, LabelColumn, Table};
pub use tail::{News, Tail};
pub(crate) use transitions::{action_columns, decode_transitions};
