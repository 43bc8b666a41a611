//! Agents of classes and functions that the calling program hands over, by the names it gives them.

use super::named::{check, make, spec};
use crate::failure::Failures;
use pyo3::prelude::*;
use tella_agents::{Agent, AgentError, AgentInit, AgentResolver, AgentSpec};

/// Makes agents in this process, where the classes are.
pub(crate) struct HandedAgents {
    pub(crate) agents: Vec<(String, Py<PyAny>)>,
    pub(crate) failures: Failures,
}

impl HandedAgents {
    fn made_by(&self, name: &str) -> Option<&Py<PyAny>> {
        self.agents.iter().find(|(known, _)| known == name).map(|(_, made_by)| made_by)
    }

    fn with<T>(
        &self,
        name: &str,
        call: impl FnOnce(&Bound<'_, PyAny>) -> PyResult<T>,
    ) -> Result<T, AgentError> {
        let made_by = self.made_by(name);
        let made_by =
            made_by.ok_or_else(|| AgentError::Failed(format!("no agent is called `{name}`")))?;
        Python::attach(|py| {
            let called = call(made_by.bind(py));
            called.map_err(|error| AgentError::Failed(self.failures.keep(py, error)))
        })
    }
}

impl AgentResolver for HandedAgents {
    fn specs(&self) -> Vec<AgentSpec> {
        Vec::new()
    }

    fn spec(&self, name: &str) -> Option<AgentSpec> {
        let made_by = self.made_by(name)?;
        Some(Python::attach(|py| spec(name, made_by.bind(py))))
    }

    fn is_foreign(&self) -> bool {
        true
    }

    fn find(&self, name: &str) -> Result<(), AgentError> {
        self.with(name, check)
    }

    fn make(&self, name: &str, init: &AgentInit<'_>) -> Result<Box<dyn Agent>, AgentError> {
        let agent = self.with(name, |made_by| make(made_by, init, self.failures.clone()))?;
        Ok(Box::new(agent))
    }
}
