//! Many environments of one kind, stepped together.

use crate::{Batch, Env, EnvError, Frame, RenderOptions, Space};
use rayon::prelude::*;

/// An environment's failure and the lane it happened in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("environment {lane}: {error}")]
pub struct EnvFault {
    /// The lane.
    pub lane: usize,
    /// What went wrong.
    #[source]
    pub error: EnvError,
}

/// What one step of a batch brings, lane by lane. Lanes that were not active
/// keep what they held.
#[derive(Clone, Debug)]
pub struct StepBatch {
    /// The observations that follow; terminal ones where an episode ended.
    pub observations: Batch,
    /// Rewards.
    pub rewards: Vec<f64>,
    /// A terminal state was reached.
    pub terminated: Vec<bool>,
    /// The episode was cut from outside.
    pub truncated: Vec<bool>,
}

impl StepBatch {
    /// Room for one step of `lanes` environments.
    pub fn new(observation_space: &Space, lanes: usize) -> Self {
        StepBatch {
            observations: Batch::new(observation_space, lanes),
            rewards: vec![0.0; lanes],
            terminated: vec![false; lanes],
            truncated: vec![false; lanes],
        }
    }

    /// Takes over the active lanes among `first ..` from `block`, whose lane 0 is
    /// this batch's lane `first`. The other lanes keep what they hold: the caller
    /// may have reset them, which the block knows nothing of.
    fn take_active(&mut self, first: usize, block: &StepBatch, active: &[bool]) {
        let lanes = first..first + block.rewards.len();
        if active[lanes.clone()].iter().all(|&a| a) {
            self.observations.copy_block(first, &block.observations);
            self.rewards[lanes.clone()].copy_from_slice(&block.rewards);
            self.terminated[lanes.clone()].copy_from_slice(&block.terminated);
            self.truncated[lanes].copy_from_slice(&block.truncated);
            return;
        }
        for (i, lane) in lanes.enumerate().filter(|(_, lane)| active[*lane]) {
            self.observations.copy_lane(lane, &block.observations, i);
            self.rewards[lane] = block.rewards[i];
            self.terminated[lane] = block.terminated[i];
            self.truncated[lane] = block.truncated[i];
        }
    }
}

/// A batch of environments. The caller steps the active lanes, then resets those
/// whose episode ended (an episode's seed may depend on which lane ended first,
/// which only the caller knows).
pub trait VecEnv: Send {
    /// The space of one observation.
    fn observation_space(&self) -> &Space;

    /// The space of one action.
    fn action_space(&self) -> &Space;

    /// Number of lanes.
    fn num_envs(&self) -> usize;

    /// Starts an episode in `lane` and writes its first observation to that lane
    /// of `observations`; see [`Env::reset`] for the seed.
    fn reset(
        &mut self,
        lane: usize,
        seed: Option<u64>,
        observations: &mut Batch,
    ) -> Result<(), EnvFault>;

    /// Steps every lane that is `active`; the other lanes of `out` keep what they
    /// hold. An environment refuses an action outside its space (or clips it, where the
    /// one it equals does), and a step outside an episode; after a fault the batch is in
    /// no defined state.
    fn step(
        &mut self,
        actions: &Batch,
        active: &[bool],
        out: &mut StepBatch,
    ) -> Result<(), EnvFault>;

    /// The state of all lanes, mid-episode; `None` where the batch cannot be saved.
    fn save(&self) -> Option<Vec<u8>> {
        None
    }

    /// Takes back a state written by [`VecEnv::save`].
    fn restore(&mut self, _state: &[u8]) -> Result<(), EnvError> {
        Err(EnvError("this environment cannot be restored".into()))
    }

    /// One lane's present state as text, where the environment draws itself.
    fn render(&self, _lane: usize) -> Option<String> {
        None
    }

    /// One lane's present state as a picture; see [`Env::render_rgb`].
    fn render_rgb(&self, _lane: usize, _options: &RenderOptions) -> Option<Frame> {
        None
    }
}

/// A batch of native environments, monomorphised over their type. With several
/// threads the lanes are cut into contiguous blocks, one a thread; what a lane
/// computes does not depend on the cut.
pub struct Lanes<E> {
    observation_space: Space,
    action_space: Space,
    envs: Vec<E>,
    /// Scratch for each thread's block; empty with one thread.
    blocks: Vec<StepBatch>,
    block_len: usize,
}

