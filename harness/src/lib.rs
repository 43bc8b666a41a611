//! The harness: runs agents through curricula and is the command `tella`.
//!
//! This room holds the engine that steps environments and agents together, the
//! checkpoints, the worker processes and the command line. It is the only room
//! that sees all others; it computes no metric, draws no random number of an
//! environment and knows no file format of the log.
//!
//! [`App`] says which environments and agents the program knows; [`cli::main`]
//! is the whole command line, and [`cli::answer`] is it for a program that embeds this one.

mod app;
pub mod bench;
pub mod cli;
pub mod engine;
#[cfg(libtorch)]
pub mod mad;
pub mod run;
pub mod sweep;
pub mod watch;

pub use app::{App, Around, Asks, Cluster, ClusterEnd, ClusterFailure, ClusterWork};
