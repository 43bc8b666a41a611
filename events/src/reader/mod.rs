//! Reading logs: finished, running or interrupted ones.

mod columns;
mod decode;
mod lifetime;
mod table;

pub use columns::LogColumns;
pub(crate) use decode::{decode_blocks, decode_experiences, decode_timing, extra_columns};
pub(crate) use lifetime::hash_rows;
pub use lifetime::{Batches, LifetimeLog};
pub use table::{BlockEventRow, ExtraValues, LabelColumn, Table};
