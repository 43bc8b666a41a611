//! Parameters that all agents here share.

use crate::NnError;
use crate::stack::{Declaration, Problem};
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
    declared.map(Some).map_err(|e| AgentError::Failed(in_a_line(&e)))
}

/// An error as part of a sentence: hints behind what they are hints to.
fn in_a_line(error: &NnError) -> String {
    let NnError::Declaration(problems) = error else { return error.to_string() };
    let told = |Problem { file, line, column, message, hint }: &Problem| {
        let hint = hint.as_ref().map_or(String::new(), |hint| format!(" ({hint})"));
        format!("{file}:{line}:{column}: {message}{hint}")
    };
    problems.iter().map(told).collect::<Vec<_>>().join("; ")
}

/// Whether the stack's memory goes on over the ends of episodes.
pub(super) fn reads_lifetime(config: &Params) -> Result<bool, AgentError> {
    match text_param(config, "history")? == "lifetime" {
        true if stack(config)?.is_none() => Err(AgentError::Failed(
            "`history=lifetime` is what a `stack` remembers, and none is declared: without one nothing is remembered; declare \
             `stack`, or leave `history` out"
                .to_owned(),
        )),
        reads_lifetime => Ok(reads_lifetime),
    }
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
