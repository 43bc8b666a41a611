//! How a learner tells states apart: observations hashed to table rows, or
//! covered with tiles.

mod hash;
mod table;
mod tiles;

pub(crate) use hash::ObservationHash;
pub(crate) use table::QTable;
pub(crate) use tiles::TileCoder;