impl<E: Env> Lanes<E> {
    /// `lanes` environments made by `make`, stepped by `threads` threads.
    pub fn new(lanes: usize, threads: usize, mut make: impl FnMut() -> E) -> Self {
        assert!(lanes > 0, "a batch has at least one environment");
        let envs: Vec<E> = (0..lanes).map(|_| make()).collect();
        let observation_space = envs[0].observation_space();
        let block_len = lanes.div_ceil(threads.max(1));
        let blocks = if threads <= 1 {
            Vec::new()
        } else {
            envs.chunks(block_len).map(|c| StepBatch::new(&observation_space, c.len())).collect()
        };
        Lanes { action_space: envs[0].action_space(), observation_space, envs, blocks, block_len }
    }
}

/// Steps the environments `envs`, lanes `first ..` of the batch, into the lanes
/// `0 ..` of `out`.
fn step_block<E: Env>(
    envs: &mut [E],
    first: usize,
    actions: &Batch,
    active: &[bool],
    out: &mut StepBatch,
) -> Result<(), EnvFault> {
    for (i, env) in envs.iter_mut().enumerate() {
        let lane = first + i;
        if !active[lane] {
            continue;
        }
        let step = env
            .step(actions.lane(lane), &mut out.observations.lane_mut(i))
            .map_err(|error| EnvFault { lane, error })?;
        out.rewards[i] = step.reward;
        out.terminated[i] = step.terminated;
        out.truncated[i] = step.truncated;
    }
    Ok(())
}

impl<E: Env> VecEnv for Lanes<E> {
    fn observation_space(&self) -> &Space {
        &self.observation_space
    }

    fn action_space(&self) -> &Space {
        &self.action_space
    }

    fn num_envs(&self) -> usize {
        self.envs.len()
    }

    fn reset(
        &mut self,
        lane: usize,
        seed: Option<u64>,
        observations: &mut Batch,
    ) -> Result<(), EnvFault> {
        self.envs[lane]
            .reset(seed, &mut observations.lane_mut(lane))
            .map_err(|error| EnvFault { lane, error })
    }

    fn step(
        &mut self,
        actions: &Batch,
        active: &[bool],
        out: &mut StepBatch,
    ) -> Result<(), EnvFault> {
        if self.blocks.is_empty() {
            return step_block(&mut self.envs, 0, actions, active, out);
        }
        let len = self.block_len;
        // The lowest lane's fault is reported whichever thread met its own first.
        let result = self
            .envs
            .par_chunks_mut(len)
            .zip(&mut self.blocks)
            .enumerate()
            .map(|(b, (envs, block))| step_block(envs, b * len, actions, active, block))
            .reduce(|| Ok(()), |lower, higher| lower.and(higher));
        for (block, first) in self.blocks.iter().zip((0..).step_by(len)) {
            out.take_active(first, block, active);
        }
        result
    }

    fn save(&self) -> Option<Vec<u8>> {
        let states: Option<Vec<Vec<u8>>> = self
            .envs
            .iter()
            .map(|env| {
                let mut state = Vec::new();
                env.save(&mut state).then_some(state)
            })
            .collect();
        states.map(|s| postcard::to_stdvec(&s).expect("byte vectors serialise"))
    }

    fn restore(&mut self, state: &[u8]) -> Result<(), EnvError> {
        let states: Vec<Vec<u8>> =
            postcard::from_bytes(state).map_err(|e| EnvError(format!("saved batch: {e}")))?;
        if states.len() != self.envs.len() {
            return Err(EnvError(format!(
                "saved batch has {} environments, this one {}",
                states.len(),
                self.envs.len()
            )));
        }
        self.envs.iter_mut().zip(&states).try_for_each(|(env, state)| env.restore(state))
    }

    fn render(&self, lane: usize) -> Option<String> {
        self.envs[lane].render()
    }

    fn render_rgb(&self, lane: usize, options: &RenderOptions) -> Option<Frame> {
        self.envs[lane].render_rgb(options)
    }
}
