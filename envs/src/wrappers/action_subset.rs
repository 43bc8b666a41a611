//! Fewer actions, or the same in another order.

use super::adapter::Actions;
use crate::{Batch, EnvError, EnvFault, Frame, RenderOptions, Space, StepBatch, VecEnv};

/// The old action behind each new one, and the new action space.
pub(super) fn plan(space: &Space, actions: &Actions) -> Result<(Vec<i64>, Space), EnvError> {
    let Space::Discrete { n, start } = *space else {
        return Err(EnvError(format!("action-subset is for Discrete actions, not {space}")));
    };
    let old: Vec<i64> = match actions {
        Actions::First { n: count } if *count > n => {
            return Err(EnvError(format!("{space} has no {count} actions to choose from")));
        }
        Actions::First { n: count } => (start..start + count).collect(),
        Actions::Listed(list) => list.clone(),
    };
    if old.is_empty() {
        return Err(EnvError("action-subset leaves no action".into()));
    }
    if let Some(wrong) = old.iter().find(|a| !(start..start + n).contains(a)) {
        return Err(EnvError(format!("action-subset names action {wrong}, not one of {space}")));
    }
    let space = Space::discrete(old.len() as i64);
    Ok((old, space))
}

/// A batch with other actions.
pub(super) struct ActionSubset {
    inner: Box<dyn VecEnv>,
    /// The old action behind each new one.
    old: Vec<i64>,
    space: Space,
    /// What the inner batch is given.
    actions: Batch,
}

impl ActionSubset {
    /// Leaves of the actions of `inner` those that `actions` says.
    pub(super) fn new(inner: Box<dyn VecEnv>, actions: &Actions) -> Result<Self, EnvError> {
        let (old, space) = plan(inner.action_space(), actions)?;
        let actions = Batch::new(inner.action_space(), inner.num_envs());
        Ok(ActionSubset { inner, old, space, actions })
    }
}

impl VecEnv for ActionSubset {
    fn observation_space(&self) -> &Space {
        self.inner.observation_space()
    }

    fn action_space(&self) -> &Space {
        &self.space
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
        self.inner.reset(lane, seed, observations)
    }

    fn step(
        &mut self,
        actions: &Batch,
        active: &[bool],
        out: &mut StepBatch,
    ) -> Result<(), EnvFault> {
        for lane in (0..active.len()).filter(|&lane| active[lane]) {
            let new = actions.lane(lane).i64(0)[0];
            let old = usize::try_from(new).ok().and_then(|i| self.old.get(i)).ok_or_else(|| {
                let last = self.old.len() - 1;
                EnvFault { lane, error: EnvError(format!("action {new} is outside 0 to {last}")) }
            })?;
            self.actions.lane_mut(lane).i64(0)[0] = *old;
        }
        self.inner.step(&self.actions, active, out)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_actions_stand_for_old_ones() {
        let space = Space::Discrete { n: 4, start: 2 };
        let (old, new) = plan(&space, &Actions::First { n: 3 }).unwrap();
        assert_eq!((old, new), (vec![2, 3, 4], Space::discrete(3)));
        let (old, new) = plan(&space, &Actions::Listed(vec![5, 2, 2])).unwrap();
        assert_eq!((old, new), (vec![5, 2, 2], Space::discrete(3)));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let space = Space::discrete(4);
        let listed = |list: &[i64]| Actions::Listed(list.to_vec());
        for actions in
            [Actions::First { n: 5 }, Actions::First { n: 0 }, listed(&[]), listed(&[0, 4])]
        {
            assert!(plan(&space, &actions).is_err(), "{actions:?}");
        }
        assert!(plan(&Space::MultiBinary { shape: vec![2] }, &listed(&[0])).is_err());
    }
}
