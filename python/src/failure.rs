//! Exceptions of the user's code: in words for the engine, and kept as they are for whoever
//! called with live objects.

use pyo3::exceptions::{PyKeyboardInterrupt, PyRuntimeError};
use pyo3::intern;
use pyo3::prelude::*;
use std::sync::{Arc, Mutex, PoisonError};

pyo3::create_exception!(
    tella._native,
    LifetimeFault,
    PyRuntimeError,
    "A lifetime ended with a fault."
);

/// The last exception of the agent or the environments of a lifetime.
#[derive(Clone, Default)]
pub(crate) struct Failures(Arc<Mutex<Option<PyErr>>>);

impl Failures {
    /// The exception in words, the user's own frames first; it is kept.
    pub(crate) fn keep(&self, py: Python<'_>, error: PyErr) -> String {
        let words = describe(py, &error);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        words
    }

    /// The exception that was kept last.
    pub(crate) fn take(&self) -> Option<PyErr> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Whether the user pressed Ctrl-C in the middle of Python code.
    pub(crate) fn interrupted(&self, py: Python<'_>) -> bool {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().is_some_and(|e| e.is_instance_of::<PyKeyboardInterrupt>(py))
    }
}

/// An exception in words.
pub(crate) fn describe(py: Python<'_>, error: &PyErr) -> String {
    let described = py
        .import(intern!(py, "tella._failure"))
        .and_then(|module| module.getattr(intern!(py, "describe")))
        .and_then(|describe| describe.call1((error.value(py), error.traceback(py))))
        .and_then(|words| words.extract::<String>());
    // What is so broken that it cannot be described still has a type.
    described.unwrap_or_else(|_| error.get_type(py).to_string())
}
