//! Native environments by name, with parameters from keyword arguments.

use crate::params::to_kwargs;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyString};
use tella_envs::{Catalog, ParamError, ParamValue, Params, Registry, VecEnv};

/// See `python/tella/_native.pyi`.
#[pyfunction]
pub(crate) fn environments(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let listed = PyDict::new(py);
    for spec in Registry::builtin().specs() {
        let defaults = spec.params.into_iter().map(|param| (param.name, param.default)).collect();
        listed.set_item(spec.name, to_kwargs(py, &defaults)?)?;
    }
    Ok(listed)
}

/// A batch of `name`, and all its parameters.
pub(super) fn make(
    name: &str,
    given: &Bound<'_, PyDict>,
    lanes: usize,
    threads: usize,
) -> PyResult<(Params, Box<dyn VecEnv>)> {
    let registry = Registry::builtin();
    if registry.spec(name).is_none() {
        let hint = registry.nearest(name).map(|near| format!("; did you mean `{near}`?"));
        let hint = hint.unwrap_or_default();
        return Err(PyValueError::new_err(format!("no environment is called `{name}`{hint}")));
    }
    let params = from_kwargs(given)?;
    let params = registry.resolve_params(name, &params).map_err(|errors| {
        let errors: Vec<String> = errors.iter().map(worded).collect();
        PyValueError::new_err(format!("{name}: {}", errors.join("; ")))
    })?;
    let env = registry
        .make(name, &params, lanes, threads)
        .map_err(|error| PyValueError::new_err(format!("{name}: {error}")))?;
    Ok((params, env))
}

fn worded(error: &ParamError) -> String {
    match error.hint() {
        Some(hint) => format!("{error} ({hint})"),
        None => error.to_string(),
    }
}

fn from_kwargs(given: &Bound<'_, PyDict>) -> PyResult<Params> {
    let mut params = Params::new();
    for (name, value) in given {
        let name: String = name.extract()?;
        // NumPy's numbers are Python's once they are taken out of NumPy.
        let value = value.call_method0("item").unwrap_or(value);
        let read = if value.is_instance_of::<PyBool>() {
            value.extract().map(ParamValue::Bool)
        } else if value.is_instance_of::<PyInt>() {
            value.extract().map(ParamValue::Int)
        } else if value.is_instance_of::<PyFloat>() {
            value.extract().map(ParamValue::Float)
        } else if value.is_instance_of::<PyString>() {
            value.extract().map(ParamValue::Text)
        } else {
            let wanted = "a truth value, a number or a text";
            let message = format!("parameter `{name}`: expected {wanted}, found {value}");
            Err(PyValueError::new_err(message))
        };
        params.insert(name, read?);
    }
    Ok(params)
}
