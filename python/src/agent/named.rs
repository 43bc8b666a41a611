//! Agents by name: `module:Class` and `path/file.py:Class`.

use super::PyAgent;
use crate::app::is_pythons;
use crate::failure::Failures;
use crate::{params, space};
use pyo3::prelude::*;
use pyo3::types::PyString;
use tella_agents::{Agent, AgentError, AgentInit, AgentResolver, AgentSpec, CONFIG_FILE};
use tella_envs::{ParamKind, ParamSpec, ParamValue};

/// Knows every name that is one of Python's.
pub(crate) struct NamedAgents;

impl AgentResolver for NamedAgents {
    fn specs(&self) -> Vec<AgentSpec> {
        Vec::new()
    }

    fn spec(&self, name: &str) -> Option<AgentSpec> {
        if !is_pythons(name) {
            return None;
        }
        Some(Python::attach(|py| spec(name, &PyString::new(py, name))))
    }

    fn is_foreign(&self) -> bool {
        true
    }

    fn find(&self, name: &str) -> Result<(), AgentError> {
        Python::attach(|py| check(&PyString::new(py, name)).map_err(|error| failed(py, error)))
    }

    fn make(&self, name: &str, init: &AgentInit<'_>) -> Result<Box<dyn Agent>, AgentError> {
        Python::attach(|py| {
            let agent = make(&PyString::new(py, name), init, Failures::default());
            let agent = agent.map_err(|error| failed(py, error))?;
            Ok(Box::new(agent) as Box<dyn Agent>)
        })
    }
}

fn agents(py: Python<'_>) -> PyResult<Bound<'_, PyModule>> {
    py.import("tella._agents")
}

fn failed(py: Python<'_>, error: PyErr) -> AgentError {
    AgentError::Failed(Failures::default().keep(py, error))
}

/// What is known of the agent that a name or a class stands for.
pub(super) fn spec(name: &str, made_by: &Bound<'_, PyAny>) -> AgentSpec {
    let mut params = vec![ParamSpec {
        name: CONFIG_FILE.into(),
        kind: ParamKind::Text,
        default: ParamValue::Text(String::new()),
        help: "Path of a configuration file, which the agent reads.".into(),
    }];
    // What cannot be imported has no parameters; making it says why.
    params.extend(own_params(made_by).unwrap_or_default());
    AgentSpec { name: name.into(), summary: "An agent in Python.".into(), params }
}

fn own_params(made_by: &Bound<'_, PyAny>) -> PyResult<Vec<ParamSpec>> {
    params::declare_all(&agents(made_by.py())?.call_method1("parameters", (made_by,))?)
}

/// Raises where a name or a class makes no agents.
pub(super) fn check(made_by: &Bound<'_, PyAny>) -> PyResult<()> {
    agents(made_by.py())?.call_method1("check", (made_by,)).map(drop)
}

/// An agent by a name or a class.
pub(super) fn make(
    made_by: &Bound<'_, PyAny>,
    init: &AgentInit<'_>,
    failures: Failures,
) -> PyResult<PyAgent> {
    let py = made_by.py();
    let mut keywords = init.config.clone();
    let config_file = match keywords.remove(CONFIG_FILE) {
        Some(ParamValue::Text(path)) => path,
        _ => String::new(),
    };
    let object = agents(py)?.call_method1(
        "make",
        (
            made_by,
            init.rng_seed,
            space::to_python(py, init.observation_space)?,
            space::to_python(py, init.action_space)?,
            init.num_envs,
            config_file,
            params::to_kwargs(py, &keywords)?,
        ),
    )?;
    PyAgent::new(object, init.action_space, init.num_envs, failures)
}
