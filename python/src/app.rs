//! The harness as the Python package assembles it: the built-in rooms, then what Python adds.

use crate::agent::{HandedAgents, NamedAgents};
use crate::env::NamedEnvs;
use crate::failure::Failures;
use pyo3::prelude::*;
use std::collections::BTreeMap;
use std::ffi::OsString;
use tella::App;
use tella_agents::AgentRegistry;

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

/// The application for a program in Python that calls it: with curricula and agents that the program
/// hands over, workers that find the modules that it finds, and its interpreter's signals.
pub(crate) fn guest(
    py: Python<'_>,
    curricula: BTreeMap<String, String>,
    agents: Vec<(String, Py<PyAny>)>,
    failures: Failures,
) -> PyResult<App> {
    let mut app = app(py)?;
    if !agents.is_empty() {
        // They are asked before all others, which may have their names.
        let others = std::mem::replace(&mut app.agents, AgentRegistry::empty());
        app.agents.add(HandedAgents { agents, failures });
        app.agents.extend(others);
    }
    app.curricula = curricula;
    let paths: Bound<'_, PyAny> = py.import("sys")?.getattr("path")?;
    let start = format!(
        "import sys; sys.path[:] = {}; from tella._worker import main; sys.exit(main())",
        paths.repr()?
    );
    app.worker.truncate(1);
    app.worker.extend(["-c".into(), start.into()]);
    // Only the main thread is told of Ctrl-C; in others this says no.
    app.interrupted = Some(Box::new(|| Python::attach(|py| py.check_signals().is_err())));
    Ok(app)
}

/// Whether `name` is one that only Python can know: `module:Class`, `path/file.py:Class`.
pub(crate) fn is_pythons(name: &str) -> bool {
    matches!(name.rsplit_once(':'), Some((module, class)) if !module.is_empty() && !class.is_empty())
}
