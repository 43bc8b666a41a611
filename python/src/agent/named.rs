//! Agents by name: `module:Class` and `path/file.py:Class`.

use super::PyAgent;
use crate::app::is_pythons;
use crate::failure::Failures;
use crate::{params, space};
use pyo3::prelude::*;
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
        let mut params = vec![ParamSpec {
            name: CONFIG_FILE.into(),
            kind: ParamKind::Text,
            default: ParamValue::Text(String::new()),
            help: "Path of a configuration file, which the agent reads.".into(),
        }];
        // What cannot be imported has no parameters; making it says why.
        params.extend(Python::attach(|py| own_params(py, name)).unwrap_or_default());
        Some(AgentSpec { name: name.into(), summary: "An agent in Python.".into(), params })
    }

    fn is_foreign(&self) -> bool {
        true
    }

    fn find(&self, name: &str) -> Result<(), AgentError> {
        Python::attach(|py| {
            let found = agents(py).and_then(|agents| agents.call_method1("check", (name,)));
            found.map(drop).map_err(|error| failed(py, error))
        })
    }

    fn make(&self, name: &str, init: &AgentInit<'_>) -> Result<Box<dyn Agent>, AgentError> {
        Python::attach(|py| {
            let agent = make(py, name, init).map_err(|error| failed(py, error))?;
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

fn own_params(py: Python<'_>, name: &str) -> PyResult<Vec<ParamSpec>> {
    params::declare_all(&agents(py)?.call_method1("parameters", (name,))?)
}

fn make(py: Python<'_>, name: &str, init: &AgentInit<'_>) -> PyResult<PyAgent> {
    let mut keywords = init.config.clone();
    let config_file = match keywords.remove(CONFIG_FILE) {
        Some(ParamValue::Text(path)) => path,
        _ => String::new(),
    };
    let object = agents(py)?.call_method1(
        "make",
        (
            name,
            init.rng_seed,
            space::to_python(py, init.observation_space)?,
            space::to_python(py, init.action_space)?,
            init.num_envs,
            config_file,
            params::to_kwargs(py, &keywords)?,
        ),
    )?;
    PyAgent::new(object, init.action_space, init.num_envs, Failures::default())
}
