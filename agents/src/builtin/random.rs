//! `random`: acts by sampling the action space.
//!
//! What it draws, from `Generator::new(rng_seed)`: on every call, for every
//! active lane in the order of lanes, one sample of the action space
//! (`Space::sample`); for `Discrete` that is one `integers(start, start + n)`.
//! Nothing else. With one environment and `Discrete` actions these are the actions
//! of a gym 0.23.1 action space seeded with `rng_seed`, which is how TELLA's agents
//! act at random.
//!
//! Return on CartPole-v0: about 22.
//!
//! ```text
//! tella run CartPole-1000 --agent random --agent-seed 1
//! ```

use super::AgentSpec;
use crate::state::{decode, encode};
use crate::{Agent, AgentError, AgentInit, AgentState};
use tella_envs::{Batch, Leaf, Space};
use tella_rng::Generator;

pub(super) fn spec() -> AgentSpec {
    AgentSpec {
        name: "random".into(),
        summary: "Samples the action space; learns nothing.".into(),
        params: Vec::new(),
    }
}

pub(super) struct Random {
    space: Space,
    rng: Generator,
    actions: Batch,
}

impl Random {
    pub(super) fn new(init: &AgentInit<'_>) -> Result<Self, AgentError> {
        Ok(Random {
            space: init.action_space.clone(),
            rng: Generator::new(init.rng_seed),
            actions: Batch::new(init.action_space, init.num_envs),
        })
    }
}

impl Agent for Random {
    fn choose_actions(&mut self, _: &Batch, active: &[bool]) -> Result<&Batch, AgentError> {
        // The same draws as `Space::sample`, without finding out the space's type
        // for every lane: this agent measures how fast the rest is.
        if let Space::Discrete { n, start } = self.space
            && let [Leaf::I64(actions)] = self.actions.leaves_mut()
        {
            for (action, _) in actions.iter_mut().zip(active).filter(|(_, active)| **active) {
                *action = self.rng.integers(start, start + n);
            }
        } else {
            for lane in (0..active.len()).filter(|lane| active[*lane]) {
                self.space.sample(&mut self.rng, &mut self.actions.lane_mut(lane));
            }
        }
        Ok(&self.actions)
    }

    fn save(&self) -> Option<AgentState> {
        Some(AgentState { learned: encode(&()), transient: encode(&self.rng) })
    }

    fn restore(&mut self, state: &AgentState) -> Result<(), AgentError> {
        decode::<()>(&state.learned, "learned")?;
        self.rng = decode(&state.transient, "transient")?;
        Ok(())
    }
}
