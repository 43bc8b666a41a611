//! Lifelong-learning metrics: pure functions from tables of experiences to numbers.
//!
//! The input is [`Experiences`], the columns of one lifetime's log; the output plain
//! structs, JSON and text tables.
//!
//! A metric is a [`Definition`]: its name, what it means, its formula, inputs, undefined
//! cases and source, and the function that measures a lifetime. Each is one file with its
//! test in its family's folder, and [`catalogue`] knows them all:
//!
//! | folder | family |
//! |---|---|
//! | `formalism` | the L2M formalism |
//! | `continual_world`, `coom`, `cora`, `gem` | other benchmarks' metrics |
//! | `transfer`, `curve`, `plasticity`, `cost` | transfer matrix, learning curves, repetition, reward and cost |
//! | [`l2metrics`] | what L2Metrics 3.1.0 computes, quirks included, from the log itself |
//!
//! [`added`] are those that a program adds while it runs, from the log itself, too.
//!
//! All but these two are functions of a [`lifetime::Scaled`]: what was learnt in which order
//! and evaluations between, on a scale. [`statistics`] aggregates over lifetimes, which are
//! the unit of replication, with bootstrap intervals; [`cohort`] measures the lifetimes of
//! one agent, [`compare`] compares two. [`run`] measures a run folder for the profile
//! `l2metrics`, and [`ste`] keeps the logs of single-task experts. [`told`] writes numbers for
//! people.
//!
//! What must stay out: environments, agents and curricula (metrics see a log only), files
//! other than logs and the store of single-task experts, plots.

pub mod added;
pub mod catalogue;
pub mod cohort;
pub mod compare;
mod continual_world;
mod coom;
mod cora;
mod cost;
mod curve;
pub mod definition;
mod error;
mod experiences;
mod family;
mod formalism;
mod gem;
pub mod l2metrics;
pub mod lifetime;
mod order;
mod page;
mod plasticity;
mod ranges;
pub mod run;
pub mod statistics;
pub mod ste;
pub mod told;
mod transfer;

pub use definition::Definition;
pub use error::MetricsError;
pub use experiences::{Experiences, Origin};
pub use family::Family;
pub use order::Order;
pub use page::page;
