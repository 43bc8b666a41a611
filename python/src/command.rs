//! The whole command line, in this process.

use crate::app::app;
use pyo3::prelude::*;
use std::ffi::OsString;
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
