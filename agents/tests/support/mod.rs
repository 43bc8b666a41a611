//! What the tests share: a small grid world, agents made by name, and the
//! plainest loop that lets an agent live through a block.

#![allow(dead_code, reason = "every test program uses its own part of this")]

use tella_agents::{
    Agent, AgentInit, AgentRegistry, AgentResolver, Transitions, builtin, resolve_config,
};
use tella_envs::{
    Batch, Dtype, Env, EnvError, Lane, LaneMut, Lanes, Params, Space, Step, StepBatch, VecEnv,
};
use tella_rng::Generator;

/// A 4x4 field with a goal in the last corner; observations are the position,
/// as floats. Actions: right, down, left, up. A step costs 0.05, the goal brings 1.
/// An episode is cut after 30 steps.
#[derive(Default)]
pub(crate) struct Field {
    x: i64,
    y: i64,
    steps: u32,
}

impl Field {
    pub(crate) fn lanes(lanes: usize) -> Lanes<Field> {
        Lanes::new(lanes, 1, Field::default)
    }

    fn show(&self, observation: &mut LaneMut<'_>) {
        observation.f32(0).copy_from_slice(&[self.x as f32, self.y as f32]);
    }
}

impl Env for Field {
    fn observation_space(&self) -> Space {
        Space::uniform_box(0.0, 4.0, &[2], Dtype::Float32)
    }

    fn action_space(&self) -> Space {
        Space::discrete(4)
    }

    fn reset(&mut self, seed: Option<u64>, observation: &mut LaneMut<'_>) -> Result<(), EnvError> {
        let start = Generator::new(seed.unwrap_or(0)).integers(0, 15);
        *self = Field { x: start % 4, y: start / 4, steps: 0 };
        self.show(observation);
        Ok(())
    }

    fn step(&mut self, action: Lane<'_>, observation: &mut LaneMut<'_>) -> Result<Step, EnvError> {
        let (dx, dy) = [(1, 0), (0, 1), (-1, 0), (0, -1)][action.i64(0)[0] as usize];
        (self.x, self.y) = ((self.x + dx).clamp(0, 3), (self.y + dy).clamp(0, 3));
        self.steps += 1;
        self.show(observation);
        let terminated = (self.x, self.y) == (3, 3);
        let reward = if terminated { 1.0 } else { -0.05 };
        Ok(Step { reward, terminated, truncated: !terminated && self.steps >= 30 })
    }
}

/// Agent `name` for `env`, with the given parameters over its defaults.
pub(crate) fn agent(name: &str, env: &dyn VecEnv, rng_seed: u64, given: &Params) -> Box<dyn Agent> {
    agent_of(builtin(), name, env, rng_seed, given)
}

/// The same of another resolver than that of the built-in agents.
pub(crate) fn agent_of(
    resolver: impl AgentResolver + 'static,
    name: &str,
    env: &dyn VecEnv,
    rng_seed: u64,
    given: &Params,
) -> Box<dyn Agent> {
    let mut registry = AgentRegistry::empty();
    registry.add(resolver);
    let spec = registry.spec(name).unwrap_or_else(|| panic!("no agent {name}"));
    let init = AgentInit {
        rng_seed,
        observation_space: env.observation_space(),
        action_space: env.action_space(),
        num_envs: env.num_envs(),
        config: &resolve_config(&spec, given).expect("good parameters"),
    };
    registry.make(name, &init).expect("an agent")
}

/// A block of one task variant, stepped from outside.
pub(crate) struct Life<'a> {
    env: &'a mut dyn VecEnv,
    is_learning_allowed: bool,
    /// Rewards are shown in evaluation too.
    pub(crate) show_rewards: bool,
    seeds: Generator,
    episodes: u64,
    started: u64,
    active: Vec<bool>,
    observations: Batch,
    taken: Batch,
    out: StepBatch,
    returns: Vec<f64>,
    /// Returns of the finished episodes, in the order of finishing.
    pub(crate) finished: Vec<f64>,
    /// Steps of all lanes.
    pub(crate) steps: u64,
}

