//! Tables that any Arrow reader in Python takes: the Arrow C stream interface, which needs no
//! Arrow library on this side.
//!
//! [`table`] is the object in Python, [`logged`] reads a run folder frame by frame, [`experiences`]
//! makes a table of a lifetime for metrics, [`represent`] is the types that a reader may ask for,
//! [`numpy`] a column as an array.

mod experiences;
mod logged;
mod numpy;
mod represent;
mod table;

pub(crate) use experiences::of_experiences;
pub(crate) use table::{Table, logged_table};
