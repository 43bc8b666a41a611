//! The metrics against their oracles: golden cases, the reference itself, odd logs; and the
//! store of experts.

mod against_l2metrics;
mod golden;
mod mutated;
mod naive;
mod odd_logs;
mod run_folder;
mod store;
mod support;
