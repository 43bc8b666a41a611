//! A network that learns.

use super::continual::Plasticity;
use super::eyes::Eyes;
use super::network::{Blueprint, Network};
use super::options::{self, number};
use crate::{AdamW, NnError, Rates};
use tch::Tensor;
use tch::nn::VarStore;
use tella_agents::{AgentError, AgentInit};
use tella_envs::int_param;

/// A network, its weights and what changes them.
pub(super) struct Learner {
    pub(super) blueprint: Blueprint,
    pub(super) network: Network,
    pub(super) store: VarStore,
    pub(super) optimizer: AdamW,
    max_norm: f64,
}

impl Learner {
    /// Draws the weights of a network for `agent`'s parameters; each of `heads` has outputs and a scale of its last weights.
    pub(super) fn new(
        init: &AgentInit<'_>,
        eyes: &Eyes,
        num_actions: i64,
        heads: &[(i64, f64)],
    ) -> Result<Self, AgentError> {
        let blueprint = Blueprint {
            // Before anything else of libtorch.
            device: options::device(init.config)?,
            widths: eyes.widths(),
            num_actions,
            hidden: int_param(init.config, "hidden")?,
            heads: heads.to_vec(),
            stack: options::stack(init.config)?,
            reads_lifetime: options::reads_lifetime(init.config)?,
            pairs: Plasticity::read(init.config)?.pairs(),
        };
        let (mut network, store) = blueprint.draw(init.rng_seed).map_err(failed)?;
        let rates = Rates::new(number(init.config, "learning_rate")?, 0.0);
        let optimizer = AdamW::new(&store, rates);
        network.fix(0);
        Ok(Self {
            blueprint,
            network,
            store,
            optimizer,
            max_norm: number(init.config, "max_norm")?,
        })
    }

    /// Learns by the gradient of `loss`.
    pub(super) fn update(&mut self, loss: &Tensor) -> Result<(), AgentError> {
        let norm = match loss.double_value(&[]).is_finite() {
            true => self.optimizer.update(loss, Some(self.max_norm)).double_value(&[]),
            false => f64::NAN,
        };
        match norm.is_finite() {
            true => Ok(()),
            false => Err(AgentError::Failed(format!(
                "the loss of update {} is not a number; lower `learning_rate`",
                self.optimizer.updates()
            ))),
        }
    }
}

pub(super) fn failed(error: NnError) -> AgentError {
    AgentError::Failed(error.to_string())
}
