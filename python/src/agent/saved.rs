//! An agent's state: what its own `save` gives, else the whole object, pickled.

use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};
use tella_agents::AgentState;

/// The state. An agent's own `save` gives bytes, its learned state, or a pair of bytes, learned and
/// transient state. A pickle does not tell the two apart and is kept as transient.
///
/// # Errors
///
/// Where the agent cannot be saved.
pub(super) fn save(agent: &Bound<'_, PyAny>, own_state: bool) -> PyResult<AgentState> {
    let py = agent.py();
    if own_state {
        let state = agent.call_method0(intern!(py, "save"))?;
        if let Ok((learned, transient)) = state.extract::<(Vec<u8>, Vec<u8>)>() {
            return Ok(AgentState { learned, transient });
        }
        let Ok(learned) = state.cast::<PyBytes>() else {
            return Err(PyTypeError::new_err(format!(
                "save returned {}; bytes or a pair of bytes are expected",
                crate::value::shown(&state)
            )));
        };
        return Ok(AgentState { learned: learned.as_bytes().to_vec(), transient: Vec::new() });
    }
    let pickle = py.import(intern!(py, "pickle"))?;
    let bytes = pickle.call_method1(intern!(py, "dumps"), (agent,))?;
    let transient = bytes.cast::<PyBytes>()?.as_bytes().to_vec();
    Ok(AgentState { learned: Vec::new(), transient })
}

/// The agent with `state` taken back: the same object, where that can be.
pub(super) fn restore(
    agent: &Bound<'_, PyAny>,
    own_state: bool,
    state: &AgentState,
) -> PyResult<Py<PyAny>> {
    let py = agent.py();
    if own_state {
        let learned = PyBytes::new(py, &state.learned);
        match state.transient.is_empty() {
            true => agent.call_method1(intern!(py, "restore"), (learned,))?,
            false => {
                let state = (learned, PyBytes::new(py, &state.transient));
                agent.call_method1(intern!(py, "restore"), (state,))?
            }
        };
        return Ok(agent.clone().unbind());
    }
    let bytes = PyBytes::new(py, &state.transient);
    let new = py.import(intern!(py, "pickle"))?.call_method1(intern!(py, "loads"), (bytes,))?;
    let attributes = intern!(py, "__dict__");
    if let (Ok(old), Ok(new)) = (agent.getattr(attributes), new.getattr(attributes))
        && let (Ok(old), Ok(new)) = (old.cast::<PyDict>(), new.cast::<PyDict>())
    {
        old.clear();
        old.update(new.as_mapping())?;
        return Ok(agent.clone().unbind());
    }
    Ok(new.unbind())
}
