//! Continual learning: what agents can do so that what comes later neither wipes out what was learned nor finds weights that learn no more.
//!
//! Options are independent and compose: [`Ewc`] holds weights back, [`Plasticity`] renews them, both when learning *turns*: when a block or task
//! that is learned begins after something was learned since the last turn. [`Replay`] goes on with what was lived long ago. No option
//! looks at labels; with hidden labels turns are the beginnings of blocks.

mod ewc;
mod plasticity;
mod replay;
mod reservoir;
mod vtrace;

pub(super) use ewc::Ewc;
pub(super) use plasticity::Plasticity;
pub(super) use replay::{Kept, Replay};

use super::checkpoint::{Places, damaged};
use super::learner::Learner;
use super::network::Network;
use super::steps::Steps;
use tch::Tensor;
use tella_agents::{AgentError, AgentInit};
use tella_rng::Generator;

/// What happens at turns, and to losses in between.
pub(super) struct Continual {
    ewc: Option<Ewc>,
    plasticity: Plasticity,
    /// Updates that the optimizer knew of at the last turn.
    turned: i64,
}

/// What is saved beside tensors: updates at the last turn, injections.
pub(super) type Saved = (i64, usize);

impl Continual {
    pub(super) fn new(init: &AgentInit<'_>, learner: &Learner) -> Result<Self, AgentError> {
        let plasticity = Plasticity::read(init.config)?;
        Ok(Self { ewc: Ewc::new(init.config, &learner.store)?, plasticity, turned: 0 })
    }

    /// Whether a turn does something, and something was learned since the last one.
    pub(super) fn is_due(&self, learner: &Learner) -> bool {
        (self.ewc.is_some() || self.plasticity != Plasticity::None)
            && learner.optimizer.updates() > self.turned
    }

    /// Steps lately lived that a turn wants to see, if any.
    pub(super) fn samples(&self) -> Option<usize> {
        self.ewc.as_ref().map(|ewc| ewc.samples)
    }

    /// Learning turns to something new; `lived` are steps of what was before, in stretches of their own. Says whether the network is
    /// another now. Draws what [`Ewc::consolidate`] draws, and one raw number where plasticity is renewed.
    pub(super) fn turn(
        &mut self,
        learner: &mut Learner,
        lived: Option<(&[Steps], usize)>,
        rng: &mut Generator,
    ) -> Result<bool, AgentError> {
        if let (Some(ewc), Some((stretches, burn_in))) = (&mut self.ewc, lived) {
            ewc.consolidate(&learner.network, stretches, burn_in, rng)?;
        }
        let renewed = match self.plasticity {
            Plasticity::None => false,
            _ => self.plasticity.renew(learner, rng.random_raw())?,
        };
        self.turned = learner.optimizer.updates();
        Ok(renewed)
    }

    /// A loss with what holds weights back.
    pub(super) fn held(&self, loss: Tensor) -> Tensor {
        match &self.ewc {
            Some(ewc) => loss + ewc.penalty(),
            None => loss,
        }
    }

    pub(super) fn places(&self) -> Places {
        self.ewc.as_ref().map(Ewc::places).unwrap_or_default()
    }

    pub(super) fn save(&self, network: &Network) -> Saved {
        (self.turned, network.injected())
    }

    /// Whether `saved` can be taken up.
    pub(super) fn check(&self, saved: Saved) -> Result<(), AgentError> {
        match saved.1 <= self.plasticity.pairs() {
            true => Ok(()),
            false => Err(damaged("learned", "it is of another architecture")),
        }
    }

    pub(super) fn restore(&mut self, (turned, injected): Saved, network: &mut Network) {
        self.turned = turned;
        network.fix(injected);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agents::eyes::Rows;
    use crate::agents::network::Before;

    /// A step at which these numbers are seen.
    pub(super) fn observed(numbers: &[f32]) -> Steps {
        Steps {
            seen: Rows { numbers: numbers.to_vec(), codes: Vec::new() },
            before: Before { actions: vec![3], rewards: vec![0.0] },
            actions: vec![0],
            rewards: vec![0.0],
            starts: vec![true],
            ends: vec![false],
            valid: vec![true],
        }
    }
}
