//! One task variant: environments and agent take turns until its length is met.
//!
//! The loop allocates nothing, reads no clock unless an episode ended, and calls
//! agent and environments once a step for the whole batch.

use super::episodes::EpisodesState;
use super::{
    Control, Fault, FaultKind, Party, Phase, Place, Request, Stop, actions, seeding, transitions,
};
use serde::{Deserialize, Serialize};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;
use tella_agents::{Agent, AgentError, Transitions};
use tella_curricula::{Seeding, TaskVariant};
use tella_envs::{Batch, EnvFault, Leaf, ParamSchedule, Reset, StepBatch, VecEnv};
use tella_events::{Experience, LifetimeWriter};

/// What the loop works with besides the environments: one lifetime's own things.
pub(super) struct World<'a> {
    pub(super) agent: &'a mut dyn Agent,
    pub(super) control: &'a Control,
    pub(super) log: &'a Mutex<LifetimeWriter>,
    /// The next experience's number.
    pub(super) exp_num: &'a mut u64,
    pub(super) rules: Rules,
    /// Block and variant, for the place of a fault.
    pub(super) place: &'a Place,
    /// The variant's number in the lifetime, where the log keeps transitions.
    pub(super) steps_of: Option<u64>,
}

/// What a curriculum and a run fix for every variant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    pub(super) seeding: Seeding,
    /// Whether an episode cut by the variant's end takes an `exp_num`.
    pub(super) number_incomplete: bool,
    pub(super) rewards_visible: bool,
    /// An episode that takes more steps than this is taken for endless.
    pub(super) max_episode_steps: u64,
    /// The first environment is drawn on standard error after each step.
    pub(super) render: bool,
}

/// Why the loop came back.
pub(super) enum Advance {
    /// The variant's length is met.
    Over,
    /// Somebody asked for something; the loop can be entered again.
    Asked(Request),
}

/// A variant under way, as a checkpoint keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VariantState {
    episodes: EpisodesState,
    observations: Vec<Leaf>,
    envs: Vec<u8>,
}

/// A variant under way.
pub(super) struct VariantRun<'e> {
    envs: Box<dyn VecEnv + 'e>,
    /// The parameters by episode, where they vary.
    schedule: Option<ParamSchedule>,
    /// Whether each lane's world goes on for ever: [`tella_envs::EnvSpec::continuing`].
    continuing: bool,
    variant_seed: u64,
    episodes: EpisodesState,
    observations: Batch,
    actions: Batch,
    out: StepBatch,
    active: Vec<bool>,
    ended: Vec<usize>,
    resets: Vec<Reset>,
}

impl<'e> VariantRun<'e> {
    /// The variant, not started. `envs` is its batch, of worlds that go on for ever
    /// where it is `continuing`; `schedule` are its parameters by episode where they vary.
    /// Episodes are counted from `first_episode`.
    pub(super) fn new(
        variant: &TaskVariant,
        envs: Box<dyn VecEnv + 'e>,
        schedule: Option<ParamSchedule>,
        continuing: bool,
        first_episode: u64,
    ) -> Self {
        let lanes = envs.num_envs();
        let episodes = EpisodesState::new(variant.length, lanes, first_episode);
        VariantRun {
            variant_seed: variant.seed,
            observations: Batch::new(envs.observation_space(), lanes),
            actions: Batch::new(envs.action_space(), lanes),
            out: StepBatch::new(envs.observation_space(), lanes),
            active: (0..lanes).map(|lane| episodes.takes_part(lane)).collect(),
            ended: Vec::with_capacity(lanes),
            resets: Vec::with_capacity(lanes),
            episodes,
            envs,
            schedule,
            continuing,
        }
    }

    /// Starts the first episode of every environment that takes part.
    pub(super) fn start(&mut self, w: &World<'_>) -> Result<(), Stop> {
        let now = unix_nanos();
        for lane in 0..self.active.len() {
            if self.active[lane] {
                let reset = self.begin(lane, true, now, w);
                self.resets.push(reset);
            }
        }
        self.reset(w)
    }

    /// Takes back the state of [`VariantRun::save`].
    pub(super) fn restore(&mut self, state: VariantState, w: &World<'_>) -> Result<(), Stop> {
        let matches = state.episodes.lanes() == self.active.len()
            && state.observations.len() == self.observations.leaves().len();
        if !matches {
            return Err(fault(
                w,
                Party::Harness,
                FaultKind::Error,
                "checkpoint of another variant",
            ));
        }
        w.control.enter(Phase::Environment);
        let restored = self.envs.restore(&state.envs);
        w.control.enter(Phase::Harness);
        restored.map_err(|e| fault(w, Party::Environment, FaultKind::Error, &e.to_string()))?;
        self.observations.leaves_mut().clone_from_slice(&state.observations);
        self.episodes = state.episodes;
        w.control.resumed_at(self.episodes.steps());
        for (lane, active) in self.active.iter_mut().enumerate() {
            *active = self.episodes.takes_part(lane);
        }
        Ok(())
    }

