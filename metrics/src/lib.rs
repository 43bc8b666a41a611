//! Lifelong-learning metrics: pure functions from tables of experiences to numbers.
//!
//! The input is [`Experiences`], the columns of one lifetime's log; the output plain
//! structs, JSON and text tables. Each family of metrics is a folder:
//!
//! - [`l2metrics`]: what L2Metrics 3.1.0 computes, quirks included.
//!
//! [`ste`] keeps the logs of single-task experts. [`run`] measures all lifetimes of a run
//! folder and puts them into one JSON object or one table. A new metric of a family is one file in its folder; a new family a folder
//! beside it. What must stay out: environments, agents and curricula (metrics see a log
//! only), files other than logs and the store of single-task experts, plots.

mod error;
mod experiences;
pub mod l2metrics;
pub mod run;
pub mod ste;

pub use error::MetricsError;
pub use experiences::{Experiences, Origin};
