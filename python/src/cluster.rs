//! Lifetimes on a Ray cluster: the harness asks, `tella.ray` does it.

use crate::failure::describe;
use pyo3::exceptions::{PyImportError, PyKeyboardInterrupt};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use tella::{Cluster, ClusterWork};

/// What the application is told of clusters.
pub(crate) fn cluster() -> Cluster {
    Box::new(|work| {
        Python::attach(|py| {
            let lived = live(py, work);
            if lived.as_ref().is_err_and(|e| e.is_instance_of::<PyKeyboardInterrupt>(py)) {
                return Ok(vec![
                    "stopped by Ctrl-C; what was begun can be gone on with".to_owned(),
                ]);
            }
            lived.map_err(|error| match error.is_instance_of::<PyImportError>(py) {
                true => error.value(py).to_string(),
                false => describe(py, &error),
            })
        })
    })
}

fn live(py: Python<'_>, work: ClusterWork) -> PyResult<Vec<String>> {
    let keywords = PyDict::new(py);
    keywords.set_item("options", work.options)?;
    keywords.set_item("num_cpus", work.num_cpus)?;
    keywords.set_item("num_gpus", work.num_gpus)?;
    keywords.set_item("retries", work.retries)?;
    keywords.set_item("address", work.address)?;
    let live = py.import("tella.ray")?.getattr("live")?;
    live.call((work.lifetimes,), Some(&keywords))?.extract()
}
