//! `cargo xtask bench`: speed, printed as JSON; numbers, never tests.
//!
//! Where sides are compared they are measured in one run and take turns, so that a
//! machine that grows slower or faster meets all alike; what is told is the median of
//! the turns. [`peers`] compares with the Python packages of the field, [`curve`]
//! follows the number of environments, [`memory`] and [`start`] look at the program
//! alone, [`plot`] draws what `curve` measured, [`statistics`] compares intervals with
//! rliable's, [`metrics`] lifelong learning metrics with L2Metrics'; [`report`] looks at reports,
//! [`python`] at agents in Python and at environments for Gymnasium, [`acting`],
//! [`long_conv`], [`training`] and [`operator`] at sequence layers, [`ppo`] at learning.

mod curve;
mod gymnasium;
mod machine;
mod memory;
mod metrics;
mod minigrid;
mod peers;
mod plot;
mod ppo;
mod program;
mod python;
mod report;
mod row;
mod script;
mod sequence;
mod start;
mod statistics;
mod tella;
mod turns;

pub use curve::curve;
pub use memory::memory;
pub use metrics::metrics;
pub use peers::peers;
pub use plot::plot;
pub use ppo::ppo;
pub use python::python;
pub use report::report;
pub use sequence::{acting, long_conv, operator, training};
pub use start::start;
pub use statistics::statistics;
