//! A batch whose observations are translated on their way out.

use crate::{
    Batch, EnvError, EnvFault, Frame, Lane, LaneMut, RenderOptions, Space, StepBatch, VecEnv,
};

/// Translates one observation.
pub(super) trait ObservationMap: Send {
    /// Writes the translation of `from` to `to`, all of it. Fails where `from` does not
    /// lie in its space.
    fn apply(&self, from: Lane<'_>, to: &mut LaneMut<'_>) -> Result<(), EnvError>;
}

/// A batch seen through an [`ObservationMap`]. Saving and restoring pass through: the
/// translation has no state.
pub(super) struct Adapted<M> {
    inner: Box<dyn VecEnv>,
    map: M,
    space: Space,
    /// What the inner batch writes to.
    step: StepBatch,
}

impl<M: ObservationMap> Adapted<M> {
    /// Puts a map, planned for the observation space of `inner`, and the space it leads
    /// to around `inner`.
    pub(super) fn new(inner: Box<dyn VecEnv>, (map, space): (M, Space)) -> Self {
        let step = StepBatch::new(inner.observation_space(), inner.num_envs());
        Adapted { inner, map, space, step }
    }

    fn translate(&self, lane: usize, observations: &mut Batch) -> Result<(), EnvFault> {
        self.map
            .apply(self.step.observations.lane(lane), &mut observations.lane_mut(lane))
            .map_err(|error| EnvFault { lane, error })
    }
}

impl<M: ObservationMap> VecEnv for Adapted<M> {
    fn observation_space(&self) -> &Space {
        &self.space
    }

    fn action_space(&self) -> &Space {
        self.inner.action_space()
    }

    fn num_envs(&self) -> usize {
        self.inner.num_envs()
    }

    fn begin_episode(&mut self, lane: usize, episode: u64) -> Result<(), EnvFault> {
        self.inner.begin_episode(lane, episode)
    }

    fn reset(
        &mut self,
        lane: usize,
        seed: Option<u64>,
        observations: &mut Batch,
    ) -> Result<(), EnvFault> {
        self.inner.reset(lane, seed, &mut self.step.observations)?;
        self.translate(lane, observations)
    }

    fn step(
        &mut self,
        actions: &Batch,
        active: &[bool],
        out: &mut StepBatch,
    ) -> Result<(), EnvFault> {
        self.inner.step(actions, active, &mut self.step)?;
        for lane in (0..active.len()).filter(|&lane| active[lane]) {
            out.rewards[lane] = self.step.rewards[lane];
            out.terminated[lane] = self.step.terminated[lane];
            out.truncated[lane] = self.step.truncated[lane];
            self.translate(lane, &mut out.observations)?;
        }
        Ok(())
    }

    fn save(&self) -> Option<Vec<u8>> {
        self.inner.save()
    }

    fn restore(&mut self, state: &[u8]) -> Result<(), EnvError> {
        self.inner.restore(state)
    }

    fn render(&self, lane: usize) -> Option<String> {
        self.inner.render(lane)
    }

    fn render_rgb(&self, lane: usize, options: &RenderOptions) -> Option<Frame> {
        self.inner.render_rgb(lane, options)
    }
}