    /// Everything [`VariantRun::restore`] needs to go on from here; `None` where
    /// the environments cannot be saved.
    pub(super) fn save(&self) -> Option<VariantState> {
        Some(VariantState {
            envs: self.envs.save()?,
            episodes: self.episodes.clone(),
            observations: self.observations.leaves().to_vec(),
        })
    }

    /// Finished episodes or steps, in the unit of the variant's length.
    pub(super) fn done(&self) -> u64 {
        self.episodes.done()
    }

    /// The index with which a variant begins that goes on from this one.
    pub(super) fn next_variant_first(&self) -> u64 {
        self.episodes.next_variant_first()
    }

    /// Goes on until the variant is over or somebody asks for something.
    pub(super) fn advance(&mut self, w: &mut World<'_>) -> Result<Advance, Stop> {
        while !self.episodes.is_over() {
            if let Some(request) = w.control.take_request() {
                return Ok(Advance::Asked(request));
            }
            self.step(w)?;
            if w.rules.render
                && let Some(drawing) = self.envs.render(0)
            {
                eprintln!("{drawing}");
            }
        }
        Ok(Advance::Over)
    }

    /// One step of every environment that takes part.
    fn step(&mut self, w: &mut World<'_>) -> Result<(), Stop> {
        w.control.enter(Phase::Agent);
        let answer = match w.agent.choose_actions(&self.observations, &self.active) {
            Ok(answer) => answer,
            Err(AgentError::InvalidAction { lane, message }) => {
                return Err(self.lane_fault(
                    w,
                    Party::Agent,
                    FaultKind::InvalidAction,
                    lane,
                    message,
                ));
            }
            Err(error) => return Err(agent_fault(&w.control.place(), error)),
        };
        let checked = actions::check(answer, self.envs.action_space(), &self.active);
        if let Err(bad) = checked {
            return Err(self.lane_fault(w, Party::Agent, bad.kind, bad.lane, bad.message));
        }
        self.actions.copy_block(0, answer);

        w.control.enter(Phase::Environment);
        let stepped = self.envs.step(&self.actions, &self.active, &mut self.out);
        w.control.enter(Phase::Harness);
        stepped.map_err(|e| self.env_fault(w, e))?;
        self.count(w)?;
        self.log_step(w)?;
        // An episode lasts until the next in its environment begins: one reading of the
        // clock, which costs as much as a step, serves both.
        let now = if self.ended.is_empty() { 0 } else { unix_nanos() };
        self.log_ended(w, now)?;

        w.control.enter(Phase::Agent);
        w.agent
            .receive_transitions(Transitions {
                active: &self.active,
                observations: &self.observations,
                actions: &self.actions,
                rewards: w.rules.rewards_visible.then_some(&self.out.rewards),
                terminated: &self.out.terminated,
                truncated: &self.out.truncated,
                next_observations: &self.out.observations,
            })
            .map_err(|e| agent_fault(&w.control.place(), e))?;
        w.control.enter(Phase::Harness);

        std::mem::swap(&mut self.observations, &mut self.out.observations);
        self.restart_ended(w, now)
    }

    /// Adds the step to the episodes under way and finds those that ended.
    fn count(&mut self, w: &World<'_>) -> Result<(), Stop> {
        self.ended.clear();
        let mut stepped = 0;
        for lane in 0..self.active.len() {
            if !self.active[lane] {
                continue;
            }
            stepped += 1;
            let reward = self.out.rewards[lane];
            let steps = self.episodes.add_step(lane, reward);
            if !reward.is_finite() {
                let message = format!("reward is {reward}");
                return Err(self.lane_fault(
                    w,
                    Party::Environment,
                    FaultKind::InvalidReward,
                    Some(lane),
                    message,
                ));
            }
            if self.out.terminated[lane] || self.out.truncated[lane] {
                self.ended.push(lane);
            } else if steps >= w.rules.max_episode_steps {
                let message = format!("the episode did not end within {steps} steps");
                return Err(self.lane_fault(
                    w,
                    Party::Environment,
                    FaultKind::EndlessEpisode,
                    Some(lane),
                    message,
                ));
            }
        }
        self.episodes.add_steps(stepped);
        w.control.stepped(stepped);
        Ok(())
    }

    /// Logs the step itself, where the log keeps transitions.
    fn log_step(&self, w: &World<'_>) -> Result<(), Stop> {
        let Some(variant) = w.steps_of else { return Ok(()) };
        let mut log = w.log.lock().unwrap_or_else(PoisonError::into_inner);
        let (actions, out) = (&self.actions, &self.out);
        transitions::log_step(&mut log, variant, &self.active, &self.episodes, actions, out)?;
        Ok(())
    }

    /// Logs the episodes that ended in this step, in the order of environments.
    fn log_ended(&mut self, w: &mut World<'_>, now: i64) -> Result<(), Stop> {
        if self.ended.is_empty() {
            return Ok(());
        }
        let mut log = w.log.lock().unwrap_or_else(PoisonError::into_inner);
        for &lane in &self.ended {
            let episode = self.episodes.end(lane);
            log_params(self.schedule.as_ref(), episode.index, &mut log)?;
            log.push(&Experience {
                exp_num: Some(*w.exp_num),
                episode_index: episode.index,
                env_index: lane as u32,
                seed: episode.seed,
                reward: episode.reward,
                episode_step_count: episode.steps,
                terminated: self.out.terminated[lane],
                truncated: self.out.truncated[lane],
                complete: true,
                started_at: Some(episode.started_at),
                finished_at: now,
            })?;
            *w.exp_num += 1;
        }
        Ok(())
    }

