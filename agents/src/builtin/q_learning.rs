//! `q-learning`: a table of action values over hashed observations.
//!
//! Peng's Q(lambda) (Peng and Williams 1996). An episode is cut into segments of
//! `segment` steps; at a segment's end its steps are gone through backwards and
//! each moves its value towards
//!
//! ```text
//! G_t = r_t + discount * ((1 - lambda) * max_a Q(s_t+1, a) + lambda * G_t+1)
//! ```
//!
//! with `G = max_a Q` behind the last step, or 0 where it reached a terminal state.
//! `lambda` 0 is Watkins' one-step Q-learning. Returns over many steps are what
//! makes a table work where one observation stands for several states, as in
//! MiniGrid's 7x7 view: one-step targets average over the states behind an
//! observation again at every step, an observed return does so once.
//!
//! The learning rate falls with the visits of a state and action,
//! `max(learning_rate_min, n^-learning_rate_power)`, and exploration with the
//! visits of a state, `epsilon = max(epsilon_min, h / (h + n))`, `h` being
//! `epsilon_half_visits`. So both begin anew in what a new task shows first.
//!
//! In evaluation: greedy, an unknown observation at random; nothing is learned,
//! added or counted. Draws, for every active lane in order: when learning one
//! `random`, and below epsilon one `integers(0, n)`; else, and in evaluation, one
//! `integers` where several actions are best. With several lanes the lanes share
//! the table and learn in the order of lanes.
//!
//! Mean return of 100 evaluation episodes on M21's SimpleCrossing S9N1 (random:
//! 0.025), for seeds 1 to 5: after 1,000 episodes 0.23 to 0.34, after 5,000 0.84 to
//! 0.95, after 20,000 0.89 to 0.95, half a second in all:
//!
//! ```text
//! cargo run --release -p tella-agents --example curve -- \
//!     q-learning SimpleCrossingS9N1 --at 1000,5000,20000
//! ```

use super::{AgentSpec, discrete_actions, greedy};
use crate::representation::{ObservationHash, QTable};
use crate::state::{damaged, decode, encode};
use crate::{Agent, AgentError, AgentInit, AgentState, Transitions};
use serde::{Deserialize, Serialize};
use tella_envs::{Batch, Leaf, ParamSpec, float_param, int_param};
use tella_rng::Generator;

pub(super) fn spec() -> AgentSpec {
    let float = |name, default, min, max, help| ParamSpec::float(name, default, min, max, help);
    AgentSpec {
        name: "q-learning".into(),
        summary: "Tabular Q(lambda) over hashed observations; Discrete actions.".into(),
        params: vec![
            float("discount", 0.99, 0.0, 1.0, "Weight of a reward one step later."),
            float("lambda", 0.97, 0.0, 1.0, "Weight of longer returns; 0 is one-step Q-learning."),
            float("learning_rate_min", 0.01, 0.0, 1.0, "The least learning rate."),
            float(
                "learning_rate_power",
                0.7,
                0.0,
                1.0,
                "The learning rate of a value's n-th update is n to the minus this.",
            ),
            float("epsilon_min", 0.02, 0.0, 1.0, "The least share of random actions."),
            float(
                "epsilon_half_visits",
                100.0,
                0.0,
                1e9,
                "Visits of a state after which half its actions are random.",
            ),
            float(
                "initial_value",
                0.1,
                -1e6,
                1e6,
                "Value of an action never tried; high values make it tried.",
            ),
            ParamSpec::int(
                "segment",
                64,
                1,
                100_000,
                "Steps after which an episode is learned from.",
            ),
            ParamSpec::int(
                "max_states",
                5_000_000,
                1,
                1 << 31,
                "States the table takes; further ones are acted in at random.",
            ),
        ],
    }
}

/// The steps of one lane that wait to be learned from.
#[derive(Clone, Default, Serialize, Deserialize)]
struct Lane {
    /// Row, action, reward.
    steps: Vec<(u32, u32, f64)>,
    /// Key of the observation that followed the last of them.
    next_key: u64,
    /// Row of the state acted in.
    row: Option<u32>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Transient {
    rng: Generator,
    is_learning_allowed: bool,
    lanes: Vec<Lane>,
}

pub(super) struct QLearning {
    discount: f64,
    lambda: f64,
    learning_rate_min: f64,
    learning_rate_power: f64,
    epsilon_min: f64,
    epsilon_half_visits: f64,
    segment: usize,
    num_actions: usize,
    first_action: i64,
    table: QTable,
    transient: Transient,
    hash: ObservationHash,
    actions: Batch,
}

impl QLearning {
    pub(super) fn new(init: &AgentInit<'_>) -> Result<Self, AgentError> {
        let (num_actions, first_action) = discrete_actions("q-learning", init.action_space)?;
        let float = |name| float_param(init.config, name);
        let segment = int_param(init.config, "segment")? as usize;
        let max_states = int_param(init.config, "max_states")? as usize;
        let mut lanes = vec![Lane::default(); init.num_envs];
        // Saved state must not depend on how room is reserved; acting must not allocate.
        lanes.iter_mut().for_each(|lane| lane.steps.reserve_exact(segment));
        Ok(QLearning {
            discount: float("discount")?,
            lambda: float("lambda")?,
            learning_rate_min: float("learning_rate_min")?,
            learning_rate_power: float("learning_rate_power")?,
            epsilon_min: float("epsilon_min")?,
            epsilon_half_visits: float("epsilon_half_visits")?,
            segment,
            num_actions,
            first_action,
            table: QTable::new(num_actions, float("initial_value")? as f32, max_states),
            transient: Transient {
                rng: Generator::new(init.rng_seed),
                is_learning_allowed: false,
                lanes,
            },
            hash: ObservationHash::default(),
            actions: Batch::new(init.action_space, init.num_envs),
        })
    }

