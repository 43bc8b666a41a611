//! A lifetime as metrics see it: what was learnt in which order, and evaluations between.
//!
//! Time is counted in *learning regimes*: regime 0 is the first stretch of rows that
//! learn one task in one block. An evaluation lies in a *gap*: gap `g` is the time after
//! `g` learning regimes. All evaluations of a task in one gap are one evaluation.
//! Learning regimes of one task that follow each other, with nothing but evaluations
//! between, are one *stretch*: the task was learnt without an interruption by another.
//!
//! [`Lifetime`] keeps raw performance. [`Scale`] is the range that performance is
//! measured on, found over all lifetimes that are looked at together; [`Scaled`] is
//! a lifetime on that scale, with single-task experts beside it, and what every metric
//! is a function of.
//!
//! The profile `l2metrics` does not use this: it repeats another program, quirks included.

pub(crate) mod curve;
mod experts;
mod history;
mod scale;
mod scaled;
mod windows;
#[cfg(test)]
pub(crate) mod worked;

pub use experts::Experts;
pub use history::{Cost, Evaluation, Lifetime, Missing, Stretch};
pub use scale::Scale;
pub use scaled::Scaled;
pub use windows::Window;
