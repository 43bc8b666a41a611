//! The `Agent` trait.

use tella_envs::{Batch, EnvError, Space};

/// Why an agent could not go on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AgentError {
    /// It failed, in its own words.
    #[error("{0}")]
    Failed(String),
    /// What it chose cannot be stored as an action at all, so that it is known here.
    #[error("{message}")]
    InvalidAction {
        /// The lane of the action, where it is one lane's.
        lane: Option<usize>,
        /// What is wrong with it.
        message: String,
    },
}

/// Spaces and parameters are read with the tools of `tella_envs`.
impl From<EnvError> for AgentError {
    fn from(error: EnvError) -> Self {
        AgentError::Failed(error.0)
    }
}

/// One step of every environment, as the agent sees it. All slices have one
/// element a lane; where `active` is false the other values mean nothing.
#[derive(Clone, Copy, Debug)]
pub struct Transitions<'a> {
    /// The lanes that took part in the step.
    pub active: &'a [bool],
    /// What the agent saw before acting.
    pub observations: &'a Batch,
    /// What it did.
    pub actions: &'a Batch,
    /// Rewards; `None` where the curriculum hides them (evaluation blocks).
    pub rewards: Option<&'a [f64]>,
    /// A terminal state was reached.
    pub terminated: &'a [bool],
    /// The episode was cut from outside.
    pub truncated: &'a [bool],
    /// What followed; the true terminal observation where an episode ended.
    pub next_observations: &'a Batch,
}

/// An agent's state, in two sections.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgentState {
    /// Weights, tables, buffers: what learning changes. Equal learned states give
    /// equal bytes, so that a change can be seen by comparing.
    pub learned: Vec<u8>,
    /// Random state, hidden state, eligibility traces, counters: what acting changes.
    pub transient: Vec<u8>,
}

impl AgentState {
    /// Bytes of both sections.
    pub fn size(&self) -> u64 {
        (self.learned.len() + self.transient.len()) as u64
    }
}

/// What lives through a curriculum. The hooks are TELLA's, in its nesting order:
/// `block_start`, `task_start`, `task_variant_start`, then `choose_actions` and
/// `receive_transitions` in turn, then the three ends.
///
/// With labels hidden the task and variant hooks do not fire; with labels
/// `boundaries` they fire without names.
pub trait Agent: Send {
    /// The task variant that begins next has these spaces. A curriculum that was checked has
    /// the same in all variants; one that an experiment hands over as it is may not.
    fn set_spaces(&mut self, _observation: &Space, _action: &Space) {}

    /// A block begins. In a block where learning is not allowed nothing in the
    /// `learned` section may change.
    fn block_start(&mut self, _is_learning_allowed: bool) -> Result<(), AgentError> {
        Ok(())
    }

    /// A task block begins.
    fn task_start(&mut self, _task: Option<&str>) -> Result<(), AgentError> {
        Ok(())
    }

    /// A task variant begins; all lanes start new episodes.
    fn task_variant_start(
        &mut self,
        _task: Option<&str>,
        _variant: Option<&str>,
    ) -> Result<(), AgentError> {
        Ok(())
    }

    /// Chooses an action for every lane where `active` holds. The batch returned
    /// has one lane for each lane of `observations`; what it holds in inactive
    /// lanes is ignored. It lives in the agent, so that acting allocates nothing.
    fn choose_actions(
        &mut self,
        observations: &Batch,
        active: &[bool],
    ) -> Result<&Batch, AgentError>;

    /// Sees what its actions led to.
    fn receive_transitions(&mut self, _transitions: Transitions<'_>) -> Result<(), AgentError> {
        Ok(())
    }

    /// The task variant is over; episodes still under way are cut.
    fn task_variant_end(
        &mut self,
        _task: Option<&str>,
        _variant: Option<&str>,
    ) -> Result<(), AgentError> {
        Ok(())
    }

    /// The task block is over.
    fn task_end(&mut self, _task: Option<&str>) -> Result<(), AgentError> {
        Ok(())
    }

    /// The block is over.
    fn block_end(&mut self, _is_learning_allowed: bool) -> Result<(), AgentError> {
        Ok(())
    }

    /// The agent's whole state, or `None` where it cannot be saved.
    fn save(&self) -> Option<AgentState>;

    /// The memory that the agent takes, in bytes; `None` where that is not known. It is
    /// logged at the end of every block.
    ///
    /// As it stands, the size of the saved state: exact, the same on every machine, and
    /// without what a run could do without (caches, reserves, the program itself). An agent
    /// that is dear to save may count instead.
    fn memory(&self) -> Option<u64> {
        self.save().map(|state| state.size())
    }

    /// Takes back a state written by [`Agent::save`] of an agent made with the
    /// same [`crate::AgentInit`].
    fn restore(&mut self, state: &AgentState) -> Result<(), AgentError>;
}
