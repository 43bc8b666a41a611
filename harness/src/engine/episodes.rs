//! Episodes of one variant: which environment runs which, which environments
//! still count, and when the variant is over. The rules are TELLA's
//! (`tella.experiment.generate_transitions`).
//!
//! With a limit of `n` episodes, environment `i` starts with episode `i` and takes
//! the next number whenever it ends one; it takes part while its number is below
//! `n`. With a limit of `n` steps, environment `i` takes part while at least
//! `i + 1` steps are left. An environment that stopped taking part never
//! takes part again, and its steps are neither logged nor shown to the agent.

use serde::{Deserialize, Serialize};
use tella_curricula::Length;

/// One environment's episode under way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Episode {
    /// Its index in the variant, in order of starting.
    pub(super) index: u64,
    /// The seed it was reset with, where it was.
    pub(super) seed: Option<u64>,
    /// Sum of its rewards so far.
    pub(super) reward: f64,
    /// Its steps so far.
    pub(super) steps: u64,
    /// When it started, in nanoseconds of Unix time.
    pub(super) started_at: i64,
}

/// The counts of one variant; all a checkpoint has to remember of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EpisodesState {
    length: Length,
    /// The index of the first episode.
    first: u64,
    episodes: Vec<Episode>,
    next_index: u64,
    /// The index after the highest that was started.
    started: u64,
    finished: u64,
    steps: u64,
}

impl EpisodesState {
    /// A variant of `length` with `lanes` environments, nothing started, whose first
    /// episode has the index `first`: 0, but where it goes on from another.
    pub(super) fn new(length: Length, lanes: usize, first: u64) -> Self {
        let next_index = first + lanes as u64;
        let episodes =
            (first..next_index).map(|index| Episode { index, ..Episode::default() }).collect();
        let started = first;
        EpisodesState { length, first, episodes, next_index, started, finished: 0, steps: 0 }
    }

    /// The index with which a variant begins that goes on from this one: the one after
    /// the highest started.
    pub(super) fn next_variant_first(&self) -> u64 {
        self.started
    }

    /// Whether an index is within a limit of `n` episodes.
    fn within(&self, index: u64, n: u64) -> bool {
        index - self.first < n
    }

    /// Whether the variant is over.
    pub(super) fn is_over(&self) -> bool {
        match self.length {
            Length::Episodes(n) => self.finished >= n,
            Length::Steps(n) => self.steps >= n,
        }
    }

    /// Whether environment `lane` takes part in the next step.
    pub(super) fn takes_part(&self, lane: usize) -> bool {
        match self.length {
            Length::Episodes(n) => self.within(self.episodes[lane].index, n),
            Length::Steps(n) => (lane as u64) < n.saturating_sub(self.steps),
        }
    }

    /// Whether some environment may have stopped taking part, so that it is worth
    /// asking each.
    #[inline]
    pub(super) fn is_nearly_over(&self) -> bool {
        let lanes = self.episodes.len() as u64;
        match self.length {
            Length::Episodes(n) => self.next_index - self.first > n,
            Length::Steps(n) => n.saturating_sub(self.steps) < lanes,
        }
    }

    /// The episode under way in `lane`.
    pub(super) fn episode(&self, lane: usize) -> &Episode {
        &self.episodes[lane]
    }

    /// Notes that the episode of `lane` starts.
    pub(super) fn start(&mut self, lane: usize, seed: Option<u64>, now: i64) {
        let episode = &mut self.episodes[lane];
        *episode = Episode { index: episode.index, seed, started_at: now, ..Episode::default() };
        self.started = self.started.max(episode.index + 1);
    }

    /// Adds one step of `lane`; returns the episode's steps so far.
    #[inline]
    pub(super) fn add_step(&mut self, lane: usize, reward: f64) -> u64 {
        let episode = &mut self.episodes[lane];
        episode.reward += reward;
        episode.steps += 1;
        episode.steps
    }

    /// Adds the steps of a whole batch step.
    #[inline]
    pub(super) fn add_steps(&mut self, lanes: u64) {
        self.steps += lanes;
    }

    /// Ends the episode of `lane`, gives the lane its next number, and returns
    /// the episode that ended.
    pub(super) fn end(&mut self, lane: usize) -> Episode {
        let ended = self.episodes[lane];
        self.finished += 1;
        self.episodes[lane] = Episode { index: self.next_index, ..Episode::default() };
        self.next_index += 1;
        ended
    }

