//! `sarsa-tiles`: SARSA(lambda) with linear action values over tiles.
//!
//! Episodic semi-gradient SARSA with replacing traces, tile coding and hashing
//! (Sutton and Barto, *Reinforcement Learning*, 2nd edition, chapters 10 and 12;
//! Singh and Sutton 1996 for clearing the traces of the actions not taken). The
//! next action is chosen before the update and then taken. Bounded dimensions
//! (CartPole's position, all of MountainCar's) are cut evenly, unbounded ones
//! after squashing, see `representation/tiles.rs`.
//!
//! Exploration comes from `initial_value`, which lies above what early actions
//! bring where rewards are at most about 1 a step, and a little epsilon. Neither
//! it nor the learning rate decays: an agent with a life before it has no last
//! episode to decay towards.
//!
//! In evaluation: greedy, nothing is learned. Draws, for every action chosen:
//! when learning one `random`, and below epsilon one `integers(0, n)`; else, and
//! in evaluation, one `integers` where several actions are best. When learning,
//! actions are chosen on receiving a transition, for the state that follows, and
//! for an episode's first step on acting.
//!
//! Each lane has its own traces; the lanes share the weights and learn in the
//! order of lanes.
//!
//! Mean return of 100 evaluation episodes on CartPole-v0 (random: 22) for seeds 1 to
//! 100: 200, the most there is, after 500 episodes:
//!
//! ```text
//! cargo run --release -p tella-agents --example curve -- \
//!     sarsa-tiles CartPole-v0 --at 100,200,500 --seeds 100
//! ```
//!
//! With the same parameters -100 to -114 on MountainCar-v0 and -104 to -113 on
//! Acrobot-v1 after 1,000 episodes (seeds 1 to 5).

use super::{AgentSpec, discrete_actions, greedy};
use crate::representation::TileCoder;
use crate::state::{append, damaged, decode, decode_prefix, encode, take};
use crate::{Agent, AgentError, AgentInit, AgentState, Transitions};
use serde::{Deserialize, Serialize};
use tella_envs::{Batch, Dtype, Leaf, LeafRef, ParamSpec, Space, float_param, int_param};
use tella_rng::Generator;

/// Traces below this share of a full one are dropped.
const LEAST_TRACE: f32 = 0.01;

pub(super) fn spec() -> AgentSpec {
    let float = |name, default, min, max, help| ParamSpec::float(name, default, min, max, help);
    AgentSpec {
        name: "sarsa-tiles".into(),
        summary: "SARSA(lambda) with tile coding over float observations; Discrete actions.".into(),
        params: vec![
            float("discount", 0.99, 0.0, 1.0, "Weight of a reward one step later."),
            float("lambda", 0.9, 0.0, 1.0, "Decay of the traces beside the discount's."),
            float(
                "learning_rate",
                0.5,
                0.0,
                2.0,
                "Share of an error taken away where a state is met again.",
            ),
            float("epsilon", 0.01, 0.0, 1.0, "Share of random actions."),
            float(
                "initial_value",
                50.0,
                -1e6,
                1e6,
                "Value of an action never tried; high values make it tried.",
            ),
            ParamSpec::int("tilings", 16, 1, 64, "Number of grids."),
            ParamSpec::int("tiles", 8, 1, 1024, "Tiles along a dimension."),
            ParamSpec::int("memory", 8192, 16, 1 << 20, "Places for the tiles of a grid."),
            float(
                "unbounded_scale",
                1.0,
                1e-6,
                1e6,
                "Value at which half the tiles of an unbounded dimension's side are passed.",
            ),
        ],
    }
}

