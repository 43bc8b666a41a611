//! A network that learns.

use super::eyes::Eyes;
use super::network::Network;
use super::options::{self, number};
use crate::{AdamW, NnError, Params, Rates};
use tch::{Tensor, nn};
use tella_agents::{AgentError, AgentInit};
use tella_envs::int_param;

/// A network, its weights and what changes them.
pub(super) struct Learner {
    pub(super) network: Network,
    pub(super) store: nn::VarStore,
    pub(super) optimizer: AdamW,
    max_norm: f64,
}

impl Learner {
    /// Draws the weights of a network for `agent`'s parameters; `heads` are [`Network::new`]'s.
    pub(super) fn new(
        init: &AgentInit<'_>,
        eyes: &Eyes,
        num_actions: i64,
        heads: &[(i64, f64)],
    ) -> Result<Self, AgentError> {
        let (network, store) = network(init, eyes, num_actions, heads, init.rng_seed)?;
        let rates = Rates::new(number(init.config, "learning_rate")?, 0.0);
        let optimizer = AdamW::new(&store, rates);
        Ok(Self { network, store, optimizer, max_norm: number(init.config, "max_norm")? })
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

/// A network with the weights that `seed` draws, and the store that holds them.
pub(super) fn network(
    init: &AgentInit<'_>,
    eyes: &Eyes,
    num_actions: i64,
    heads: &[(i64, f64)],
    seed: u64,
) -> Result<(Network, nn::VarStore), AgentError> {
    let store = nn::VarStore::new(options::device(init.config)?);
    let network = Network::new(
        &Params::new(&store, seed),
        eyes.widths(),
        num_actions,
        int_param(init.config, "hidden")?,
        heads,
        options::stack(init.config)?.as_ref(),
        options::reads_lifetime(init.config)?,
    );
    Ok((network.map_err(failed)?, store))
}

pub(super) fn failed(error: NnError) -> AgentError {
    AgentError::Failed(error.to_string())
}
