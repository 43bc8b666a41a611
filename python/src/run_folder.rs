//! What a run folder says of itself, without its tables.

use crate::command::refused;
use pyo3::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::PathBuf;
use tella::run::{State, planned};
use tella_events::{EventError, LifetimeLog, RunFolder, TableKind};

/// See `python/tella/_native.pyi`.
#[pyfunction]
pub(crate) fn describe_run(py: Python<'_>, run: PathBuf) -> PyResult<String> {
    py.detach(|| describe(&RunFolder::open(&run)?)).map(|told| told.to_string()).map_err(refused)
}

/// See `python/tella/_native.pyi`.
#[pyfunction]
pub(crate) fn describe_lifetime(py: Python<'_>, run: PathBuf, lifetime: u32) -> PyResult<String> {
    py.detach(|| of_lifetime(&RunFolder::open(&run)?, lifetime))
        .map(|told| told.to_string())
        .map_err(refused)
}

fn describe(run: &RunFolder) -> Result<Value, EventError> {
    let mut lifetimes: BTreeSet<u32> = run.lifetimes()?.into_iter().collect();
    // An imported run was made for none.
    lifetimes.extend(planned(run).unwrap_or(0..0).map(|lifetime| lifetime as u32));
    let lifetimes: Result<Vec<Value>, _> =
        lifetimes.into_iter().map(|lifetime| of_lifetime(run, lifetime)).collect();
    Ok(json!({
        "info": run.info(),
        "lifetimes": lifetimes?,
        "gravest_first": State::GRAVEST_FIRST,
    }))
}

fn of_lifetime(run: &RunFolder, lifetime: u32) -> Result<Value, EventError> {
    let (state, _) = State::read(run, lifetime)?;
    let log = match LifetimeLog::open(run, lifetime) {
        // Its folder may be made and its log not yet begun.
        Err(EventError::NoLifetime { .. }) => {
            return Ok(json!({ "lifetime_idx": lifetime, "status": state }));
        }
        log => log?,
    };
    let noted = log.status();
    Ok(json!({
        "lifetime_idx": lifetime,
        "status": state,
        "experiences": log.timed_batches(TableKind::Experiences)?.rows(),
        "agent_seed": noted.agent_seed,
        "curriculum_seed": noted.curriculum_seed,
        "content_hash": noted.content_hash,
        "fault": noted.fault,
        "fault_text": noted.fault.clone().and_then(told).or_else(|| noted.message.clone()),
        "isolation": noted.isolation,
        "has_transitions": log.keeps_table(TableKind::Transitions),
    }))
}

fn told(fault: Value) -> Option<String> {
    serde_json::from_value::<tella::engine::Fault>(fault).ok().map(|fault| fault.to_string())
}
