//! One lifetime with live objects, in the calling thread.

use crate::agent::PyAgent;
use crate::app::is_pythons;
use crate::env::{NamedEnvs, PyEnvs};
use crate::failure::{Failures, LifetimeFault};
use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tella::App;
use tella::run::{LifetimeReport, LiveSpec, PlanError, live_here};
use tella_agents::{Agent, AgentError, AgentInit, AgentResolver, AgentSpec};
use tella_curricula::{Document, MAX_EPISODE_STEPS, lifetime_seeds};
use tella_envs::{EnvError, EnvResolver, EnvSpec, ParamError, Params, VecEnv};

/// What stands before the key of a live environment.
const PREFIX: &str = "live:";

/// The seed of a lifetime as TELLA draws it from an experiment's.
#[pyfunction]
pub(crate) fn lifetime_seed(experiment_seed: u64, lifetime: u64) -> u64 {
    lifetime_seeds(experiment_seed, lifetime)
}

/// See `python/tella/_native.pyi`.
#[pyfunction]
#[pyo3(signature = (
    curriculum, agent, envs, out, *, num_envs=1, agent_name=None, agent_seed=None,
    curriculum_seed=None, strict=true, render=false, transitions=false,
    max_episode_steps=MAX_EPISODE_STEPS, force=false,
))]
#[expect(clippy::too_many_arguments, reason = "keywords of a Python function")]
pub(crate) fn run_live<'py>(
    py: Python<'py>,
    curriculum: &str,
    agent: Bound<'py, PyAny>,
    envs: Bound<'py, PyAny>,
    out: PathBuf,
    num_envs: usize,
    agent_name: Option<String>,
    agent_seed: Option<u64>,
    curriculum_seed: Option<u64>,
    strict: bool,
    render: bool,
    transitions: bool,
    max_episode_steps: u64,
    force: bool,
) -> PyResult<Bound<'py, PyAny>> {
    if num_envs == 0 {
        return Err(PyValueError::new_err("num_envs is 0; at least 1 is needed"));
    }
    let failures = Failures::default();
    let agent_name = match agent_name {
        Some(name) => name,
        None => agent.get_type().name()?.to_string(),
    };
    let mut app = App::builtin();
    let live = LiveAgent {
        name: agent_name.clone(),
        object: Mutex::new(Some(agent.unbind())),
        failures: failures.clone(),
    };
    // It is asked before the built-in agents, which may have its name.
    app.agents = tella_agents::AgentRegistry::empty();
    app.agents.add(live);
    app.envs.add(LiveEnvs { envs: envs.unbind(), strict, failures: failures.clone() });
    app.envs.add(NamedEnvs);
    let document = Document::from_explicit_text(curriculum, "curriculum")
        .map_err(|found| PyValueError::new_err(found.to_string()))?;
    let spec = LiveSpec {
        agent: agent_name,
        agent_seed,
        curriculum_seed,
        num_envs,
        max_episode_steps,
        render,
        transitions,
        force,
    };
    let lived = py.detach(|| {
        let interrupted = || Python::attach(|py| failures.interrupted(py));
        live_here(Arc::new(app), spec, document, &out, &interrupted)
    });
    let report = lived.map_err(refused)?;
    if let Some(error) = failures.take()
        && report.end != tella::run::End::Complete
    {
        return Err(error);
    }
    tell(py, &report, &out)
}

fn refused(error: PlanError) -> PyErr {
    match error {
        PlanError::Curriculum(found) => PyValueError::new_err(found.to_string()),
        other => PyOSError::new_err(other.to_string()),
    }
}

/// The report as a dictionary, or the exception of a lifetime that did not come to its end.
fn tell<'py>(
    py: Python<'py>,
    report: &LifetimeReport,
    out: &std::path::Path,
) -> PyResult<Bound<'py, PyAny>> {
    let told = py.import("json")?.call_method1("loads", (report.to_json().to_string(),))?;
    if let Some(fault) = &report.fault {
        let error = LifetimeFault::new_err(fault.to_string());
        error.value(py).setattr("fault", told.get_item("fault")?)?;
        return Err(error);
    }
    if let Some(message) = &report.message {
        return Err(PyOSError::new_err(message.clone()));
    }
    let told = told.cast_into::<PyDict>()?;
    told.set_item("run", PyString::new(py, &out.to_string_lossy()))?;
    Ok(told.into_any())
}

/// The one agent there is.
struct LiveAgent {
    name: String,
    /// Taken by the one lifetime.
    object: Mutex<Option<Py<PyAny>>>,
    failures: Failures,
}

impl AgentResolver for LiveAgent {
    fn specs(&self) -> Vec<AgentSpec> {
        vec![AgentSpec {
            name: self.name.clone(),
            summary: "A live object.".into(),
            params: Vec::new(),
        }]
    }

    fn make(&self, _: &str, init: &AgentInit<'_>) -> Result<Box<dyn Agent>, AgentError> {
        let object = self.object.lock().unwrap_or_else(PoisonError::into_inner).take();
        let object =
            object.ok_or_else(|| AgentError::Failed("a live agent has one lifetime".into()))?;
        Python::attach(|py| {
            let agent = object.into_bound(py);
            match PyAgent::new(agent, init.action_space, init.num_envs, self.failures.clone()) {
                Ok(agent) => Ok(Box::new(agent) as Box<dyn Agent>),
                Err(error) => Err(AgentError::Failed(self.failures.keep(py, error))),
            }
        })
    }
}

/// Environments made by calling what the caller handed over.
struct LiveEnvs {
    /// A mapping from keys to what makes an environment.
    envs: Py<PyAny>,
    strict: bool,
    failures: Failures,
}

impl EnvResolver for LiveEnvs {
    fn specs(&self) -> Vec<EnvSpec> {
        Vec::new()
    }

    fn spec(&self, name: &str) -> Option<EnvSpec> {
        let ours = name.starts_with(PREFIX) && is_pythons(name);
        ours.then(|| EnvSpec {
            name: name.into(),
            summary: "A live object.".into(),
            params: Vec::new(),
            continuing: false,
        })
    }

    /// They are for the log alone.
    fn resolve_params(&self, _: &str, given: &Params) -> Result<Params, Vec<ParamError>> {
        Ok(given.clone())
    }

    fn make(
        &self,
        name: &str,
        _: &Params,
        lanes: usize,
        _threads: usize,
    ) -> Result<Box<dyn VecEnv>, EnvError> {
        Python::attach(|py| {
            let key = name.strip_prefix(PREFIX).unwrap_or(name);
            let make = self.envs.bind(py).get_item(key).map_err(|_| {
                EnvError(format!("no environment was handed over for the key `{key}`"))
            })?;
            match PyEnvs::new(&make, lanes, self.strict, self.failures.clone()) {
                Ok(envs) => Ok(Box::new(envs) as Box<dyn VecEnv>),
                Err(error) => Err(EnvError(self.failures.keep(py, error))),
            }
        })
    }
}
