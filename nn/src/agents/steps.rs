//! Steps that were lived, as agents keep them until they have learned from them.

use super::eyes::{Eyes, Rows};
use super::network::Before;
use serde::{Deserialize, Serialize};

/// One element for each lane and step, step after step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Steps {
    pub(super) seen: Rows,
    pub(super) before: Before,
    /// Actions, counted from 0.
    pub(super) actions: Vec<i64>,
    pub(super) rewards: Vec<f32>,
    /// Whether the step began an episode.
    pub(super) starts: Vec<bool>,
    /// Whether nothing that follows counts, as the episode ended with the step.
    pub(super) ends: Vec<bool>,
    /// Whether the lane took part.
    pub(super) valid: Vec<bool>,
}

impl Steps {
    /// Steps of all lanes.
    pub(super) fn len(&self) -> usize {
        self.actions.len()
    }

    /// Whether they are of `lanes` lanes that see with `eyes` and have this many actions.
    pub(super) fn fits(&self, eyes: &Eyes, lanes: usize, actions: i64) -> bool {
        let steps = self.len();
        let flags = [self.starts.len(), self.ends.len(), self.valid.len()];
        steps.is_multiple_of(lanes)
            && self.rewards.len() == steps
            && flags == [steps; 3]
            && self.actions.iter().all(|action| (0..actions).contains(action))
            && eyes.holds(&self.seen, steps)
            && self.before.fits(steps, actions)
    }

    /// Adds the steps of `other`.
    pub(super) fn extend(&mut self, other: Steps) {
        self.seen.extend(&other.seen);
        self.before.actions.extend(other.before.actions);
        self.before.rewards.extend(other.before.rewards);
        self.actions.extend(other.actions);
        self.rewards.extend(other.rewards);
        self.starts.extend(other.starts);
        self.ends.extend(other.ends);
        self.valid.extend(other.valid);
    }

    /// Puts `other` in the place of as many steps from `at` on.
    pub(super) fn replace(&mut self, eyes: &Eyes, at: usize, other: &Steps) {
        let places = at..at + other.len();
        eyes.replace(&mut self.seen, at, &other.seen);
        self.before.actions[places.clone()].copy_from_slice(&other.before.actions);
        self.before.rewards[places.clone()].copy_from_slice(&other.before.rewards);
        self.actions[places.clone()].copy_from_slice(&other.actions);
        self.rewards[places.clone()].copy_from_slice(&other.rewards);
        self.starts[places.clone()].copy_from_slice(&other.starts);
        self.ends[places.clone()].copy_from_slice(&other.ends);
        self.valid[places].copy_from_slice(&other.valid);
    }

    /// The steps `chosen`, in that order.
    pub(super) fn chosen(&self, eyes: &Eyes, chosen: &[usize]) -> Steps {
        Steps {
            seen: eyes.chosen(&self.seen, chosen),
            before: Before {
                actions: picked(&self.before.actions, chosen),
                rewards: picked(&self.before.rewards, chosen),
            },
            actions: picked(&self.actions, chosen),
            rewards: picked(&self.rewards, chosen),
            starts: picked(&self.starts, chosen),
            ends: picked(&self.ends, chosen),
            valid: picked(&self.valid, chosen),
        }
    }

    /// The stretches of `length` steps that these are, one after another.
    pub(super) fn stretches(&self, eyes: &Eyes, length: usize) -> Vec<Steps> {
        let begins = (0..self.len()).step_by(length);
        let of = |begin| self.chosen(eyes, &(begin..begin + length).collect::<Vec<_>>());
        begins.map(of).collect()
    }

    /// Of stretches of `length` steps, one after another, from before which nothing is known: the steps whose history is,
    /// since their episode began in the stretch, or at least its last `burn_in` steps.
    pub(super) fn heard(&self, length: usize, burn_in: usize) -> Vec<bool> {
        let of = |starts: &[bool]| {
            let first = starts.iter().position(|start| *start).unwrap_or(usize::MAX);
            (0..starts.len()).map(move |i| i >= first.min(burn_in)).collect::<Vec<_>>()
        };
        self.starts.chunks(length).flat_map(of).collect()
    }
}

/// The values at `chosen`, in that order.
pub(super) fn picked<T: Copy>(values: &[T], chosen: &[usize]) -> Vec<T> {
    chosen.iter().map(|i| values[*i]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_history_is_known_from_a_beginning_or_a_while_on() {
        let starts = [false, true, false, false, false, false, false, true];
        let steps = Steps { starts: starts.to_vec(), ..Steps::default() };
        let heard = [false, true, true, true, false, false, true, true];
        assert_eq!(steps.heard(4, 2), heard);
    }
}
