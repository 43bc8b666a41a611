//! A network that learns.

use super::choice::floats;
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
    learning_rate: f64,
    /// Steps in which it falls to nothing, where it does.
    anneal_steps: f64,
    max_norm: f64,
    /// Norms of the gradients of updates that were not asked about.
    norms: Vec<Tensor>,
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
        let learning_rate = number(init.config, "learning_rate")?;
        let optimizer = AdamW::new(&store, Rates::new(learning_rate, 0.0));
        network.fix(0);
        Ok(Self {
            blueprint,
            network,
            store,
            optimizer,
            learning_rate,
            anneal_steps: number(init.config, "anneal_steps")?,
            max_norm: number(init.config, "max_norm")?,
            norms: Vec::new(),
        })
    }

    /// Checks that something is left to learn from of a stretch of `length` steps, `what` in words, that is run from nothing:
    /// where the history goes on over ends of episodes, that is what follows its first `burn_in` steps.
    pub(super) fn check_burn_in(
        &self,
        burn_in: usize,
        length: usize,
        what: &str,
    ) -> Result<(), AgentError> {
        let Blueprint { stack, reads_lifetime, .. } = &self.blueprint;
        match stack.is_some() && *reads_lifetime && burn_in >= length {
            false => Ok(()),
            true => Err(AgentError::Failed(format!(
                "with `history=lifetime` nothing is learned from the first {burn_in} steps (`burn_in`) of {what}, which has \
                 {length}: nothing is left; lower `burn_in`"
            ))),
        }
    }

    /// Sets the learning rates for who has lived `steps` steps while learning.
    pub(super) fn anneal(&mut self, steps: u64) {
        if self.anneal_steps > 0.0 {
            let left = 1.0 - (steps as f64 / self.anneal_steps).min(1.0);
            self.optimizer.set_rates(Rates::new(self.learning_rate, 0.0).scaled(left));
        }
    }

    /// Learns by the gradient of `loss`. Nothing waits for the device: whether it went well is asked by
    /// [`Learner::check`].
    pub(super) fn update(&mut self, loss: &Tensor) {
        self.norms.push(self.optimizer.update(loss, Some(self.max_norm)));
    }

    /// Whether the updates since it was last asked were made by gradients that are numbers.
    ///
    /// # Errors
    ///
    /// The first that was not.
    pub(super) fn check(&mut self) -> Result<(), AgentError> {
        if self.norms.is_empty() {
            return Ok(());
        }
        let norms = floats(&Tensor::stack(&std::mem::take(&mut self.norms), 0));
        let first = self.optimizer.updates() - norms.len() as i64;
        match (first..).zip(norms).find(|(_, norm)| !norm.is_finite()) {
            None => Ok(()),
            Some((update, _)) => Err(AgentError::Failed(format!(
                "the loss of update {update} is not a number; lower `learning_rate`"
            ))),
        }
    }
}

pub(super) fn failed(error: NnError) -> AgentError {
    AgentError::Failed(error.to_string())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::agents::Neural;
    use tch::Kind;
    use tella_agents::AgentResolver;
    use tella_envs::{Dtype, ParamValue, Params, Space};

    /// Adam's first update moves each weight by the rate, whatever the gradient's size.
    #[test]
    fn the_rate_falls_evenly_to_nothing() {
        for (steps, moved) in [(0, 0.01), (25, 0.0075), (100, 0.0), (1000, 0.0)] {
            let numbers = [("learning_rate", 0.01), ("anneal_steps", 100.0)];
            let (mut learner, _) = learner(&numbers);
            let [before, after] = [false, true].map(|learn| {
                let weights = learner.store.variables().remove("head1.out.bias").unwrap();
                if learn {
                    learner.anneal(steps);
                    learner.update(&(weights.sum(Kind::Float) * 3.0));
                }
                floats(&weights)[0]
            });
            assert!((before - after - moved).abs() < 1e-6, "{steps}: {before} {after}");
        }
    }

    /// A learner of three actions on two numbers, with a policy and a value, and its parameters.
    pub(in crate::agents) fn learner(numbers: &[(&str, f64)]) -> (Learner, Params) {
        let float = |(name, x): &(&str, f64)| ((*name).to_owned(), ParamValue::Float(*x));
        given(numbers.iter().map(float).collect())
    }

    pub(in crate::agents) fn given(mut given: Params) -> (Learner, Params) {
        given.insert("hidden".into(), ParamValue::Int(5));
        let observations = Space::uniform_box(-1.0, 1.0, &[2], Dtype::Float32);
        let config = tella_agents::resolve_config(&Neural.spec("ppo").unwrap(), &given).unwrap();
        let init = AgentInit {
            rng_seed: 5,
            observation_space: &observations,
            action_space: &Space::discrete(3),
            num_envs: 1,
            config: &config,
        };
        let eyes = Eyes::new("ppo", &observations).unwrap();
        let learner = Learner::new(&init, &eyes, 3, &[(3, 1.0), (1, 1.0)]).unwrap();
        (learner, config)
    }
}