impl<'a> Life<'a> {
    /// Starts `episodes` episodes, seeded from `seed`, in the lanes of `env`.
    pub(crate) fn start(
        env: &'a mut dyn VecEnv,
        agent: &mut dyn Agent,
        is_learning_allowed: bool,
        episodes: u64,
        seed: u64,
    ) -> Self {
        let lanes = env.num_envs();
        agent.block_start(is_learning_allowed).unwrap();
        agent.task_start(Some("task")).unwrap();
        agent.task_variant_start(Some("task"), Some("variant")).unwrap();
        let mut life = Life {
            observations: Batch::new(env.observation_space(), lanes),
            taken: Batch::new(env.action_space(), lanes),
            out: StepBatch::new(env.observation_space(), lanes),
            env,
            is_learning_allowed,
            show_rewards: false,
            seeds: Generator::new(seed),
            episodes,
            started: 0,
            active: vec![false; lanes],
            returns: vec![0.0; lanes],
            finished: Vec::with_capacity(episodes as usize),
            steps: 0,
        };
        (0..lanes).for_each(|lane| life.reset(lane));
        life
    }

    fn reset(&mut self, lane: usize) {
        self.active[lane] = self.started < self.episodes;
        if self.active[lane] {
            self.started += 1;
            let seed = Some(self.seeds.random_raw());
            self.env.reset(lane, seed, &mut self.observations).unwrap();
            self.returns[lane] = 0.0;
        }
    }

    /// One step of every active lane; false where all episodes are over.
    pub(crate) fn step(&mut self, agent: &mut dyn Agent) -> bool {
        if !self.active.contains(&true) {
            return false;
        }
        let actions = agent.choose_actions(&self.observations, &self.active).unwrap();
        for lane in (0..self.active.len()).filter(|lane| self.active[*lane]) {
            self.taken.copy_lane(lane, actions, lane);
        }
        self.env.step(&self.taken, &self.active, &mut self.out).unwrap();
        let shown = self.is_learning_allowed || self.show_rewards;
        agent
            .receive_transitions(Transitions {
                active: &self.active,
                observations: &self.observations,
                actions: &self.taken,
                rewards: shown.then_some(&self.out.rewards[..]),
                terminated: &self.out.terminated,
                truncated: &self.out.truncated,
                next_observations: &self.out.observations,
            })
            .unwrap();
        for lane in 0..self.active.len() {
            if !self.active[lane] {
                continue;
            }
            self.steps += 1;
            self.returns[lane] += self.out.rewards[lane];
            if self.out.terminated[lane] || self.out.truncated[lane] {
                self.finished.push(self.returns[lane]);
                self.reset(lane);
            } else {
                self.observations.copy_lane(lane, &self.out.observations, lane);
            }
        }
        true
    }

    /// What the agent sees next.
    pub(crate) fn seen(&self) -> &Batch {
        &self.observations
    }

    /// The action taken last in each lane.
    pub(crate) fn taken(&self) -> &Batch {
        &self.taken
    }

    /// Ends the block, cutting the episodes under way.
    pub(crate) fn end(self, agent: &mut dyn Agent) -> Vec<f64> {
        agent.task_variant_end(Some("task"), Some("variant")).unwrap();
        agent.task_end(Some("task")).unwrap();
        agent.block_end(self.is_learning_allowed).unwrap();
        self.finished
    }
}

/// A whole block; the returns of its episodes.
pub(crate) fn block(
    env: &mut dyn VecEnv,
    agent: &mut dyn Agent,
    is_learning_allowed: bool,
    episodes: u64,
    seed: u64,
) -> Vec<f64> {
    let mut life = Life::start(env, agent, is_learning_allowed, episodes, seed);
    while life.step(agent) {}
    life.end(agent)
}

/// The mean of some returns.
pub(crate) fn mean(returns: &[f64]) -> f64 {
    returns.iter().sum::<f64>() / returns.len() as f64
}
