//! A run folder written in another format.

use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;
use std::path::PathBuf;
use tella_events::convert::{Format, export as convert};

/// See `python/tella/_native.pyi`.
#[pyfunction]
pub(crate) fn export(
    py: Python<'_>,
    run: PathBuf,
    format: &str,
    out: PathBuf,
) -> PyResult<Vec<PathBuf>> {
    let Some(format) = Format::ALL.into_iter().find(|known| known.name() == format) else {
        let names: Vec<&str> = Format::ALL.iter().map(|known| known.name()).collect();
        let known = names.join(", ");
        return Err(PyValueError::new_err(format!("`{format}` is no format; known: {known}")));
    };
    py.detach(|| convert(run, format, out)).map_err(|error| PyOSError::new_err(error.to_string()))
}
