//! The world as an environment.

use super::picture;
use super::settings::Settings;
use super::world::World;
use crate::state::{self, bad_action};
use crate::{Dtype, Env, EnvError, Frame, Lane, LaneMut, RenderOptions, Space, Step};

/// A world and the agent's view of it. It never ends, and a reset without a seed changes
/// nothing.
#[derive(Debug)]
pub struct Forager {
    world: World,
}

impl Forager {
    /// The world of seed 0.
    pub fn new(settings: Settings) -> Self {
        Forager { world: World::new(settings, 0) }
    }
}

impl Env for Forager {
    fn observation_space(&self) -> Space {
        let Settings { view_size, kinds, .. } = *self.world.settings();
        Space::uniform_box(0.0, kinds as f64, &[view_size, view_size], Dtype::Uint8)
    }

    fn action_space(&self) -> Space {
        Space::discrete(4)
    }

    fn reset(&mut self, seed: Option<u64>, observation: &mut LaneMut<'_>) -> Result<(), EnvError> {
        if let Some(seed) = seed {
            self.world.make_anew(seed);
        }
        self.world.view(observation.u8(0));
        Ok(())
    }

    #[inline]
    fn step(&mut self, action: Lane<'_>, observation: &mut LaneMut<'_>) -> Result<Step, EnvError> {
        let action = action.i64(0)[0];
        let reward = self.world.step(action).ok_or_else(|| bad_action(action, 4))?;
        self.world.view(observation.u8(0));
        Ok(Step { reward, terminated: false, truncated: false })
    }

    fn save(&self, out: &mut Vec<u8>) -> bool {
        state::save(&self.world.save(), out);
        true
    }

    fn restore(&mut self, state: &[u8]) -> Result<(), EnvError> {
        self.world.restore(state::restore(state)?)
    }

    fn render(&self) -> Option<String> {
        Some(self.world.draw())
    }

    fn render_rgb(&self, options: &RenderOptions) -> Option<Frame> {
        Some(picture::draw(&self.world, options))
    }
}
