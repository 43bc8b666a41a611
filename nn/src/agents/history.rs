//! What was seen, done and paid so far in each lane, and what a trunk that reads the history makes of it.

use super::checkpoint::{self, damaged};
use super::eyes::{Eyes, Rows};
use super::learner::failed;
use super::network::{Before, Network};
use super::options;
use super::steps::Steps;
use crate::State;
use serde::{Deserialize, Serialize};
use tch::Tensor;
use tella_agents::{AgentError, AgentInit, Transitions};
use tella_envs::Batch;

/// The thread of what is lived, lane by lane.
pub(super) struct History {
    pub(super) eyes: Eyes,
    lanes: usize,
    first_action: i64,
    num_actions: i64,
    past: Past,
    /// What the trunk remembers, where it does.
    state: Option<State>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Past {
    /// What followed the last step, and the lanes in which the episode goes on there.
    following: Rows,
    goes_on: Vec<bool>,
    before: Before,
}

/// A history as it is saved: what is known of the past, and the trunk's memory.
pub(super) type Saved = (Vec<u8>, Option<Vec<u8>>);

/// What an action is chosen by.
#[derive(Debug, Default)]
pub(super) struct Scene {
    pub(super) seen: Rows,
    pub(super) before: Before,
    pub(super) starts: Vec<bool>,
}

impl History {
    /// One without a past, for `network`.
    pub(super) fn new(
        agent: &str,
        init: &AgentInit<'_>,
        eyes: Eyes,
        network: &Network,
    ) -> Result<Self, AgentError> {
        let (num_actions, first_action) = options::discrete_actions(agent, init.action_space)?;
        let lanes = init.num_envs;
        Ok(Self {
            eyes,
            lanes,
            first_action,
            num_actions,
            past: Past {
                following: Rows::default(),
                goes_on: vec![false; lanes],
                before: Before { actions: vec![num_actions; lanes], rewards: vec![0.0; lanes] },
            },
            state: network.state(lanes as i64).map_err(failed)?,
        })
    }

    pub(super) fn lanes(&self) -> usize {
        self.lanes
    }

    pub(super) fn num_actions(&self) -> i64 {
        self.num_actions
    }

    /// The action that the environment knows as this one.
    pub(super) fn action(&self, number: usize) -> i64 {
        self.first_action + number as i64
    }

    /// What is seen, and the lanes in which an episode was cut before it: those whose next observation is not what
    /// followed the last step. The end of a block cuts, which no hook tells where labels are hidden.
    pub(super) fn look(&self, seen: &Batch, active: &[bool]) -> (Scene, Vec<bool>) {
        let mut scene = Scene::default();
        self.eyes.look_at_all(seen, active, &mut scene.seen);
        let Past { following, goes_on, .. } = &self.past;
        let same = |lane| active[lane] && self.eyes.same(&scene.seen, lane, following, lane);
        scene.starts = (0..self.lanes).map(|lane| !(goes_on[lane] && same(lane))).collect();
        let cut = (0..self.lanes).map(|lane| goes_on[lane] && scene.starts[lane]).collect();
        (scene, cut)
    }

    /// Moves on to `scene`, which gets to know what was before it: each head's outputs (lanes, n).
    pub(super) fn enter(&mut self, network: &Network, scene: &mut Scene) -> Vec<Tensor> {
        if !network.reads_lifetime() {
            let begins = (0..self.lanes).filter(|lane| scene.starts[*lane]);
            let begins: Vec<i64> = begins.map(|lane| lane as i64).collect();
            if let Some(state) = self.state.as_mut().filter(|_| !begins.is_empty()) {
                state.reset(&begins);
            }
            for &lane in &begins {
                self.past.before.actions[lane as usize] = self.num_actions;
                self.past.before.rewards[lane as usize] = 0.0;
            }
        }
        scene.before = self.past.before.clone();
        network.step(&scene.seen, &scene.before, &mut self.state)
    }

    /// Takes up what actions led to.
    pub(super) fn go_on(&mut self, t: &Transitions<'_>) {
        self.past.following = Rows::default();
        self.eyes.look_at_all(t.next_observations, t.active, &mut self.past.following);
        for lane in (0..self.lanes).filter(|lane| t.active[*lane]) {
            self.past.before.actions[lane] = t.actions.lane(lane).i64(0)[0] - self.first_action;
            // In evaluation nobody tells rewards.
            self.past.before.rewards[lane] = t.rewards.map_or(0.0, |r| r[lane] as f32);
            self.past.goes_on[lane] = !(t.terminated[lane] || t.truncated[lane]);
        }
    }

    /// What is to be kept of a step that was chosen in `scene` and brought `rewards`.
    pub(super) fn steps(
        &self,
        scene: Scene,
        t: &Transitions<'_>,
        rewards: Vec<f32>,
        ends: Vec<bool>,
    ) -> Steps {
        let action = |lane: usize| match t.active[lane] {
            true => t.actions.lane(lane).i64(0)[0] - self.first_action,
            false => 0,
        };
        Steps {
            seen: scene.seen,
            before: scene.before,
            actions: (0..self.lanes).map(action).collect(),
            rewards,
            starts: scene.starts,
            ends,
            valid: t.active.to_vec(),
        }
    }

    /// The episodes of the lanes where `cut` holds do not go on.
    pub(super) fn cut(&mut self, cut: &[bool]) {
        for lane in (0..self.lanes).filter(|lane| cut[*lane]) {
            self.past.goes_on[lane] = false;
        }
    }

    /// Each head's outputs for what followed the last step. The memory stays as it is.
    pub(super) fn of_following(&self, network: &Network) -> Vec<Tensor> {
        network.step(&self.past.following, &self.past.before, &mut self.remembered())
    }

    /// A copy of what the trunk remembers.
    pub(super) fn remembered(&self) -> Option<State> {
        let every: Vec<Option<i64>> = (0..self.lanes as i64).map(Some).collect();
        self.state.as_ref().map(|state| state.select(&every))
    }

    /// Computes anew what the memory keeps of weights.
    pub(super) fn refresh(&mut self, network: &Network) {
        network.refresh(&mut self.state);
    }

    pub(super) fn save(&self) -> Saved {
        (checkpoint::encode(&self.past), checkpoint::remembered(&self.state))
    }

    /// What [`History::save`] gave, read but not yet taken up.
    pub(super) fn read(&self, (past, state): Saved, network: &Network) -> Result<Read, AgentError> {
        let past: Past = checkpoint::decode(&past, "transient")?;
        // Nothing followed before the first step.
        let follows =
            self.eyes.holds(&past.following, self.lanes) || past.following == Rows::default();
        if !follows
            || past.goes_on.len() != self.lanes
            || !past.before.fits(self.lanes, self.num_actions)
        {
            return Err(damaged("transient", "it is another agent's"));
        }
        let fresh = network.state(self.lanes as i64).map_err(failed)?;
        Ok(Read { past, state: checkpoint::remember(state, fresh)? })
    }

    /// Takes up what was read.
    pub(super) fn restore(&mut self, read: Read, network: &Network) {
        (self.past, self.state) = (read.past, read.state);
        self.refresh(network);
    }
}

/// A history that can be taken up.
pub(super) struct Read {
    past: Past,
    state: Option<State>,
}