    /// Resets the environments whose episode ended, where they still take part.
    fn restart_ended(&mut self, w: &World<'_>, now: i64) -> Result<(), Stop> {
        if self.episodes.is_nearly_over() {
            for (lane, active) in self.active.iter_mut().enumerate() {
                *active &= self.episodes.takes_part(lane);
            }
        }
        if self.ended.is_empty() || self.episodes.is_over() {
            return Ok(());
        }
        self.resets.clear();
        for i in 0..self.ended.len() {
            let lane = self.ended[i];
            if self.active[lane] {
                let reset = self.begin(lane, false, now, w);
                self.resets.push(reset);
            }
        }
        self.reset(w)
    }

    /// Notes that `lane` begins its next episode, and says how it is to be reset.
    fn begin(&mut self, lane: usize, first: bool, now: i64, w: &World<'_>) -> Reset {
        let index = self.episodes.episode(lane).index;
        // A world that goes on for ever is made once: its later windows take no seed.
        let seed = if self.continuing && !first {
            None
        } else {
            seeding::reset_seed(w.rules.seeding, self.variant_seed, lane, index, first)
        };
        let kept = match w.rules.seeding {
            Seeding::PerEpisode => seed,
            Seeding::GymVector => None,
        };
        self.episodes.start(lane, kept, now);
        Reset { lane, seed }
    }

    /// Resets the environments in `resets`.
    fn reset(&mut self, w: &World<'_>) -> Result<(), Stop> {
        w.control.enter(Phase::Environment);
        let episodes = &self.episodes;
        let envs = &mut self.envs;
        let begun = self
            .resets
            .iter()
            .try_for_each(|r| envs.begin_episode(r.lane, episodes.episode(r.lane).index));
        let reset = begun.and_then(|()| envs.reset_all(&self.resets, &mut self.observations));
        w.control.enter(Phase::Harness);
        reset.map_err(|e| self.env_fault(w, e))
    }

    /// Logs the episodes that the variant's end cuts short.
    pub(super) fn log_cut(&self, w: &mut World<'_>) -> Result<(), Stop> {
        let now = unix_nanos();
        let mut log = w.log.lock().unwrap_or_else(PoisonError::into_inner);
        for (lane, episode) in self.episodes.cut() {
            log_params(self.schedule.as_ref(), episode.index, &mut log)?;
            log.push(&Experience {
                exp_num: w.rules.number_incomplete.then_some(*w.exp_num),
                episode_index: episode.index,
                env_index: lane as u32,
                seed: episode.seed,
                reward: episode.reward,
                episode_step_count: episode.steps,
                terminated: false,
                truncated: true,
                complete: false,
                started_at: Some(episode.started_at),
                finished_at: now,
            })?;
            *w.exp_num += u64::from(w.rules.number_incomplete);
        }
        Ok(())
    }

    fn env_fault(&self, w: &World<'_>, e: EnvFault) -> Stop {
        let message = e.error.to_string();
        self.lane_fault(w, Party::Environment, FaultKind::Error, Some(e.lane), message)
    }

    fn lane_fault(
        &self,
        w: &World<'_>,
        party: Party,
        kind: FaultKind,
        lane: Option<usize>,
        message: String,
    ) -> Stop {
        let mut place = w.control.place();
        if let Some(lane) = lane {
            let episode = self.episodes.episode(lane);
            place.episode = Some(episode.index);
            place.env_index = Some(lane as u64);
            place.step = Some(episode.steps);
        }
        Fault { party, kind, message, place }.into()
    }
}

/// Tells the log the parameters of the episode whose row comes next, where they vary.
fn log_params(
    schedule: Option<&ParamSchedule>,
    episode: u64,
    log: &mut LifetimeWriter,
) -> Result<(), Stop> {
    if let Some(schedule) = schedule {
        log.set_task_params(&params_json(&schedule.at(episode)))?;
    }
    Ok(())
}

/// Parameters as the log keeps them.
pub(super) fn params_json(params: &impl Serialize) -> String {
    serde_json::to_string(params).expect("parameters are plain JSON")
}

fn fault(w: &World<'_>, party: Party, kind: FaultKind, message: &str) -> Stop {
    Fault { party, kind, message: message.into(), place: w.place.clone() }.into()
}

/// The agent reported an error in a hook at `place`.
pub(super) fn agent_fault(place: &Place, error: AgentError) -> Stop {
    Fault {
        party: Party::Agent,
        kind: FaultKind::Error,
        message: error.to_string(),
        place: place.clone(),
    }
    .into()
}

/// Now, in nanoseconds of Unix time.
pub(super) fn unix_nanos() -> i64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |d| d.as_nanos() as i64)
}
