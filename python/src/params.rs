//! Parameters between the engine and keyword arguments.

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyString};
use tella_envs::{ParamKind, ParamSpec, ParamValue, Params};

/// Parameters as keyword arguments.
pub(crate) fn to_kwargs<'py>(py: Python<'py>, params: &Params) -> PyResult<Bound<'py, PyDict>> {
    let kwargs = PyDict::new(py);
    for (name, value) in params {
        match value {
            ParamValue::Bool(x) => kwargs.set_item(name, x)?,
            ParamValue::Int(x) => kwargs.set_item(name, x)?,
            ParamValue::Float(x) => kwargs.set_item(name, x)?,
            ParamValue::Text(x) => kwargs.set_item(name, x)?,
        }
    }
    Ok(kwargs)
}

/// A keyword parameter and its default, as a declaration; `None` where the default is none that
/// the engine has (an integer beyond 64 bits, a number that is not finite).
pub(crate) fn declare(name: &str, default: &Bound<'_, PyAny>) -> Option<ParamSpec> {
    let help = "keyword parameter of the constructor";
    if default.is_exact_instance_of::<PyBool>() {
        Some(ParamSpec::bool(name, default.extract().ok()?, help))
    } else if default.is_exact_instance_of::<PyInt>() {
        Some(ParamSpec::int(name, default.extract().ok()?, i64::MIN, i64::MAX, help))
    } else if default.is_exact_instance_of::<PyFloat>() {
        let default = default.extract().ok().filter(|x: &f64| x.is_finite())?;
        Some(ParamSpec::float(name, default, f64::NEG_INFINITY, f64::INFINITY, help))
    } else if default.is_exact_instance_of::<PyString>() {
        let default = ParamValue::Text(default.extract().ok()?);
        Some(ParamSpec { name: name.into(), kind: ParamKind::Text, default, help: help.into() })
    } else {
        None
    }
}

/// The declarations in what the Python side lists: names with defaults.
pub(crate) fn declare_all(listed: &Bound<'_, PyAny>) -> PyResult<Vec<ParamSpec>> {
    let mut specs = Vec::new();
    for pair in listed.try_iter()? {
        let (name, default): (String, Bound<'_, PyAny>) = pair?.extract()?;
        specs.extend(declare(&name, &default));
    }
    Ok(specs)
}
