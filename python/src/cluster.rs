//! Lifetimes on a Ray cluster: the harness asks, `tella.ray` does it.

use crate::failure::describe;
use pyo3::exceptions::PyImportError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::path::PathBuf;
use tella::{Cluster, ClusterEnd, ClusterFailure, ClusterWork};

/// What the application is told of clusters.
pub(crate) fn cluster() -> Cluster {
    Box::new(|work| {
        Python::attach(|py| {
            live(py, work).map_err(|error| match error.is_instance_of::<PyImportError>(py) {
                true => error.value(py).to_string(),
                false => describe(py, &error),
            })
        })
    })
}

fn live(py: Python<'_>, work: ClusterWork) -> PyResult<ClusterEnd> {
    let keywords = PyDict::new(py);
    keywords.set_item("options", work.options)?;
    keywords.set_item("num_cpus", work.num_cpus)?;
    keywords.set_item("num_gpus", work.num_gpus)?;
    keywords.set_item("retries", work.retries)?;
    keywords.set_item("address", work.address)?;
    let live = py.import("tella.ray")?.getattr("_live_until_signal")?;
    type Failures = Vec<(PathBuf, u64, Option<u8>, String)>;
    let (failures, signal): (Failures, _) =
        live.call((work.lifetimes,), Some(&keywords))?.extract()?;
    let failure = |(run, lifetime, exit, message)| ClusterFailure { run, lifetime, exit, message };
    Ok(ClusterEnd { failures: failures.into_iter().map(failure).collect(), signal })
}
