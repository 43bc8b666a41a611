//! Parameters that all agents here share.

use crate::stack::Declaration;
use tch::Device;
use tella_agents::AgentError;
use tella_envs::{Params, Space, float_param, text_param};

pub(super) fn number(config: &Params, name: &str) -> Result<f64, AgentError> {
    Ok(float_param(config, name)?)
}

/// The stack, where one is declared.
pub(super) fn stack(config: &Params) -> Result<Option<Declaration>, AgentError> {
    let text = text_param(config, "stack")?;
    if text.trim().is_empty() {
        return Ok(None);
    }
    let declared = Declaration::from_yaml(text, "agent.stack");
    declared.map(Some).map_err(|e| AgentError::Failed(e.to_string()))
}

/// Whether the stack's memory goes on over the ends of episodes.
pub(super) fn reads_lifetime(config: &Params) -> Result<bool, AgentError> {
    Ok(text_param(config, "history")? == "lifetime")
}

/// The device, to be asked for before anything else of libtorch is.
pub(super) fn device(config: &Params) -> Result<Device, AgentError> {
    // Sums on one thread come out the same everywhere, and lifetimes side by side share the processors.
    tch::set_num_threads(1);
    crate::device(text_param(config, "device")?).map_err(|e| AgentError::Failed(e.to_string()))
}

/// Number and smallest value of the actions of a `Discrete` space.
pub(super) fn discrete_actions(agent: &str, space: &Space) -> Result<(i64, i64), AgentError> {
    match *space {
        Space::Discrete { n, start } if (1..=1 << 20).contains(&n) => Ok((n, start)),
        ref other => Err(AgentError::Failed(format!(
            "`{agent}` needs a Discrete action space of at most {} actions, this one is {other}",
            1 << 20
        ))),
    }
}