    /// Episodes cut by the variant's end, by environment: started, not finished.
    pub(super) fn cut(&self) -> impl Iterator<Item = (usize, &Episode)> {
        self.episodes.iter().enumerate().filter(|(_, e)| e.steps > 0)
    }

    /// Finished episodes or steps, in the unit of the variant's length.
    pub(super) fn done(&self) -> u64 {
        match self.length {
            Length::Episodes(n) => self.finished.min(n),
            Length::Steps(n) => self.steps.min(n),
        }
    }

    /// Steps so far, over all environments.
    pub(super) fn steps(&self) -> u64 {
        self.steps
    }

    /// Environments in the batch.
    pub(super) fn lanes(&self) -> usize {
        self.episodes.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// TELLA's own loop over masks, in the obvious way: which (lane, episode)
    /// pairs count, for episodes of the given lengths by lane and turn.
    fn finished_order(
        length: Length,
        lanes: usize,
        steps_of: impl Fn(u64) -> u64,
    ) -> Vec<(usize, u64)> {
        let mut state = EpisodesState::new(length, lanes, 0);
        let mut order = Vec::new();
        while !state.is_over() {
            let active: Vec<bool> = (0..lanes).map(|l| state.takes_part(l)).collect();
            for lane in (0..lanes).filter(|&l| active[l]) {
                let index = state.episode(lane).index;
                if state.add_step(lane, 1.0) == steps_of(index) {
                    assert_eq!(state.end(lane).index, index);
                    order.push((lane, index));
                }
            }
            state.add_steps(active.iter().filter(|a| **a).count() as u64);
        }
        order
    }

    /// Four episodes on three environments: episode 0 takes 5 steps, so that
    /// episodes 1 and 2 (2 steps) end first and environment 1 runs episode 3.
    #[test]
    fn first_finished_takes_the_next_episode() {
        let order = finished_order(Length::Episodes(4), 3, |e| if e == 0 { 5 } else { 2 });
        assert_eq!(order, [(1, 1), (2, 2), (1, 3), (0, 0)]);
    }

    /// More environments than episodes: the surplus never takes part.
    #[test]
    fn surplus_environments_are_masked() {
        assert_eq!(finished_order(Length::Episodes(1), 3, |_| 4), [(0, 0)]);
    }

    /// Seven steps on three environments: two full steps of the batch, then one
    /// in which only environment 0 takes part; episodes under way are cut.
    #[test]
    fn step_limit_is_met_exactly() {
        let mut state = EpisodesState::new(Length::Steps(7), 3, 0);
        let mut taken = Vec::new();
        while !state.is_over() {
            let active = (0..3).filter(|&l| state.takes_part(l)).count();
            for lane in 0..active {
                state.add_step(lane, 1.0);
            }
            state.add_steps(active as u64);
            taken.push(active);
        }
        assert_eq!(taken, [3, 3, 1]);
        assert_eq!(
            state.cut().map(|(l, e)| (l, e.steps)).collect::<Vec<_>>(),
            [(0, 3), (1, 2), (2, 2)]
        );
    }

    /// Five episodes, then five more from index 5 on: each index once, by whichever
    /// environment is free. By steps, the second part begins after the last started.
    #[test]
    fn a_variant_that_goes_on_counts_on() {
        let mut state = EpisodesState::new(Length::Episodes(5), 2, 5);
        let mut order = Vec::new();
        (0..2).for_each(|lane| state.start(lane, None, 0));
        while !state.is_over() {
            for lane in (0..2).filter(|&lane| state.takes_part(lane)).collect::<Vec<_>>() {
                order.push(state.end(lane).index);
                if state.takes_part(lane) {
                    state.start(lane, None, 0);
                }
            }
        }
        assert_eq!(order, [5, 6, 7, 8, 9]);
        assert_eq!(state.next_variant_first(), 10);

        let mut state = EpisodesState::new(Length::Steps(3), 4, 7);
        (0..4).filter(|&lane| state.takes_part(lane)).collect::<Vec<_>>().into_iter().for_each(
            |lane| {
                state.start(lane, None, 0);
            },
        );
        assert_eq!(state.next_variant_first(), 10, "three of four environments take part");
    }
}