/// What one environment's episode has left behind.
#[derive(Clone, Default, Serialize, Deserialize)]
struct Lane {
    /// Weight and strength of each trace.
    traces: Vec<(u32, f32)>,
    /// Features of the state acted in.
    features: Vec<u32>,
    /// The action chosen for the state that followed the last step.
    planned: Option<u32>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Transient {
    rng: Generator,
    is_learning_allowed: bool,
    lanes: Vec<Lane>,
}

#[derive(Serialize, Deserialize)]
struct Header {
    num_weights: u64,
}

pub(super) struct SarsaTiles {
    discount: f64,
    lambda: f64,
    learning_rate: f64,
    epsilon: f64,
    num_actions: usize,
    first_action: i64,
    coder: TileCoder,
    /// `[features, actions]`.
    weights: Vec<f32>,
    transient: Transient,
    values: Vec<f64>,
    features: Vec<u32>,
    actions: Batch,
}

impl SarsaTiles {
    pub(super) fn new(init: &AgentInit<'_>) -> Result<Self, AgentError> {
        let (num_actions, first_action) = discrete_actions("sarsa-tiles", init.action_space)?;
        let space = match init.observation_space {
            Space::Box(b) if matches!(b.dtype, Dtype::Float32 | Dtype::Float64) => b,
            other => {
                return Err(AgentError::Failed(format!(
                    "`sarsa-tiles` needs a Box of float32 or float64 as observation space, this one is {other}"
                )));
            }
        };
        let float = |name| float_param(init.config, name);
        let count = |name| int_param(init.config, name).map(|i| i as usize);
        let tilings = count("tilings")?;
        let coder = TileCoder::new(
            space,
            tilings,
            count("tiles")?,
            count("memory")?,
            float("unbounded_scale")?,
        );
        let initial_weight = (float("initial_value")? / tilings as f64) as f32;
        let lane = Lane { features: vec![0; tilings], ..Lane::default() };
        Ok(SarsaTiles {
            discount: float("discount")?,
            lambda: float("lambda")?,
            learning_rate: float("learning_rate")? / tilings as f64,
            epsilon: float("epsilon")?,
            num_actions,
            first_action,
            weights: vec![initial_weight; coder.num_features() * num_actions],
            coder,
            transient: Transient {
                rng: Generator::new(init.rng_seed),
                is_learning_allowed: false,
                lanes: vec![lane; init.num_envs],
            },
            values: vec![0.0; num_actions],
            features: vec![0; tilings],
            actions: Batch::new(init.action_space, init.num_envs),
        })
    }

    /// Finds the active features of a lane into `self.features` and its action
    /// values into `self.values`.
    fn look(&mut self, observations: &Batch, lane: usize) {
        match observations.lane(lane).leaf(0) {
            LeafRef::F32(x) => {
                self.coder.features(x.iter().map(|x| f64::from(*x)), &mut self.features);
            }
            LeafRef::F64(x) => self.coder.features(x.iter().copied(), &mut self.features),
            // `new` let only floats through.
            _ => unreachable!("float observations"),
        }
        self.values.fill(0.0);
        for feature in &self.features {
            let first = *feature as usize * self.num_actions;
            let weights = &self.weights[first..first + self.num_actions];
            self.values.iter_mut().zip(weights).for_each(|(v, w)| *v += f64::from(*w));
        }
    }

    /// An action for the state looked at last.
    fn act(&mut self) -> usize {
        let rng = &mut self.transient.rng;
        if self.transient.is_learning_allowed && rng.random() < self.epsilon {
            return rng.integers(0, self.num_actions as i64) as usize;
        }
        greedy(&self.values, rng)
    }

    /// Moves the values of what `lane` did lately towards `target`, the return now
    /// expected of `action` in the state it acted in.
    fn learn(&mut self, lane: usize, action: usize, target: f64) -> Result<(), AgentError> {
        let Lane { traces, features, .. } = &mut self.transient.lanes[lane];
        let weight = |feature: &u32| *feature as usize * self.num_actions + action;
        let value: f64 = features.iter().map(|f| f64::from(self.weights[weight(f)])).sum();
        let error = target - value;
        if !error.is_finite() {
            return Err(AgentError::Failed(
                "the action values diverged; lower `learning_rate`".into(),
            ));
        }
        let decay = (self.discount * self.lambda) as f32;
        let per_tiling = (self.coder.num_features() / features.len() * self.num_actions) as u32;
        traces.retain_mut(|(weight, trace)| {
            *trace *= decay;
            // Replaced where its tile is active again, whatever the action.
            let active = features[(*weight / per_tiling) as usize];
            *trace >= LEAST_TRACE && *weight / self.num_actions as u32 != active
        });
        traces.extend(features.iter().map(|f| (weight(f) as u32, 1.0)));
        let step = self.learning_rate * error;
        for (weight, trace) in traces {
            self.weights[*weight as usize] += (step * f64::from(*trace)) as f32;
        }
        Ok(())
    }

