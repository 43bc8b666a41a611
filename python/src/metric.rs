//! Metrics that are functions in Python.

use crate::arrow::{Table, of_experiences};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::sync::{Mutex, PoisonError};
use tella_metrics::added::{Words, add};
use tella_metrics::definition::{Better, Measured, Undefined};
use tella_metrics::{Experiences, Origin};

/// What a function raised first since somebody asked. The measures of a command cannot carry it.
static RAISED: Mutex<Option<PyErr>> = Mutex::new(None);

/// From now on only what is raised later counts.
pub(crate) fn forget_what_was_raised() {
    *RAISED.lock().unwrap_or_else(PoisonError::into_inner) = None;
}

/// What a function raised.
pub(crate) fn raised() -> Option<PyErr> {
    RAISED.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// See `python/tella/_native.pyi`.
#[pyfunction]
pub(crate) fn add_metric(
    name: String,
    meaning: String,
    unit: String,
    lower_is_better: bool,
    measure: Py<PyAny>,
) -> PyResult<()> {
    let better = if lower_is_better { Better::Lower } else { Better::Higher };
    let words = Words { name: name.clone(), meaning, unit, better };
    let of_log = move |log: &Experiences| {
        Python::attach(|py| {
            call(measure.bind(py), log).unwrap_or_else(|error| {
                let (place, none) = (origin(log), Undefined::from("its function raised"));
                // Python 3.10 has no notes.
                let note = format!("in metric `{name}`{place}");
                let _ = error.value(py).call_method1("add_note", (note,));
                let mut raised = RAISED.lock().unwrap_or_else(PoisonError::into_inner);
                raised.get_or_insert(error);
                Measured::of_lifetime(Err(none))
            })
        })
    };
    add(words, Box::new(of_log)).map_err(|error| PyValueError::new_err(error.to_string()))
}

fn origin(log: &Experiences) -> String {
    match &log.origin {
        Origin::Unknown => String::new(),
        Origin::File(path) => format!(" of {}", path.display()),
        Origin::Lines { files, .. } => {
            files.first().map_or_else(String::new, |file| format!(" of {}", file.display()))
        }
    }
}

/// A number, a number for each task, or None where it is undefined.
fn call(measure: &Bound<'_, PyAny>, log: &Experiences) -> PyResult<Measured> {
    let table = of_experiences(log).map_err(|error| PyValueError::new_err(error.to_string()))?;
    let answer = measure.call1((Table::from(table),))?;
    if answer.is_none() {
        return Ok(Measured::of_lifetime(Err("its function says that it has no value".into())));
    }
    if let Ok(tasks) = answer.cast::<PyDict>() {
        let mut values = Vec::new();
        for (task, value) in tasks {
            values.push((task.extract::<String>()?, value.extract::<f64>()?));
        }
        return Ok(Measured::of_tasks(values));
    }
    match answer.extract::<f64>() {
        Ok(value) => Ok(Measured::of_number(value)),
        Err(_) => Err(PyTypeError::new_err(format!(
            "a metric is a number, a dictionary of numbers by task, or None, not {}",
            crate::value::shown(&answer)
        ))),
    }
}
