//! What a run folder says of itself, without its tables.

use crate::command::refused;
use pyo3::prelude::*;
use serde_json::{Value, json};
use std::path::PathBuf;
use tella::run::planned;
use tella_events::{EventError, LifetimeLog, RunFolder, TableKind};

/// See `python/tella/_native.pyi`.
#[pyfunction]
pub(crate) fn describe_run(py: Python<'_>, run: PathBuf) -> PyResult<String> {
    py.detach(|| describe(&RunFolder::open(&run)?)).map(|told| told.to_string()).map_err(refused)
}

fn describe(run: &RunFolder) -> Result<Value, EventError> {
    let mut lifetimes = Vec::new();
    for index in run.lifetimes()? {
        let log = match LifetimeLog::open(run, index) {
            // Its folder is made, its log not yet begun.
            Err(EventError::NoLifetime { .. }) => continue,
            log => log?,
        };
        let status = log.status();
        lifetimes.push(json!({
            "lifetime_idx": index,
            "state": status.state,
            "is_being_written": run.is_being_written(index),
            "experiences": log.timed_batches(TableKind::Experiences)?.rows(),
            "agent_seed": status.agent_seed,
            "curriculum_seed": status.curriculum_seed,
            "content_hash": status.content_hash,
            "fault": status.fault,
            "fault_text": status.fault.clone().and_then(told),
            "isolation": status.isolation,
            "has_transitions": log.keeps_table(TableKind::Transitions),
        }));
    }
    // An imported run was made for none.
    let planned = planned(run).ok().map(|lifetimes| [lifetimes.start, lifetimes.end]);
    Ok(json!({ "info": run.info(), "planned": planned, "lifetimes": lifetimes }))
}

fn told(fault: Value) -> Option<String> {
    serde_json::from_value::<tella::engine::Fault>(fault).ok().map(|fault| fault.to_string())
}
