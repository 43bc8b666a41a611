//! A batch whose parameters change from episode to episode.

use crate::team::Blocks;
use crate::{
    Batch, EnvError, EnvFault, Frame, ParamSchedule, Params, RenderOptions, Space, StepBatch,
    VecEnv,
};

/// Makes a batch of one environment with the parameters of an episode.
pub type MakeLane<'e> =
    Box<dyn Fn(&Params) -> Result<Box<dyn VecEnv>, EnvError> + Send + Sync + 'e>;

/// Batches of one environment side by side, each made anew where its next episode has
/// other parameters than the one before. Spaces stay those of episode 0: an episode
/// whose parameters change them is refused.
pub struct Varying<'e> {
    schedule: ParamSchedule,
    make: MakeLane<'e>,
    observation_space: Space,
    action_space: Space,
    lanes: Vec<VaryingLane>,
    blocks: Blocks,
}

/// One environment, with room for its own action and step.
struct VaryingLane {
    env: Box<dyn VecEnv>,
    /// The episode that it was made for or reset to last.
    episode: u64,
    /// The parameters it was made with.
    params: Params,
    action: Batch,
    out: StepBatch,
}

impl<'e> Varying<'e> {
    /// `lanes` environments made by `make`, stepped by `threads` threads. All begin
    /// with the parameters of episode 0.
    pub fn new(
        schedule: ParamSchedule,
        lanes: usize,
        threads: usize,
        make: MakeLane<'e>,
    ) -> Result<Self, EnvError> {
        if lanes == 0 {
            return Err(EnvError("a batch has at least one environment".into()));
        }
        let params = schedule.at(0);
        let lanes = (0..lanes)
            .map(|_| {
                let env = make(&params)?;
                let action = Batch::new(env.action_space(), 1);
                let out = StepBatch::new(env.observation_space(), 1);
                Ok(VaryingLane { env, episode: 0, params: params.clone(), action, out })
            })
            .collect::<Result<Vec<_>, EnvError>>()?;
        let (observation_space, action_space) =
            (lanes[0].env.observation_space().clone(), lanes[0].env.action_space().clone());
        let blocks = Blocks::new(lanes.len(), threads);
        Ok(Varying { schedule, make, observation_space, action_space, lanes, blocks })
    }

    /// Gives `lane` an environment with the parameters of `episode`.
    fn prepare(&mut self, lane: usize, episode: u64) -> Result<(), EnvError> {
        let params = self.schedule.at(episode);
        let this = &mut self.lanes[lane];
        if params != this.params {
            let env = (self.make)(&params)?;
            for (what, found, expected) in [
                ("observation", env.observation_space(), &self.observation_space),
                ("action", env.action_space(), &self.action_space),
            ] {
                if found != expected {
                    return Err(EnvError(format!(
                        "the {what} space of episode {episode} ({}) is {found}, not {expected} as in episode 0",
                        describe(&params)
                    )));
                }
            }
            this.env = env;
            this.params = params;
        }
        this.episode = episode;
        Ok(())
    }
}

/// `name=value, name=value`.
fn describe(params: &Params) -> String {
    let all: Vec<String> = params.iter().map(|(name, value)| format!("{name}={value}")).collect();
    all.join(", ")
}

impl VaryingLane {
    fn step(&mut self) -> Result<(), EnvError> {
        self.env.step(&self.action, &[true], &mut self.out).map_err(|fault| fault.error)
    }
}

impl VecEnv for Varying<'_> {
    fn observation_space(&self) -> &Space {
        &self.observation_space
    }

    fn action_space(&self) -> &Space {
        &self.action_space
    }

    fn num_envs(&self) -> usize {
        self.lanes.len()
    }

    fn begin_episode(&mut self, lane: usize, episode: u64) -> Result<(), EnvFault> {
        self.prepare(lane, episode).map_err(|error| EnvFault { lane, error })
    }

    fn reset(
        &mut self,
        lane: usize,
        seed: Option<u64>,
        observations: &mut Batch,
    ) -> Result<(), EnvFault> {
        let this = &mut self.lanes[lane];
        this.env
            .reset(0, seed, &mut this.out.observations)
            .map_err(|fault| EnvFault { lane, error: fault.error })?;
        observations.copy_lane(lane, &this.out.observations, 0);
        Ok(())
    }

    fn step(
        &mut self,
        actions: &Batch,
        active: &[bool],
        out: &mut StepBatch,
    ) -> Result<(), EnvFault> {
        for (lane, this) in self.lanes.iter_mut().enumerate().filter(|(lane, _)| active[*lane]) {
            this.action.copy_lane(0, actions, lane);
        }
        let step_block = |(first, lanes): &mut (usize, &mut [VaryingLane])| {
            let mut lanes = (*first..).zip(&mut **lanes).filter(|(lane, _)| active[*lane]);
            let step = |(lane, this): (usize, &mut VaryingLane)| {
                this.step().map_err(|error| EnvFault { lane, error })
            };
            lanes.try_for_each(step).map(|()| 0)
        };
        let turn = self.blocks.begin();
        let stepped = if turn.together {
            let len = self.blocks.len();
            let shares = (0..).step_by(len).zip(self.lanes.chunks_mut(len));
            self.blocks.share(shares, step_block)
        } else {
            step_block(&mut (0, &mut self.lanes))
        };
        self.blocks.end(turn);
        stepped?;
        for (lane, this) in self.lanes.iter().enumerate().filter(|(lane, _)| active[*lane]) {
            out.observations.copy_lane(lane, &this.out.observations, 0);
            out.rewards[lane] = this.out.rewards[0];
            out.terminated[lane] = this.out.terminated[0];
            out.truncated[lane] = this.out.truncated[0];
        }
        Ok(())
    }

    /// Each lane's episode and state.
    fn save(&self) -> Option<Vec<u8>> {
        let states: Option<Vec<(u64, Vec<u8>)>> =
            self.lanes.iter().map(|lane| Some((lane.episode, lane.env.save()?))).collect();
        states.map(|s| postcard::to_stdvec(&s).expect("byte vectors serialise"))
    }

    fn restore(&mut self, state: &[u8]) -> Result<(), EnvError> {
        let states: Vec<(u64, Vec<u8>)> =
            postcard::from_bytes(state).map_err(|e| EnvError(format!("saved batch: {e}")))?;
        if states.len() != self.lanes.len() {
            return Err(EnvError(format!(
                "saved batch has {} environments, this one {}",
                states.len(),
                self.lanes.len()
            )));
        }
        for (lane, (episode, state)) in states.iter().enumerate() {
            self.prepare(lane, *episode)?;
            self.lanes[lane].env.restore(state)?;
        }
        Ok(())
    }

    fn render(&self, lane: usize) -> Option<String> {
        self.lanes[lane].env.render(0)
    }

    fn render_rgb(&self, lane: usize, options: &RenderOptions) -> Option<Frame> {
        self.lanes[lane].env.render_rgb(0, options)
    }
}