    fn act(&mut self, row: Option<u32>) -> usize {
        let rng = &mut self.transient.rng;
        let Some(row) = row else { return rng.integers(0, self.num_actions as i64) as usize };
        if self.transient.is_learning_allowed {
            let half = self.epsilon_half_visits;
            let visits = f64::from(self.table.visits(row));
            let decayed = if half > 0.0 { half / (half + visits) } else { 0.0 };
            if rng.random() < decayed.max(self.epsilon_min) {
                return rng.integers(0, self.num_actions as i64) as usize;
            }
        }
        greedy(self.table.values(row), rng)
    }

    /// Learns from a lane's waiting steps; `end` is the value of what followed.
    fn learn(&mut self, lane: usize, end: f64) {
        let steps = &mut self.transient.lanes[lane].steps;
        let (least, power) = (self.learning_rate_min, self.learning_rate_power);
        let mut future = end;
        for (row, action, reward) in steps.drain(..).rev() {
            let target = reward + self.discount * future;
            self.table
                .update(row, action as usize, target, |n| f64::from(n).powf(-power).max(least));
            future = (1.0 - self.lambda) * self.table.best(Some(row)) + self.lambda * target;
        }
    }

    /// Learns from a lane whose episode goes on, or was cut, after its last step.
    fn learn_unfinished(&mut self, lane: usize) {
        let next = self.table.find(self.transient.lanes[lane].next_key);
        self.learn(lane, self.table.best(next));
    }

    /// No lane's next step continues its last one.
    fn cut_episodes(&mut self) {
        for lane in 0..self.transient.lanes.len() {
            if self.transient.is_learning_allowed {
                self.learn_unfinished(lane);
            }
            self.transient.lanes[lane].steps.clear();
            self.transient.lanes[lane].row = None;
        }
    }
}

impl Agent for QLearning {
    fn block_start(&mut self, is_learning_allowed: bool) -> Result<(), AgentError> {
        self.transient.is_learning_allowed = is_learning_allowed;
        Ok(())
    }

    fn choose_actions(&mut self, obs: &Batch, active: &[bool]) -> Result<&Batch, AgentError> {
        for lane in (0..active.len()).filter(|lane| active[*lane]) {
            let key = self.hash.key(obs, lane);
            let row = if self.transient.is_learning_allowed {
                let state = &self.transient.lanes[lane];
                // Where labels are hidden no hook tells that an episode was cut.
                if !state.steps.is_empty() && state.next_key != key {
                    self.learn_unfinished(lane);
                }
                self.table.find_or_add(key)
            } else {
                self.table.find(key)
            };
            let action = self.act(row);
            self.transient.lanes[lane].row = row;
            if let [Leaf::I64(actions)] = self.actions.leaves_mut() {
                actions[lane] = self.first_action + action as i64;
            }
        }
        Ok(&self.actions)
    }

    fn receive_transitions(&mut self, t: Transitions<'_>) -> Result<(), AgentError> {
        let Some(rewards) = t.rewards.filter(|_| self.transient.is_learning_allowed) else {
            return Ok(());
        };
        for lane in (0..t.active.len()).filter(|lane| t.active[*lane]) {
            let action = t.actions.lane(lane).i64(0)[0] - self.first_action;
            if !(0..self.num_actions as i64).contains(&action) || !rewards[lane].is_finite() {
                return Err(AgentError::Failed(format!(
                    "environment {lane}: action {action} and reward {} cannot be learned from",
                    rewards[lane]
                )));
            }
            let next_key = self.hash.key(t.next_observations, lane);
            let state = &mut self.transient.lanes[lane];
            let Some(row) = state.row.take() else {
                // The table is full and this state not in it: the chain ends before it.
                self.learn_unfinished(lane);
                continue;
            };
            state.steps.push((row, action as u32, rewards[lane]));
            state.next_key = next_key;
            if t.terminated[lane] {
                self.learn(lane, 0.0);
            } else if t.truncated[lane] || state.steps.len() >= self.segment {
                self.learn_unfinished(lane);
            }
        }
        Ok(())
    }

    fn task_variant_end(&mut self, _: Option<&str>, _: Option<&str>) -> Result<(), AgentError> {
        self.cut_episodes();
        Ok(())
    }

    fn block_end(&mut self, _: bool) -> Result<(), AgentError> {
        self.cut_episodes();
        Ok(())
    }

    fn save(&self) -> Option<AgentState> {
        Some(AgentState { learned: self.table.to_bytes(), transient: encode(&self.transient) })
    }

    fn restore(&mut self, state: &AgentState) -> Result<(), AgentError> {
        let mut transient: Transient = decode(&state.transient, "transient")?;
        if transient.lanes.len() != self.transient.lanes.len() {
            return Err(damaged("transient", "it has another number of environments"));
        }
        let table = self.table.restored(&state.learned)?;
        for lane in &mut transient.lanes {
            let rows = lane.steps.iter().map(|s| s.0).chain(lane.row);
            let actions = lane.steps.iter().map(|s| s.1 as usize);
            if rows.max() >= Some(table.len() as u32) || actions.max() >= Some(self.num_actions) {
                return Err(damaged("transient", "it does not belong to the learned state"));
            }
            lane.steps.reserve_exact(self.segment.saturating_sub(lane.steps.len()));
        }
        (self.table, self.transient) = (table, transient);
        Ok(())
    }
}
