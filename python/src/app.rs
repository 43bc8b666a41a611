//! The harness as the Python package assembles it: the built-in rooms, then what Python adds.

use crate::agent::NamedAgents;
use crate::env::NamedEnvs;
use pyo3::prelude::*;
use std::ffi::OsString;
use tella::App;

/// The application whose agents and environments may be Python's, by name.
pub(crate) fn app(py: Python<'_>) -> PyResult<App> {
    let mut app = App::builtin();
    app.agents.add(NamedAgents);
    app.envs.add(NamedEnvs);
    let interpreter: OsString = py.import("sys")?.getattr("executable")?.extract()?;
    app.worker = vec![interpreter, "-m".into(), "tella._worker".into()];
    // One thread state for a whole lifetime: what Python keeps by thread stays, and entering
    // costs less.
    app.around_lifetime = Some(Box::new(|live| Python::attach(|py| py.detach(live))));
    Ok(app)
}

/// Whether `name` is one that only Python can know: `module:Class`, `path/file.py:Class`.
pub(crate) fn is_pythons(name: &str) -> bool {
    matches!(name.rsplit_once(':'), Some((module, class)) if !module.is_empty() && !class.is_empty())
}