    fn cut_episodes(&mut self) {
        self.transient.lanes.iter_mut().for_each(Lane::end_episode);
    }
}

impl Lane {
    fn end_episode(&mut self) {
        self.traces.clear();
        self.planned = None;
    }
}

impl Agent for SarsaTiles {
    fn block_start(&mut self, is_learning_allowed: bool) -> Result<(), AgentError> {
        self.transient.is_learning_allowed = is_learning_allowed;
        self.cut_episodes();
        Ok(())
    }

    fn choose_actions(&mut self, obs: &Batch, active: &[bool]) -> Result<&Batch, AgentError> {
        for lane in (0..active.len()).filter(|lane| active[*lane]) {
            self.look(obs, lane);
            let state = &mut self.transient.lanes[lane];
            // Where labels are hidden no hook tells that an episode was cut; its plan
            // was for another state then.
            let planned = state.planned.take().filter(|_| state.features == self.features);
            let action = match planned {
                Some(action) => action as usize,
                None => {
                    state.end_episode();
                    state.features.copy_from_slice(&self.features);
                    self.act()
                }
            };
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
            if !(0..self.num_actions as i64).contains(&action) {
                return Err(AgentError::Failed(format!(
                    "environment {lane}: action {action} was not chosen"
                )));
            }
            let mut target = rewards[lane];
            let mut next = 0;
            if !t.terminated[lane] {
                self.look(t.next_observations, lane);
                next = self.act();
                target += self.discount * self.values[next];
            }
            self.learn(lane, action as usize, target)?;
            let state = &mut self.transient.lanes[lane];
            if t.terminated[lane] || t.truncated[lane] {
                state.end_episode();
            } else {
                state.planned = Some(next as u32);
                state.features.copy_from_slice(&self.features);
            }
        }
        Ok(())
    }

    fn task_variant_end(&mut self, _: Option<&str>, _: Option<&str>) -> Result<(), AgentError> {
        self.cut_episodes();
        Ok(())
    }

    fn save(&self) -> Option<AgentState> {
        let mut learned = encode(&Header { num_weights: self.weights.len() as u64 });
        append(&mut learned, &self.weights, f32::to_le_bytes);
        Some(AgentState { learned, transient: encode(&self.transient) })
    }

    fn restore(&mut self, state: &AgentState) -> Result<(), AgentError> {
        let (header, mut rest): (Header, _) = decode_prefix(&state.learned, "learned")?;
        if header.num_weights != self.weights.len() as u64 {
            return Err(damaged("learned", "it has another number of weights"));
        }
        let weights = take(&mut rest, self.weights.len(), f32::from_le_bytes)?;
        let transient: Transient = decode(&state.transient, "transient")?;
        let features = self.coder.num_features() as u32;
        let fits = |lane: &Lane| {
            lane.features.len() == self.features.len()
                && lane.features.iter().all(|f| *f < features)
                && lane.traces.iter().all(|(w, _)| (*w as usize) < weights.len())
                && lane.planned.is_none_or(|a| (a as usize) < self.num_actions)
        };
        if !rest.is_empty() || !transient.lanes.iter().all(fits) {
            return Err(damaged("transient", "it does not belong to the learned state"));
        }
        if transient.lanes.len() != self.transient.lanes.len() {
            return Err(damaged("transient", "it has another number of environments"));
        }
        (self.weights, self.transient) = (weights, transient);
        Ok(())
    }
}
