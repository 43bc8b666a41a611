//! One episode simulated again, from its seed and its actions.

use super::make::{is_continuing, make_envs};
use super::seeding::reset_seed;
use super::transitions::put_action;
use crate::App;
use std::io;
use std::sync::Arc;
use tella_curricula::{Seeding, TaskVariant};
use tella_envs::{Batch, StepBatch, VecEnv};
use tella_events::{Transition, TransitionTable};

/// A step as the log keeps it.
#[derive(Clone, Debug)]
pub struct RecordedStep {
    /// The table that holds it.
    pub table: Arc<TransitionTable>,
    /// Its row there.
    pub row: usize,
}

impl RecordedStep {
    fn transition(&self) -> Transition {
        self.table.transition(self.row)
    }
}

/// An episode as the log keeps it.
#[derive(Clone, Debug, Default)]
pub struct RecordedEpisode {
    /// Its index in its variant.
    pub index: u64,
    /// Its steps, in order.
    pub steps: Vec<RecordedStep>,
}

/// The environment that an episode ran in, and what ran there before.
#[derive(Clone, Debug)]
pub struct Course {
    /// The task variant.
    pub variant: TaskVariant,
    /// How its episodes are seeded.
    pub seeding: Seeding,
    /// Which of the parallel environments.
    pub lane: usize,
    /// The episodes to simulate, in order, the last one of them to be shown. All of the
    /// environment's from its first on, where the last has no seed of its own.
    pub episodes: Vec<RecordedEpisode>,
}

/// What there is to see of the episode that is shown: its start, and each of its steps.
pub struct Shown<'a> {
    /// The environment, in lane 0.
    pub env: &'a dyn VecEnv,
    /// The step's number, from 1; 0 at the start.
    pub step: u64,
    /// The action, in lane 0; nothing of meaning at the start.
    pub action: &'a Batch,
    /// What it brought, in lane 0.
    pub out: &'a StepBatch,
}

/// What the simulation came to.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct Repeated {
    /// The return.
    pub reward: f64,
    /// Steps.
    pub episode_step_count: u64,
    /// It reached an end of its task.
    pub terminated: bool,
    /// Its limit of steps cut it.
    pub truncated: bool,
    /// The first step that brought something else than the log says, and what.
    pub differs: Option<String>,
}

/// Why a simulation did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The environment cannot be made, or failed.
    #[error("{0}")]
    Env(String),
    /// What is seen cannot be told.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl Course {
    /// Simulates the episodes; `see` is shown the last.
    pub fn replay(
        &self,
        app: &App,
        see: impl FnMut(Shown<'_>) -> io::Result<()>,
    ) -> Result<Repeated, ReplayError> {
        let envs = make_envs(app, &self.variant, 1, 1);
        let envs = envs.map_err(|e| ReplayError::Env(e.to_string()))?;
        let stage = Stage {
            continuing: is_continuing(app, &self.variant),
            action: Batch::new(envs.action_space(), 1),
            out: StepBatch::new(envs.observation_space(), 1),
            course: self,
            envs,
        };
        stage.play(see)
    }
}

/// The environment and room for what goes in and out.
struct Stage<'a> {
    course: &'a Course,
    envs: Box<dyn VecEnv + 'a>,
    continuing: bool,
    action: Batch,
    out: StepBatch,
}

impl Stage<'_> {
    fn play(
        mut self,
        mut see: impl FnMut(Shown<'_>) -> io::Result<()>,
    ) -> Result<Repeated, ReplayError> {
        let mut found = Repeated::default();
        for (n, episode) in self.course.episodes.iter().enumerate() {
            let differs = found.differs.take();
            found = Repeated { differs, ..Repeated::default() };
            let shown = n + 1 == self.course.episodes.len();
            self.reset(episode, n == 0)?;
            if shown {
                self.show(0, &mut see)?;
            }
            for (step, recorded) in (1..).zip(&episode.steps) {
                self.step(episode, step, recorded, &mut found)?;
                if shown {
                    self.show(step, &mut see)?;
                }
                if found.terminated || found.truncated {
                    break;
                }
            }
        }
        Ok(found)
    }

    fn show(&self, step: u64, see: &mut impl FnMut(Shown<'_>) -> io::Result<()>) -> io::Result<()> {
        see(Shown { env: &*self.envs, step, action: &self.action, out: &self.out })
    }

    fn reset(&mut self, episode: &RecordedEpisode, first: bool) -> Result<(), ReplayError> {
        let Course { variant, seeding, lane, .. } = self.course;
        let seed = match self.continuing && !first {
            true => None,
            false => reset_seed(*seeding, variant.seed, *lane, episode.index, first),
        };
        self.envs
            .begin_episode(0, episode.index)
            .and_then(|()| self.envs.reset(0, seed, &mut self.out.observations))
            .map_err(|fault| ReplayError::Env(format!("at its start: {}", fault.error)))
    }

    fn step(
        &mut self,
        episode: &RecordedEpisode,
        step: u64,
        recorded: &RecordedStep,
        found: &mut Repeated,
    ) -> Result<(), ReplayError> {
        let failed = |why: String| ReplayError::Env(format!("at step {step}: {why}"));
        let actions = recorded.table.actions.iter().map(|action| action.row(recorded.row));
        put_action(&mut self.action, actions).map_err(failed)?;
        let space = self.envs.action_space();
        space.check(self.action.lane(0)).map_err(|why| failed(format!("the action: {why}")))?;
        let stepped = self.envs.step(&self.action, &[true], &mut self.out);
        stepped.map_err(|fault| failed(fault.error.to_string()))?;
        found.reward += self.out.rewards[0];
        found.episode_step_count = step;
        (found.terminated, found.truncated) = (self.out.terminated[0], self.out.truncated[0]);
        if found.differs.is_none() {
            found.differs = self.difference(episode, step, &recorded.transition());
        }
        Ok(())
    }

    /// What the step just taken brought that the log says otherwise.
    fn difference(
        &self,
        episode: &RecordedEpisode,
        step: u64,
        recorded: &Transition,
    ) -> Option<String> {
        let here = (self.out.rewards[0], self.out.terminated[0], self.out.truncated[0]);
        let there = (recorded.reward, recorded.terminated, recorded.truncated);
        let shown = self.course.episodes.last().is_some_and(|last| last.index == episode.index);
        let place = match shown {
            true => format!("step {step}"),
            false => format!("step {step} of episode {} before it", episode.index),
        };
        let words = |(reward, terminated, truncated): (f64, bool, bool)| {
            format!("reward {reward}{}", end_words(terminated, truncated))
        };
        (here != there)
            .then(|| format!("{place} brings {}, the log says {}", words(here), words(there)))
    }
}

/// How a step ended its episode, where it did.
pub fn end_words(terminated: bool, truncated: bool) -> &'static str {
    match (terminated, truncated) {
        (false, false) => "",
        (true, false) => ", terminated",
        (false, true) => ", truncated",
        (true, true) => ", terminated and truncated",
    }
}
