//! Many environments of one kind, stepped together.

use crate::batch::BatchPart;
use crate::team::Blocks;
use crate::{Batch, Env, EnvError, Frame, LaneMut, RenderOptions, Space, Step};

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

    /// The batch cut into parts of `lanes` lanes each, the last of what is left.
    fn parts(&mut self, lanes: usize) -> impl Iterator<Item = StepPart<'_>> {
        let observations = self.observations.parts(lanes);
        let rewards = self.rewards.chunks_mut(lanes);
        let ends = self.terminated.chunks_mut(lanes).zip(self.truncated.chunks_mut(lanes));
        observations.zip(rewards).zip(ends).map(
            |((observations, rewards), (terminated, truncated))| StepPart {
                observations,
                rewards,
                terminated,
                truncated,
            },
        )
    }
}

/// A run of lanes of a [`StepBatch`].
struct StepPart<'a> {
    observations: BatchPart<'a>,
    rewards: &'a mut [f64],
    terminated: &'a mut [bool],
    truncated: &'a mut [bool],
}

/// Where the results of a run of lanes go.
trait Results {
    /// Room for the observation of lane `i`, counted from the first.
    fn observation(&mut self, i: usize) -> LaneMut<'_>;

    /// Keeps what else a step of lane `i` brought.
    fn keep(&mut self, i: usize, step: Step);
}

impl Results for StepBatch {
    #[inline]
    fn observation(&mut self, i: usize) -> LaneMut<'_> {
        self.observations.lane_mut(i)
    }

    #[inline]
    fn keep(&mut self, i: usize, step: Step) {
        self.rewards[i] = step.reward;
        self.terminated[i] = step.terminated;
        self.truncated[i] = step.truncated;
    }
}

impl Results for StepPart<'_> {
    #[inline]
    fn observation(&mut self, i: usize) -> LaneMut<'_> {
        self.observations.lane_mut(i)
    }

    #[inline]
    fn keep(&mut self, i: usize, step: Step) {
        self.rewards[i] = step.reward;
        // Most steps end nothing. Threads that write into the same cache line wait for
        // each other, threads that read there do not.
        if self.terminated[i] != step.terminated {
            self.terminated[i] = step.terminated;
        }
        if self.truncated[i] != step.truncated {
            self.truncated[i] = step.truncated;
        }
    }
}

/// A lane that starts an episode, and the seed; see [`Env::reset`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reset {
    /// The lane.
    pub lane: usize,
    /// The seed, or `None` to go on in the lane's stream.
    pub seed: Option<u64>,
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

    /// Says that the next [`VecEnv::reset`] of `lane` starts episode `episode` of the
    /// task variant, counted from 0. Nothing depends on it but in a batch whose
    /// parameters change from episode to episode, see [`Varying`](crate::Varying).
    fn begin_episode(&mut self, _lane: usize, _episode: u64) -> Result<(), EnvFault> {
        Ok(())
    }

    /// Starts an episode in `lane` and writes its first observation to that lane
    /// of `observations`; see [`Env::reset`] for the seed.
    fn reset(
        &mut self,
        lane: usize,
        seed: Option<u64>,
        observations: &mut Batch,
    ) -> Result<(), EnvFault>;

    /// Starts an episode in each of these lanes, which ascend, as [`VecEnv::reset`] does
    /// in one; after a fault the batch is in no defined state.
    fn reset_all(&mut self, resets: &[Reset], observations: &mut Batch) -> Result<(), EnvFault> {
        resets.iter().try_for_each(|r| self.reset(r.lane, r.seed, observations))
    }

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

    /// Steps as [`VecEnv::step`] does and starts the next episode in each lane whose
    /// episode ended, in the lane's stream: the same-step reset of Gymnasium. The
    /// observations are the next episode's first there; rewards and ends are of the
    /// step. The number of episodes that ended.
    ///
    /// For loops that have nothing to say about a reset: threads are called once for all.
    fn step_and_reset(
        &mut self,
        actions: &Batch,
        active: &[bool],
        out: &mut StepBatch,
    ) -> Result<usize, EnvFault> {
        self.step(actions, active, out)?;
        let mut ended = 0;
        for (lane, active) in active.iter().enumerate() {
            if *active && (out.terminated[lane] || out.truncated[lane]) {
                self.reset(lane, None, &mut out.observations)?;
                ended += 1;
            }
        }
        Ok(ended)
    }

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
/// threads the lanes are cut into contiguous blocks, one a thread, while that is faster
/// than one thread alone; what a lane computes does not depend on it.
pub struct Lanes<E> {
    observation_space: Space,
    action_space: Space,
    envs: Vec<E>,
    blocks: Blocks,
}

