//! Lifelong-learning metrics and statistics against their oracles: rliable and SciPy, a slow
//! and obvious version, and properties.

mod against_rliable;
mod history;
mod properties;
mod slow;
