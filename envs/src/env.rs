//! One environment, with Gymnasium's reset and five-value step.

use crate::{Frame, Lane, LaneMut, RenderOptions, Space};

/// What a step brings besides the observation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Reward of the step.
    pub reward: f64,
    /// A terminal state of the task was reached.
    pub terminated: bool,
    /// The episode was cut from outside, by a time limit for instance.
    pub truncated: bool,
}

/// Why an environment could not go on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct EnvError(pub String);

/// One environment.
///
/// The environment owns its random stream. A `reset` with a seed starts the
/// stream afresh (`PCG64(SeedSequence(seed))`, as Gymnasium and gym 0.23 do); a
/// `reset` without one goes on in it.
pub trait Env: Send {
    /// The space of observations; constant over the environment's life.
    fn observation_space(&self) -> Space;

    /// The space of actions; constant over the environment's life.
    fn action_space(&self) -> Space;

    /// Starts an episode and writes its first observation. An environment that
    /// was never seeded and is reset without a seed uses seed 0.
    fn reset(&mut self, seed: Option<u64>, observation: &mut LaneMut<'_>) -> Result<(), EnvError>;

    /// Takes one step and writes the observation that follows. After a step that
    /// ended the episode the observation is the terminal one; the caller resets.
    fn step(&mut self, action: Lane<'_>, observation: &mut LaneMut<'_>) -> Result<Step, EnvError>;

    /// Appends everything a later [`Env::restore`] needs to go on in the middle
    /// of an episode, random stream included; false where this environment cannot.
    fn save(&self, _out: &mut Vec<u8>) -> bool {
        false
    }

    /// Takes back a state written by [`Env::save`] on an environment of the same
    /// name and parameters. The next `step` then goes on as if nothing had happened.
    fn restore(&mut self, _state: &[u8]) -> Result<(), EnvError> {
        Err(EnvError("this environment cannot be restored".into()))
    }

    /// The present state as text for a terminal, where the environment draws itself.
    fn render(&self) -> Option<String> {
        None
    }

    /// The present state as a picture, where the environment draws itself and has a
    /// state to draw.
    fn render_rgb(&self, _options: &RenderOptions) -> Option<Frame> {
        None
    }
}
