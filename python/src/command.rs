//! The command line, in this process: whole, as the command `tella`, and for programs that want
//! its answers.

use crate::app::{app, guest};
use crate::failure::Failures;
use crate::metric;
use pyo3::prelude::*;
use std::collections::BTreeMap;
use std::ffi::OsString;
use tella::cli::CliError;
use tella::engine::Fault;
use tella::{cli, run};

/// Runs the command line `argv` (program name first); its exit code.
#[pyfunction]
pub(crate) fn main(py: Python<'_>, argv: Vec<OsString>) -> PyResult<u8> {
    let app = app(py)?;
    Ok(py.detach(|| {
        let code = cli::run_args(app, argv);
        if run::any_given_up() {
            // A thread hangs in Python code, perhaps without ever letting go of the interpreter:
            // nothing of Python's can be waited for.
            run::exit_at_once(code);
        }
        code
    }))
}

/// Exit code, standard output, warnings, and what an agent raised.
type Answered = (u8, String, Vec<String>, Option<Py<PyAny>>);

/// See `python/tella/_native.pyi`.
#[pyfunction]
pub(crate) fn answer(
    py: Python<'_>,
    argv: Vec<OsString>,
    curricula: BTreeMap<String, String>,
    agents: Vec<(String, Py<PyAny>)>,
) -> PyResult<Answered> {
    let failures = Failures::default();
    let app = guest(py, curricula, agents, failures.clone())?;
    let argv = std::iter::once("tella".into()).chain(argv);
    metric::forget_what_was_raised();
    let answered = py.detach(|| cli::answer(app, argv));
    if let Some(error) = metric::raised() {
        return Err(error);
    }
    let raised = failures.take();
    let answer = answered.map_err(|error| {
        let refusal = refused(error);
        refusal.set_cause(py, raised.as_ref().map(|error| error.clone_ref(py)));
        refusal
    })?;
    let out = String::from_utf8_lossy(&answer.out).into_owned();
    let raised = raised.map(|error| error.into_value(py).into_any());
    Ok((answer.exit as u8, out, answer.warnings, raised))
}

/// A refusal as the exception that it is, with the command's text.
pub(crate) fn refused(error: impl Into<CliError>) -> PyErr {
    let error: CliError = error.into();
    let hint = error.hint.as_ref().map_or_else(String::new, |hint| format!("\nhint: {hint}"));
    let told = (format!("{}{hint}", error.message), error.exit as u8, error.has_places());
    Python::attach(|py| {
        let refusal = py.import("tella._api.call").and_then(|call| call.getattr("refusal"));
        refusal
            .and_then(|refusal| refusal.call1(told))
            .map_or_else(|error| error, PyErr::from_value)
    })
}

/// See `python/tella/_native.pyi`.
#[pyfunction]
pub(crate) fn describe_fault(fault: &str) -> PyResult<String> {
    let fault: Fault = serde_json::from_str(fault)
        .map_err(|error| pyo3::exceptions::PyValueError::new_err(error.to_string()))?;
    Ok(fault.to_string())
}
