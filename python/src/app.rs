//! The harness as the Python package assembles it: the built-in rooms, then what Python adds.

use crate::agent::{HandedAgents, NamedAgents};
use crate::cluster::cluster;
use crate::env::NamedEnvs;
use crate::failure::Failures;
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use std::collections::BTreeMap;
use std::ffi::{OsString, c_long};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
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
    app.cluster = Some(cluster());
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
    let lives = Arc::new(Lives::default());
    let within = Arc::clone(&lives);
    app.around_lifetime = Some(Box::new(move |live| within.around(live)));
    app.interrupted = Some(Box::new(move || lives.interrupted()));
    Ok(app)
}

/// The threads that lifetimes are lived in, and how often the user has pressed Ctrl-C.
#[derive(Default)]
struct Lives {
    threads: Mutex<Vec<c_long>>,
    asked: AtomicBool,
}

impl Lives {
    fn around(&self, live: &mut (dyn FnMut() + Send)) {
        Python::attach(|py| {
            let thread = py
                .import("threading")
                .and_then(|threading| threading.call_method0("get_ident")?.extract::<c_long>());
            self.lock().extend(&thread);
            py.detach(live);
            self.lock().retain(|other| thread.as_ref().ok() != Some(other));
        });
    }

    /// Whether the user wants the run to stop; only the main thread is told of that. Who asks again does
    /// not want to wait for what agents and environments are doing: they are interrupted.
    fn interrupted(&self) -> bool {
        Python::attach(|py| {
            if py.check_signals().is_ok() {
                return false;
            }
            if self.asked.swap(true, Relaxed) {
                let interrupt = py.get_type::<PyKeyboardInterrupt>();
                for thread in self.lock().iter() {
                    // SAFETY: the interpreter is held, and the exception's class lives on.
                    unsafe { pyo3::ffi::PyThreadState_SetAsyncExc(*thread, interrupt.as_ptr()) };
                }
            }
            true
        })
    }

    fn lock(&self) -> MutexGuard<'_, Vec<c_long>> {
        self.threads.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether `name` is one that only Python can know: `module:Class`, `path/file.py:Class`.
pub(crate) fn is_pythons(name: &str) -> bool {
    matches!(name.rsplit_once(':'), Some((module, class)) if !module.is_empty() && !class.is_empty())
}
