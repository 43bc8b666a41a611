//! A rollout where it is learned from: on the network's device once, and in parts from then on.

use super::choice::{flags, shares};
use super::network::{Network, Observed};
use super::rollout::{Rollout, Targets};
use tch::Tensor;

/// Steps, one a row.
#[derive(Debug)]
pub(super) struct Lesson {
    /// What was seen, where the network reads one step at a time.
    pub(super) observed: Option<Observed>,
    /// Actions (N).
    pub(super) actions: Tensor,
    /// Logarithms of the probabilities that they had (N).
    pub(super) log_probs: Tensor,
    /// Advantages and returns (N).
    pub(super) advantages: Tensor,
    pub(super) returns: Tensor,
    /// 1 where the lane took part, 0 elsewhere (N).
    valid: Tensor,
}

impl Lesson {
    /// All steps of `rollout`.
    pub(super) fn new(rollout: &Rollout, targets: &Targets, network: &Network) -> Self {
        let on = |t: Tensor| t.to_device(network.device());
        Self {
            observed: (!network.has_stack()).then(|| network.observed(&rollout.steps.seen)),
            actions: on(Tensor::from_slice(&rollout.steps.actions)),
            log_probs: on(Tensor::from_slice(&rollout.taken())),
            advantages: on(Tensor::from_slice(&targets.advantages)),
            returns: on(Tensor::from_slice(&targets.returns)),
            valid: flags(&rollout.steps.valid, network.device()),
        }
    }

    /// The numbers of the steps of `parts`, each as [`Lesson::part`] takes it. They go to the device at once, as each
    /// copy waits for what is computed there.
    pub(super) fn order(&self, parts: &[Vec<usize>]) -> Vec<Tensor> {
        let steps: Vec<i64> = parts.iter().flatten().map(|i| *i as i64).collect();
        let lengths: Vec<i64> = parts.iter().map(|part| part.len() as i64).collect();
        Tensor::from_slice(&steps).to_device(self.actions.device()).split_with_sizes(&lengths, 0)
    }

    /// The steps `chosen`, in that order.
    pub(super) fn part(&self, chosen: &Tensor) -> Self {
        let of = |t: &Tensor| t.index_select(0, chosen);
        Self {
            observed: self.observed.as_ref().map(|observed| observed.chosen(chosen)),
            actions: of(&self.actions),
            log_probs: of(&self.log_probs),
            advantages: of(&self.advantages),
            returns: of(&self.returns),
            valid: of(&self.valid),
        }
    }

    /// The share of each step in a mean over those that count (N).
    pub(super) fn shares(&self) -> Tensor {
        shares(&self.valid)
    }
}
