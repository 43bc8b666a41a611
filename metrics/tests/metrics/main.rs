//! The metrics against their oracles: golden cases, the reference itself, and odd logs.

mod against_l2metrics;
mod golden;
mod odd_logs;
mod run_folder;
mod support;
