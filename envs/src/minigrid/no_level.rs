//! Why a level could not be made.

/// A level that did not come about. Its random draws are made by then: a reset
/// without a seed after it goes on behind them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoLevel {
    /// No free cell was found in the tries allowed.
    #[error("no free cell found for an object in {tries} tries")]
    NoRoom {
        /// Tries made.
        tries: u64,
    },
    /// Rooms stayed out of reach.
    #[error("the rooms could not be connected by doors in {tries} tries")]
    Unconnected {
        /// Tries made.
        tries: u32,
    },
    /// No chain of so many rooms fitted into the grid.
    #[error("no chain of {rooms} rooms was found in {tries} tries")]
    NoChain {
        /// Rooms wanted.
        rooms: usize,
        /// Tries made.
        tries: u32,
    },
}
