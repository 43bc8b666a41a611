//! What `ppo` lived and has not learned from yet.

use super::eyes::Eyes;
use super::steps::{Steps, picked};
use serde::{Deserialize, Serialize};
use tella_rng::Generator;

/// Steps, and what acting thought at each. A reward includes the value of what followed where an episode was cut.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Rollout {
    pub(super) steps: Steps,
    /// Logarithms of the probabilities of all actions, a step after another.
    pub(super) log_probs: Vec<f32>,
    pub(super) values: Vec<f32>,
}

/// Advantages and the returns that values should have been, as the steps lie.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Targets {
    pub(super) advantages: Vec<f32>,
    pub(super) returns: Vec<f32>,
}

impl Rollout {
    /// Steps of all lanes.
    pub(super) fn len(&self) -> usize {
        self.steps.len()
    }

    /// Logarithms of the probabilities of the actions taken.
    pub(super) fn taken(&self) -> Vec<f32> {
        let actions = self.log_probs.len() / self.len().max(1);
        let taken = |(i, action): (usize, &i64)| self.log_probs[i * actions + *action as usize];
        self.steps.actions.iter().enumerate().map(taken).collect()
    }

    /// Whether it is of `lanes` lanes that see with `eyes` and have this many actions.
    pub(super) fn fits(&self, eyes: &Eyes, lanes: usize, actions: i64) -> bool {
        self.steps.fits(eyes, lanes, actions)
            && self.log_probs.len() == self.len() * actions as usize
            && self.values.len() == self.len()
    }

    /// Adds what `other` lived.
    pub(super) fn extend(&mut self, other: Rollout) {
        self.steps.extend(other.steps);
        self.log_probs.extend(other.log_probs);
        self.values.extend(other.values);
    }

    /// Generalized advantages (Schulman et al. 2016, equation 16): A_t = d_t + discount lambda A_{t+1} within
    /// an episode, d_t = r_t + discount V(s_{t+1}) - V(s_t). `last` holds the values of what follows the last steps.
    pub(super) fn targets(
        &self,
        lanes: usize,
        last: &[f32],
        discount: f32,
        lambda: f32,
    ) -> Targets {
        let Steps { rewards, ends, valid, .. } = &self.steps;
        let mut advantages = vec![0.0; self.values.len()];
        // Of each lane its advantage at the step that follows, its value there, and whether that is the next one.
        let mut after: Vec<_> = last.iter().map(|last| (0.0, *last, true)).collect();
        for i in (0..self.values.len()).rev() {
            let (advantage, following, goes_on) = &mut after[i % lanes];
            if !valid[i] {
                *goes_on = false;
                continue;
            }
            let goes = if ends[i] || !*goes_on { 0.0 } else { discount };
            let error = rewards[i] + goes * *following - self.values[i];
            advantages[i] = error + goes * lambda * *advantage;
            (*advantage, *following, *goes_on) = (advantages[i], self.values[i], true);
        }
        let returns = advantages.iter().zip(&self.values).map(|(a, v)| a + v).collect();
        Targets { advantages, returns }
    }

    /// Steps of each minibatch of about `batch`, drawn: all of some lanes, one lane after another, where `whole`
    /// holds, single ones otherwise.
    pub(super) fn minibatches(
        &self,
        rng: &mut Generator,
        lanes: usize,
        batch: usize,
        whole: bool,
    ) -> Vec<Vec<usize>> {
        if !whole {
            let mut steps: Vec<usize> = (0..self.len()).filter(|i| self.steps.valid[*i]).collect();
            rng.shuffle(&mut steps);
            return steps.chunks(batch).map(<[usize]>::to_vec).collect();
        }
        let mut order: Vec<usize> = (0..lanes).collect();
        rng.shuffle(&mut order);
        let together = (batch / (self.len() / lanes)).max(1);
        order.chunks(together).map(|some| self.of_lanes(some, lanes)).collect()
    }

    /// All steps of the lanes `some` of `lanes`, one lane after another.
    pub(super) fn of_lanes(&self, some: &[usize], lanes: usize) -> Vec<usize> {
        some.iter().flat_map(|lane| (*lane..self.len()).step_by(lanes)).collect()
    }

    /// The steps `chosen`, in that order, of which each had `actions`.
    pub(super) fn chosen(&self, eyes: &Eyes, actions: i64, chosen: &[usize]) -> Rollout {
        let actions = actions as usize;
        let all = |i: &usize| &self.log_probs[i * actions..(i + 1) * actions];
        Rollout {
            steps: self.steps.chosen(eyes, chosen),
            log_probs: chosen.iter().flat_map(all).copied().collect(),
            values: picked(&self.values, chosen),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against the sum that the recursion stands for, in which an episode's end stops everything.
    #[test]
    fn advantages_are_discounted_sums_of_errors() {
        let (lanes, steps, discount, lambda) = (3, 17, 0.9_f32, 0.8_f32);
        let mut rng = Generator::new(4);
        let mut numbers = |n: usize| -> Vec<f32> { (0..n).map(|_| rng.random() as f32).collect() };
        let count = lanes * steps;
        let (rewards, values, last) = (numbers(count), numbers(count), numbers(lanes));
        let ends: Vec<bool> = numbers(count).iter().map(|x| *x < 0.2).collect();
        let rollout = lived(&rewards, &values, &ends, &vec![true; count]);
        let found = rollout.targets(lanes, &last, discount, lambda);
        for (lane, last) in last.iter().enumerate() {
            let at = |t: usize| t * lanes + lane;
            let next = |t: usize| if t + 1 < steps { values[at(t + 1)] } else { *last };
            for t in 0..steps {
                let end = (t..steps).find(|t| ends[at(*t)]);
                let until = end.unwrap_or(steps - 1);
                let sum: f32 = (t..=until)
                    .map(|u| {
                        let goes = if end == Some(u) { 0.0 } else { discount };
                        let error = rewards[at(u)] + goes * next(u) - values[at(u)];
                        (discount * lambda).powi((u - t) as i32) * error
                    })
                    .sum();
                assert!((found.advantages[at(t)] - sum).abs() < 1e-5, "lane {lane}, step {t}");
                assert_eq!(found.returns[at(t)], found.advantages[at(t)] + values[at(t)]);
            }
        }
    }

    #[test]
    fn a_lane_that_takes_no_part_ends_what_came_before() {
        let rollout = lived(&[1.0, 100.0, 2.0], &[0.0; 3], &[false; 3], &[true, false, true]);
        let found = rollout.targets(1, &[0.0], 1.0, 1.0);
        assert_eq!(found.advantages, [1.0, 0.0, 2.0]);
    }

    fn lived(rewards: &[f32], values: &[f32], ends: &[bool], valid: &[bool]) -> Rollout {
        let steps = Steps {
            actions: vec![0; rewards.len()],
            rewards: rewards.to_vec(),
            ends: ends.to_vec(),
            valid: valid.to_vec(),
            ..Steps::default()
        };
        Rollout { steps, values: values.to_vec(), log_probs: Vec::new() }
    }
}
