//! Replay memory: the last steps of all lanes.

use super::eyes::Eyes;
use super::steps::Steps;
use serde::{Deserialize, Serialize};
use tella_rng::Generator;

/// A ring of moments, each with a step of every lane.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Memory {
    steps: Steps,
    /// The moment that is forgotten next, once there is no more room.
    oldest: usize,
}

impl Memory {
    /// Whether it is of `lanes` lanes that see with `eyes` and have this many actions, and has room for `capacity` moments.
    pub(super) fn fits(&self, eyes: &Eyes, lanes: usize, actions: i64, capacity: usize) -> bool {
        let moments = self.steps.len() / lanes;
        self.steps.fits(eyes, lanes, actions)
            && moments <= capacity
            && (self.oldest == 0 || (moments == capacity && self.oldest < moments))
    }

    /// Keeps a moment; the oldest one makes room where there are `capacity`.
    pub(super) fn keep(&mut self, eyes: &Eyes, moment: Steps, capacity: usize) {
        let lanes = moment.len();
        if self.steps.len() < capacity * lanes {
            return self.steps.extend(moment);
        }
        self.steps.replace(eyes, self.oldest * lanes, &moment);
        self.oldest = (self.oldest + 1) % capacity;
    }

    /// Steps of all lanes.
    pub(super) fn len(&self) -> usize {
        self.steps.len()
    }

    /// `count` stretches of `length` steps, each of one lane, one stretch after another: every one that is kept is as likely
    /// as any other. Draws a moment and a lane for each. `None` where fewer moments are kept.
    pub(super) fn stretches(
        &self,
        rng: &mut Generator,
        eyes: &Eyes,
        lanes: usize,
        (count, length): (usize, usize),
    ) -> Option<Steps> {
        let moments = self.steps.len() / lanes;
        let begins = moments.checked_sub(length)? + 1;
        let mut chosen = Vec::with_capacity(count * length);
        for _ in 0..count {
            let first = self.oldest + rng.integers(0, begins as i64) as usize;
            let lane = rng.integers(0, lanes as i64) as usize;
            chosen.extend((first..first + length).map(|moment| moment % moments * lanes + lane));
        }
        Some(self.steps.chosen(eyes, &chosen))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agents::eyes::Rows;
    use crate::agents::network::Before;
    use tella_envs::{Dtype, Space};

    /// Two lanes whose rewards count moments; room for five of which eight came.
    #[test]
    fn stretches_are_of_the_last_moments_in_their_order() {
        let eyes = Eyes::new("test", &Space::uniform_box(0.0, 9.0, &[1], Dtype::Float32)).unwrap();
        let mut memory = Memory::default();
        for moment in 0..8 {
            let numbers = vec![moment as f32, 100.0 + moment as f32];
            let steps = Steps {
                seen: Rows { numbers: numbers.clone(), codes: Vec::new() },
                before: Before { actions: vec![0; 2], rewards: vec![0.0; 2] },
                actions: vec![0; 2],
                rewards: numbers,
                starts: vec![false; 2],
                ends: vec![false; 2],
                valid: vec![true; 2],
            };
            memory.keep(&eyes, steps, 5);
            assert!(memory.fits(&eyes, 2, 1, 5));
        }
        let mut rng = Generator::new(1);
        let mut drawn = std::collections::BTreeMap::new();
        for _ in 0..3000 {
            let steps = memory.stretches(&mut rng, &eyes, 2, (2, 3)).unwrap();
            assert_eq!(steps.rewards, steps.seen.numbers);
            for stretch in steps.rewards.chunks(3) {
                assert!(stretch[1] == stretch[0] + 1.0 && stretch[2] == stretch[0] + 2.0);
                *drawn.entry(stretch[0] as i64).or_insert(0) += 1;
            }
        }
        // Six begins, a thousand draws each: 5 deviations are 145.
        assert_eq!(drawn.keys().copied().collect::<Vec<_>>(), [3, 4, 5, 103, 104, 105]);
        assert!(drawn.values().all(|n: &i32| (n - 1000).abs() < 145), "{drawn:?}");
        assert!(memory.stretches(&mut rng, &eyes, 2, (2, 6)).is_none());
    }
}
