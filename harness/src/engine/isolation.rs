//! Evaluation isolation: an agent leaves an evaluation block as it entered it.

use serde::{Deserialize, Serialize};
use tella_agents::{Agent, AgentError, AgentState};

/// What was seen of an agent around its evaluation blocks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IsolationReport {
    /// The agent cannot be saved: whether it learns in evaluation is not known.
    pub unverified: bool,
    /// Numbers of the evaluation blocks after which the `learned` state was another.
    pub learned_in_evaluation: Vec<u64>,
}

/// The agent's state on entering an evaluation block, where it can be saved.
pub(super) fn enter(agent: &dyn Agent, report: &mut IsolationReport) -> Option<AgentState> {
    let state = agent.save();
    report.unverified |= state.is_none();
    state
}

/// Compares and restores on leaving evaluation block `block`.
pub(super) fn leave(
    agent: &mut dyn Agent,
    entered: &AgentState,
    block: u64,
    report: &mut IsolationReport,
) -> Result<(), AgentError> {
    match agent.save() {
        Some(left) if left.learned != entered.learned => report.learned_in_evaluation.push(block),
        Some(_) => {}
        None => report.unverified = true,
    }
    agent.restore(entered)
}
