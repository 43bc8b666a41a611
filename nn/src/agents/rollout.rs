//! Steps that were lived and are not learned from yet.

use super::eyes::{Eyes, Rows};
use super::network::Before;
use serde::{Deserialize, Serialize};

/// What is kept of a step beside what was seen: one element for each lane and step, step after step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Rollout {
    pub(super) seen: Rows,
    pub(super) before: Before,
    pub(super) actions: Vec<i64>,
    /// Logarithm of the probability with which the action was chosen.
    pub(super) log_probs: Vec<f32>,
    pub(super) values: Vec<f32>,
    /// Rewards, and the value of what followed where an episode was cut.
    pub(super) rewards: Vec<f32>,
    /// Whether the step began an episode.
    pub(super) starts: Vec<bool>,
    /// Whether the episode ended with the step.
    pub(super) ends: Vec<bool>,
    /// Whether the lane took part.
    pub(super) valid: Vec<bool>,
}

/// Advantages and the returns that values should have been, as the steps lie.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Targets {
    pub(super) advantages: Vec<f32>,
    pub(super) returns: Vec<f32>,
}

impl Rollout {
    /// Steps of all lanes.
    pub(super) fn len(&self) -> usize {
        self.actions.len()
    }

    /// Whether it is of `lanes` lanes that see with `eyes` and have this many actions.
    pub(super) fn fits(&self, eyes: &Eyes, lanes: usize, actions: i64) -> bool {
        let steps = self.len();
        let lengths = [self.log_probs.len(), self.values.len(), self.rewards.len()];
        let flags = [self.starts.len(), self.ends.len(), self.valid.len()];
        steps.is_multiple_of(lanes)
            && lengths == [steps; 3]
            && flags == [steps; 3]
            && self.actions.iter().all(|action| (0..actions).contains(action))
            && eyes.holds(&self.seen, steps)
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
        let mut advantages = vec![0.0; self.len()];
        for (lane, last) in last.iter().enumerate() {
            let (mut advantage, mut following, mut goes_on) = (0.0, *last, true);
            for i in (lane..self.len()).step_by(lanes).rev() {
                if !self.valid[i] {
                    goes_on = false;
                    continue;
                }
                let goes = if self.ends[i] || !goes_on { 0.0 } else { discount };
                let error = self.rewards[i] + goes * following - self.values[i];
                advantage = error + goes * lambda * advantage;
                advantages[i] = advantage;
                (following, goes_on) = (self.values[i], true);
            }
        }
        let returns = advantages.iter().zip(&self.values).map(|(a, v)| a + v).collect();
        Targets { advantages, returns }
    }

    /// The steps `chosen`, in that order: what was seen and what was before.
    pub(super) fn chosen(&self, eyes: &Eyes, chosen: &[usize]) -> (Rows, Before) {
        let (numbers, codes) = eyes.widths();
        let mut rows = Rows::default();
        for &i in chosen {
            rows.numbers.extend_from_slice(&self.seen.numbers[i * numbers..(i + 1) * numbers]);
            rows.codes.extend_from_slice(&self.seen.codes[i * codes..(i + 1) * codes]);
        }
        let before = Before {
            actions: chosen.iter().map(|&i| self.before.actions[i]).collect(),
            rewards: chosen.iter().map(|&i| self.before.rewards[i]).collect(),
        };
        (rows, before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tella_rng::Generator;

    /// Against the sum that the recursion stands for, in which an episode's end stops everything.
    #[test]
    fn advantages_are_discounted_sums_of_errors() {
        let (lanes, steps, discount, lambda) = (3, 17, 0.9_f32, 0.8_f32);
        let mut rng = Generator::new(4);
        let mut numbers = |n: usize| -> Vec<f32> { (0..n).map(|_| rng.random() as f32).collect() };
        let count = lanes * steps;
        let (rewards, values, last) = (numbers(count), numbers(count), numbers(lanes));
        let ends: Vec<bool> = numbers(count).iter().map(|x| *x < 0.2).collect();
        let rollout = Rollout {
            actions: vec![0; count],
            rewards: rewards.clone(),
            values: values.clone(),
            ends: ends.clone(),
            valid: vec![true; count],
            ..Rollout::default()
        };
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
        let rollout = Rollout {
            actions: vec![0; 3],
            rewards: vec![1.0, 100.0, 2.0],
            values: vec![0.0; 3],
            ends: vec![false; 3],
            valid: vec![true, false, true],
            ..Rollout::default()
        };
        let found = rollout.targets(1, &[0.0], 1.0, 1.0);
        assert_eq!(found.advantages, [1.0, 0.0, 2.0]);
    }
}
