//! Measurements: how many steps a second a raw batch of environments takes, and a
//! whole run; what share of a run its log is.
//!
//! Numbers, not tests: nothing here passes or fails.

mod cpu;
mod env;
mod run;

pub use env::{EnvRate, env_rate};
pub use run::{RunRate, RunRateError, Work, run_rate};