/// Resets at least for which several threads are called: fewer are done sooner than they
/// are handed out.
const MANY_RESETS: usize = 2;

impl<E: Env> Lanes<E> {
    /// `lanes` environments made by `make`, stepped by `threads` threads.
    pub fn new(lanes: usize, threads: usize, mut make: impl FnMut() -> E) -> Self {
        assert!(lanes > 0, "a batch has at least one environment");
        let envs: Vec<E> = (0..lanes).map(|_| make()).collect();
        Lanes {
            observation_space: envs[0].observation_space(),
            action_space: envs[0].action_space(),
            envs,
            blocks: Blocks::new(lanes, threads),
        }
    }

    /// Steps the active lanes, and starts the next episode where one ended if `RESET`;
    /// the number of episodes begun.
    fn step_lanes<const RESET: bool>(
        &mut self,
        actions: &Batch,
        active: &[bool],
        out: &mut StepBatch,
    ) -> Result<usize, EnvFault> {
        let turn = self.blocks.begin();
        let begun = if turn.together {
            let len = self.blocks.len();
            let blocks = (0..).step_by(len).zip(self.envs.chunks_mut(len));
            self.blocks.share(blocks.zip(out.parts(len)), |((first, envs), out)| {
                step_block::<E, RESET>(envs, *first, actions, active, out)
            })
        } else {
            step_block::<E, RESET>(&mut self.envs, 0, actions, active, out)
        };
        self.blocks.end(turn);
        begun
    }
}

/// Steps the environments `envs`, lanes `first ..` of the batch, into the lanes
/// `0 ..` of `out`; see [`Lanes::step_lanes`].
#[inline]
fn step_block<E: Env, const RESET: bool>(
    envs: &mut [E],
    first: usize,
    actions: &Batch,
    active: &[bool],
    out: &mut impl Results,
) -> Result<usize, EnvFault> {
    let mut begun = 0;
    for (i, env) in envs.iter_mut().enumerate() {
        let lane = first + i;
        if !active[lane] {
            continue;
        }
        let fault = |error| EnvFault { lane, error };
        let step = env.step(actions.lane(lane), &mut out.observation(i)).map_err(fault)?;
        if RESET && (step.terminated || step.truncated) {
            env.reset(None, &mut out.observation(i)).map_err(fault)?;
            begun += 1;
        }
        out.keep(i, step);
    }
    Ok(begun)
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

    fn reset_all(&mut self, resets: &[Reset], observations: &mut Batch) -> Result<(), EnvFault> {
        if resets.len() < MANY_RESETS || !self.blocks.together() {
            return resets.iter().try_for_each(|r| self.reset(r.lane, r.seed, observations));
        }
        let len = self.blocks.len();
        let blocks = (0..).step_by(len).zip(self.envs.chunks_mut(len));
        let shares = blocks.zip(observations.parts(len));
        let begun = self.blocks.share(shares, |((first, envs), out)| {
            let at = |lane| resets.partition_point(|r| r.lane < lane);
            let resets = &resets[at(*first)..at(*first + envs.len())];
            for &Reset { lane, seed } in resets {
                let i = lane - *first;
                envs[i]
                    .reset(seed, &mut out.lane_mut(i))
                    .map_err(|error| EnvFault { lane, error })?;
            }
            Ok(resets.len())
        });
        begun.map(drop)
    }

    fn step(
        &mut self,
        actions: &Batch,
        active: &[bool],
        out: &mut StepBatch,
    ) -> Result<(), EnvFault> {
        self.step_lanes::<false>(actions, active, out).map(drop)
    }

    fn step_and_reset(
        &mut self,
        actions: &Batch,
        active: &[bool],
        out: &mut StepBatch,
    ) -> Result<usize, EnvFault> {
        self.step_lanes::<true>(actions, active, out)
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
