//! Agents that are Python objects, as the engine sees them.
//!
//! `each` is TELLA's way (a list with one observation or transition for each environment),
//! `batch` the way of agents that take whole batches; `saved` is how an agent is saved and
//! restored, `named` makes one by its name, `handed` of a class that was handed over.

mod batch;
mod each;
mod handed;
mod named;
mod saved;

pub(crate) use handed::HandedAgents;
pub(crate) use named::NamedAgents;

use crate::failure::{Failures, describe};
use batch::Batches;
use each::Each;
use pyo3::intern;
use pyo3::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use tella_agents::{Agent, AgentError, AgentState, Transitions};
use tella_envs::{Batch, Space};

/// An agent that is a Python object.
pub(crate) struct PyAgent {
    object: Py<PyAny>,
    /// The space of the variant's actions.
    action_space: Space,
    actions: Batch,
    way: Way,
    own_state: bool,
    /// It was told why the agent cannot be saved.
    unsaved: AtomicBool,
    failures: Failures,
}

/// How the agent is called at every step.
enum Way {
    Each(Each),
    Batches(Batches),
}

impl PyAgent {
    /// The agent `object` for `num_envs` environments.
    pub(crate) fn new(
        object: Bound<'_, PyAny>,
        action_space: &Space,
        num_envs: usize,
        failures: Failures,
    ) -> PyResult<Self> {
        let agents = object.py().import(intern!(object.py(), "tella._agents"))?;
        let hooks: Vec<String> = agents.getattr("BATCH_HOOKS")?.extract()?;
        let batched = hooks.iter().all(|hook| object.hasattr(hook.as_str()).unwrap_or(false));
        let own_state = agents.call_method1("has_own_state", (&object,))?.is_truthy()?;
        let way = match batched {
            true => Way::Batches(Batches::default()),
            false => Way::Each(Each::new(object.py())?),
        };
        Ok(PyAgent {
            action_space: action_space.clone(),
            actions: Batch::new(action_space, num_envs),
            object: object.unbind(),
            way,
            own_state,
            unsaved: AtomicBool::new(false),
            failures,
        })
    }

    /// Calls the agent.
    fn tell(
        &self,
        call: impl for<'py> FnOnce(&Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>>,
    ) -> Result<(), AgentError> {
        Python::attach(|py| match call(self.object.bind(py)) {
            Ok(_) => Ok(()),
            Err(error) => Err(self.raised(py, error)),
        })
    }

    fn raised(&self, py: Python<'_>, error: PyErr) -> AgentError {
        AgentError::Failed(self.failures.keep(py, error))
    }

    /// Says once, among what the agent prints, why it cannot be saved; that it cannot is the engine's
    /// to tell.
    fn cannot_be_saved(&self, py: Python<'_>, error: &PyErr) {
        if !self.unsaved.swap(true, Relaxed) {
            let words = format!("the agent cannot be saved: {}\n", describe(py, error));
            let stderr = py.import(intern!(py, "sys")).and_then(|sys| sys.getattr("stderr"));
            // A program may have closed it.
            let _ = stderr.and_then(|stderr| stderr.call_method1(intern!(py, "write"), (words,)));
        }
    }
}

/// An agent with something to end is told that its lifetime is over.
impl Drop for PyAgent {
    fn drop(&mut self) {
        // There may be no interpreter any more.
        Python::try_attach(|py| {
            let agent = self.object.bind(py);
            if agent.get_type().hasattr(intern!(py, "_lifetime_over")).unwrap_or(false)
                && let Err(error) = agent.call_method0(intern!(py, "_lifetime_over"))
            {
                error.write_unraisable(py, Some(agent));
            }
        });
    }
}

/// Why there are no actions.
enum Refusal {
    /// The agent raised.
    Raised(PyErr),
    /// What it answered holds no such action.
    Action { lane: Option<usize>, message: String },
    /// It answered with another number of actions.
    Count(usize),
}

