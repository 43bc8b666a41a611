//! What is put around environments.
//!
//! [`TimeLimit`] goes around one environment and is monomorphised with it.

mod time_limit;

pub use time_limit::TimeLimit;
