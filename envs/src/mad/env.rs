//! A task as an environment: an episode is an example, a step shows a token and asks for a
//! prediction.

use super::example::Draws;
use super::{Example, IGNORED, Split, Task};
use crate::state::{self, bad_action};
use crate::{Env, EnvError, Lane, LaneMut, Space, Step};
use serde::{Deserialize, Serialize};
use tella_rng::Generator;

/// An example token by token. The action is the token predicted for the present position, right or wrong
/// by the example's target there; the reward of a right one is 1 / n at each of the n
/// scored positions, 0 elsewhere. In compression the answers come in a phase of their own: after
/// all inputs the last is shown as often again, and the i-th answer is scored against the i-th input.
#[derive(Clone, Debug)]
pub struct TokenTask {
    task: Task,
    /// Size of both spaces.
    tokens: i64,
    draws: Draws,
    now: Now,
}

/// What changes while it runs, besides the generator.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Now {
    example: Example,
    /// Steps taken in the episode.
    step: usize,
    /// Scored positions.
    scored: usize,
}

impl TokenTask {
    /// The environment of `task`, with spaces of `tokens`, at least as many as the task's.
    pub fn new(task: Task, tokens: i64) -> Self {
        Self { task, tokens, draws: Draws::new(Generator::new(0)), now: Now::default() }
    }

    /// Steps of an episode.
    pub fn steps(task: &Task) -> usize {
        task.positions() * if task.answers_afterwards() { 2 } else { 1 }
    }

    /// The token that is shown before the step.
    fn shown(&self) -> i64 {
        let inputs = &self.now.example.inputs;
        inputs[self.now.step.min(inputs.len() - 1)]
    }

    /// The target of the present step.
    fn target(&self) -> i64 {
        let Now { example, step, .. } = &self.now;
        let before = if self.task.answers_afterwards() { example.inputs.len() } else { 0 };
        step.checked_sub(before).map_or(IGNORED, |answer| example.targets[answer])
    }
}

impl Env for TokenTask {
    fn observation_space(&self) -> Space {
        Space::discrete(self.tokens)
    }

    fn action_space(&self) -> Space {
        Space::discrete(self.tokens)
    }

    fn reset(&mut self, seed: Option<u64>, observation: &mut LaneMut<'_>) -> Result<(), EnvError> {
        if let Some(seed) = seed {
            self.draws.rng = Generator::new(seed);
        }
        self.task.draw(Split::Test, &mut self.draws, &mut self.now.example)?;
        self.now.step = 0;
        let targets = &self.now.example.targets;
        self.now.scored = targets.iter().filter(|target| **target != IGNORED).count();
        observation.i64(0)[0] = self.shown();
        Ok(())
    }

    fn step(&mut self, action: Lane<'_>, observation: &mut LaneMut<'_>) -> Result<Step, EnvError> {
        let action = action.i64(0)[0];
        if !(0..self.tokens).contains(&action) {
            return Err(bad_action(action, self.tokens));
        }
        if self.now.step >= Self::steps(&self.task) || self.now.example.inputs.is_empty() {
            return Err(EnvError("a step before a reset".into()));
        }
        let right = action == self.target();
        self.now.step += 1;
        observation.i64(0)[0] = self.shown();
        let reward = if right { 1.0 / self.now.scored as f64 } else { 0.0 };
        let terminated = self.now.step == Self::steps(&self.task);
        Ok(Step { reward, terminated, truncated: false })
    }

    fn save(&self, out: &mut Vec<u8>) -> bool {
        state::save(&(&self.draws.rng, &self.now), out);
        true
    }

    fn restore(&mut self, state: &[u8]) -> Result<(), EnvError> {
        let (rng, now): (Generator, Now) = state::restore(state)?;
        let positions = self.task.positions();
        let Example { inputs, targets } = &now.example;
        if [inputs.len(), targets.len()] != [positions; 2] || now.step > Self::steps(&self.task) {
            return Err(EnvError("saved environment: it is of another task".into()));
        }
        self.draws.rng = rng;
        self.now = now;
        Ok(())
    }

    fn render(&self) -> Option<String> {
        let Now { example, step, .. } = &self.now;
        let shown = &example.inputs[..(step + 1).min(example.inputs.len())];
        let words: Vec<String> = shown.iter().map(i64::to_string).collect();
        Some(words.join(" "))
    }
}
