//! Reading logs: finished, running or interrupted ones.

mod columns;
mod decode;
mod direct;
mod lifetime;
mod numbers;
mod runs;
mod table;
mod tail;
mod timed;
mod times;
mod transitions;

pub use columns::LogColumns;
pub(crate) use decode::{
    decode_agent_memory, decode_blocks, decode_experiences, decode_timing, extra_columns,
};
pub use lifetime::{Batches, LifetimeLog, Transitions};
pub(crate) use lifetime::{hash_rows, hash_transitions};
pub use numbers::Numbers;
pub use runs::Runs;
pub use table::{BlockEventRow, ExtraValues, LabelColumn, Table};
pub use tail::{News, Tail};
pub use timed::TimedBatches;
pub(crate) use timed::{FINISHED_AT, STARTED_AT};
pub use times::Times;
pub(crate) use transitions::{action_columns, decode_transitions};
