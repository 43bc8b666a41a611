//! Ends an episode after a number of steps.

use crate::{Env, EnvError, Frame, Lane, LaneMut, RenderOptions, Space, Step};
use serde::{Deserialize, Serialize};

/// An environment whose episodes are cut after `max_episode_steps` steps: the last step
/// is `truncated`. It also refuses steps outside an episode, so that what lies inside
/// need not define them.
#[derive(Clone, Debug)]
pub struct TimeLimit<E> {
    env: E,
    max_episode_steps: u64,
    last_step: LastStep,
    clock: Clock,
}

/// What is said of a last step that is terminal by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastStep {
    /// It is `terminated` alone, as in gym 0.23.1.
    OneEnd,
    /// It is both `terminated` and `truncated`, as in Gymnasium.
    BothEnds,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Clock {
    elapsed: u64,
    running: bool,
}

impl<E: Env> TimeLimit<E> {
    /// Cuts the episodes of `env`. A limit of 0 steps counts as 1.
    pub fn new(env: E, max_episode_steps: u64, last_step: LastStep) -> Self {
        TimeLimit { env, max_episode_steps, last_step, clock: Clock { elapsed: 0, running: false } }
    }
}

impl<E: Env> Env for TimeLimit<E> {
    fn observation_space(&self) -> Space {
        self.env.observation_space()
    }

    fn action_space(&self) -> Space {
        self.env.action_space()
    }

    fn reset(&mut self, seed: Option<u64>, observation: &mut LaneMut<'_>) -> Result<(), EnvError> {
        self.env.reset(seed, observation)?;
        self.clock = Clock { elapsed: 0, running: true };
        Ok(())
    }

    #[inline]
    fn step(&mut self, action: Lane<'_>, observation: &mut LaneMut<'_>) -> Result<Step, EnvError> {
        if !self.clock.running {
            return Err(not_running());
        }
        let mut step = self.env.step(action, observation)?;
        self.clock.elapsed += 1;
        if self.clock.elapsed >= self.max_episode_steps {
            step.truncated |= !step.terminated || self.last_step == LastStep::BothEnds;
        }
        self.clock.running = !(step.terminated || step.truncated);
        Ok(step)
    }

    fn save(&self, out: &mut Vec<u8>) -> bool {
        out.extend(postcard::to_stdvec(&self.clock).expect("two numbers serialise"));
        self.env.save(out)
    }

    fn restore(&mut self, state: &[u8]) -> Result<(), EnvError> {
        let (clock, rest) = postcard::take_from_bytes(state)
            .map_err(|e| EnvError(format!("saved time limit: {e}")))?;
        self.env.restore(rest)?;
        self.clock = clock;
        Ok(())
    }

    fn render(&self) -> Option<String> {
        self.env.render()
    }

    fn render_rgb(&self, options: &RenderOptions) -> Option<Frame> {
        self.env.render_rgb(options)
    }
}

#[cold]
fn not_running() -> EnvError {
    EnvError("no episode is under way: reset before stepping".into())
}
