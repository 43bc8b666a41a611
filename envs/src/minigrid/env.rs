//! A task in its world as an environment.

use super::observe::Observer;
use super::render;
use super::task::Task;
use super::text;
use super::world::{Action, Setup, World};
use crate::{Env, EnvError, Frame, Lane, LaneMut, RenderOptions, Space, Step};
use serde::{Deserialize, Serialize};
use tella_rng::Generator;

/// Which original's rules hold. They differ in a step in which a task succeeds or
/// fails just when its time is up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rules {
    /// gym-minigrid 1.0.3's, which has one flag for both ends and pays the task's
    /// reward: such a step is `terminated` alone.
    GymMinigrid,
    /// minigrid 3.2.0's: such a step is `terminated` and `truncated`.
    Minigrid,
}

/// A task in its world, shown to the agent by `O`. Success and failure are
/// `terminated`, running out of time is `truncated`.
#[derive(Clone, Debug)]
pub struct MiniGrid<T, O> {
    name: &'static str,
    rules: Rules,
    actions: usize,
    task: T,
    world: World,
    /// An episode is going on.
    running: bool,
    observer: O,
}

/// What is saved, with what it must agree with.
#[derive(Serialize, Deserialize)]
struct Saved<N, W, T> {
    name: N,
    world: W,
    task: T,
    running: bool,
}

impl<T: Task, O: Observer> MiniGrid<T, O> {
    /// The environment `name`: `task` in a world of `setup`, where the agent has
    /// the first `actions` of the seven actions and is shown what `observer` shows.
    pub fn new(
        name: &'static str,
        rules: Rules,
        setup: Setup,
        actions: usize,
        task: T,
        observer: O,
    ) -> Self {
        assert!((1..=Action::ALL.len()).contains(&actions), "{name} has {actions} actions");
        MiniGrid { name, rules, actions, task, world: World::new(setup), running: false, observer }
    }

    fn action(&self, action: Lane<'_>) -> Result<Action, EnvError> {
        let number = action.i64(0)[0];
        let known = usize::try_from(number).ok().filter(|&n| n < self.actions);
        known.map(|n| Action::ALL[n]).ok_or_else(|| {
            EnvError(format!(
                "{}: action {number} is outside the action space, which is 0 to {}",
                self.name,
                self.actions - 1
            ))
        })
    }
}

impl<T: Task, O: Observer> Env for MiniGrid<T, O> {
    fn observation_space(&self) -> Space {
        self.observer.space(self.world.setup())
    }

    fn action_space(&self) -> Space {
        Space::discrete(self.actions as i64)
    }

    fn reset(&mut self, seed: Option<u64>, observation: &mut LaneMut<'_>) -> Result<(), EnvError> {
        if let Some(seed) = seed {
            self.world.rng = Generator::new(seed);
        }
        self.world.clear();
        self.running = false;
        self.task
            .generate(&mut self.world)
            .map_err(|e| EnvError(format!("{}: no level could be made: {e}", self.name)))?;
        self.running = true;
        self.observer.write(&self.world, observation);
        Ok(())
    }

    fn step(&mut self, action: Lane<'_>, observation: &mut LaneMut<'_>) -> Result<Step, EnvError> {
        if !self.running {
            return Err(EnvError(format!("{}: a step before a reset", self.name)));
        }
        let action = self.action(action)?;
        let outcome = self.task.step(&mut self.world, action);
        let alone = self.rules == Rules::GymMinigrid && outcome.terminated;
        let truncated = self.world.timed_out() && !alone;
        self.running = !outcome.terminated && !truncated;
        self.observer.write(&self.world, observation);
        Ok(Step { reward: outcome.reward, terminated: outcome.terminated, truncated })
    }

    fn save(&self, out: &mut Vec<u8>) -> bool {
        let saved =
            Saved { name: self.name, world: &self.world, task: &self.task, running: self.running };
        let bytes = postcard::to_stdvec(&saved).expect("numbers, lists and texts serialise");
        out.extend_from_slice(&bytes);
        true
    }

    fn restore(&mut self, state: &[u8]) -> Result<(), EnvError> {
        let wrong = |what: String| EnvError(format!("{}: saved state: {what}", self.name));
        let saved: Saved<String, World, T> =
            postcard::from_bytes(state).map_err(|e| wrong(e.to_string()))?;
        if saved.name != self.name {
            return Err(wrong(format!("it is one of {}", saved.name)));
        }
        let (setup, found) = (&self.world.setup, &saved.world.setup);
        let area = self.world.grid.area();
        if found != setup || saved.world.grid.area() != area {
            return Err(wrong(format!("it is of {found:?}, this environment of {setup:?}")));
        }
        if saved.running && !saved.world.grid.contains(saved.world.agent_pos) {
            return Err(wrong(format!("the agent is at {:?}", saved.world.agent_pos)));
        }
        self.world = saved.world;
        self.task = saved.task;
        self.running = saved.running;
        Ok(())
    }

    fn render(&self) -> Option<String> {
        Some(text::draw(&self.world))
    }

    fn render_rgb(&self, options: &RenderOptions) -> Option<Frame> {
        render::frame(&self.world, self.observer.view_size(), options)
    }
}
