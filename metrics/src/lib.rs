//! (room opens here)