impl From<PyErr> for Refusal {
    fn from(error: PyErr) -> Self {
        Refusal::Raised(error)
    }
}

impl Agent for PyAgent {
    fn set_spaces(&mut self, _observation: &Space, action: &Space) {
        if self.action_space != *action || self.actions.space() != action {
            self.action_space = action.clone();
            self.actions = Batch::new(action, self.actions.lanes());
        }
    }

    fn block_start(&mut self, is_learning_allowed: bool) -> Result<(), AgentError> {
        self.tell(|agent| {
            let py = agent.py();
            // An agent may have no room for it.
            let _ = agent.setattr(intern!(py, "is_learning_allowed"), is_learning_allowed);
            agent.call_method1(intern!(py, "block_start"), (is_learning_allowed,))
        })
    }

    fn task_start(&mut self, task: Option<&str>) -> Result<(), AgentError> {
        self.tell(|agent| agent.call_method1(intern!(agent.py(), "task_start"), (task,)))
    }

    fn task_variant_start(
        &mut self,
        task: Option<&str>,
        variant: Option<&str>,
    ) -> Result<(), AgentError> {
        match &mut self.way {
            Way::Each(each) => each.forget(),
            Way::Batches(batches) => batches.forget(),
        }
        self.tell(|agent| {
            agent.call_method1(intern!(agent.py(), "task_variant_start"), (task, variant))
        })
    }

    fn choose_actions(
        &mut self,
        observations: &Batch,
        active: &[bool],
    ) -> Result<&Batch, AgentError> {
        let chosen = Python::attach(|py| {
            let (agent, actions) = (self.object.bind(py), &mut self.actions);
            let chosen = match &mut self.way {
                Way::Each(each) => each.choose(agent, observations, active, actions),
                Way::Batches(batches) => batches.choose(agent, observations, active, actions),
            };
            chosen.map_err(|refusal| match refusal {
                Refusal::Raised(error) => Err(self.raised(py, error)),
                Refusal::Action { lane, message } => {
                    Err(AgentError::InvalidAction { lane, message })
                }
                Refusal::Count(count) => Ok(count),
            })
        });
        match chosen {
            Ok(()) => {}
            Err(Err(error)) => return Err(error),
            // The engine counts for itself, and says what is wrong.
            Err(Ok(count)) => self.actions = Batch::new(&self.action_space, count),
        }
        Ok(&self.actions)
    }

    fn receive_transitions(&mut self, transitions: Transitions<'_>) -> Result<(), AgentError> {
        Python::attach(|py| {
            let agent = self.object.bind(py);
            let received = match &mut self.way {
                Way::Each(each) => each.receive(agent, &transitions),
                Way::Batches(batches) => batches.receive(agent, &transitions),
            };
            received.map_err(|error| self.raised(py, error))
        })
    }

    fn task_variant_end(
        &mut self,
        task: Option<&str>,
        variant: Option<&str>,
    ) -> Result<(), AgentError> {
        self.tell(|agent| {
            agent.call_method1(intern!(agent.py(), "task_variant_end"), (task, variant))
        })
    }

    fn task_end(&mut self, task: Option<&str>) -> Result<(), AgentError> {
        self.tell(|agent| agent.call_method1(intern!(agent.py(), "task_end"), (task,)))
    }

    fn block_end(&mut self, is_learning_allowed: bool) -> Result<(), AgentError> {
        self.tell(|agent| {
            agent.call_method1(intern!(agent.py(), "block_end"), (is_learning_allowed,))
        })
    }

    fn save(&self) -> Option<AgentState> {
        Python::attach(|py| {
            let saved = saved::save(self.object.bind(py), self.own_state);
            saved.map_err(|error| self.cannot_be_saved(py, &error)).ok()
        })
    }

    fn restore(&mut self, state: &AgentState) -> Result<(), AgentError> {
        Python::attach(|py| {
            let restored = saved::restore(self.object.bind(py), self.own_state, state);
            restored.map(|new| self.object = new).map_err(|error| self.raised(py, error))
        })
    }
}
