//! Agents that learn by gradient, one file each.
//!
//! `eyes` says what they see of an observation, `history` what was before it, `network` (from `codes` to `head`) what they think of it, `steps` what
//! they keep of what they lived.
//! Names and parameters are known without libtorch, so that they can be listed and checked anywhere.

mod declared;

#[cfg(feature = "torch")]
mod checkpoint;
#[cfg(feature = "torch")]
mod choice;
#[cfg(feature = "torch")]
mod codes;
#[cfg(feature = "torch")]
mod continual;
#[cfg(feature = "torch")]
mod dqn;
#[cfg(feature = "torch")]
mod eyes;
#[cfg(feature = "torch")]
mod guard;
#[cfg(feature = "torch")]
mod head;
#[cfg(feature = "torch")]
mod history;
#[cfg(feature = "torch")]
mod learner;
#[cfg(feature = "torch")]
mod lesson;
#[cfg(feature = "torch")]
mod memory;
#[cfg(feature = "torch")]
mod network;
#[cfg(feature = "torch")]
mod options;
#[cfg(feature = "torch")]
mod ppo;
#[cfg(feature = "torch")]
mod rollout;
#[cfg(feature = "torch")]
mod steps;

use tella_agents::{Agent, AgentError, AgentInit, AgentResolver, AgentSpec};

/// Whether this build can make them.
pub const COMPUTES: bool = cfg!(feature = "torch");

/// The resolver of the agents here.
#[derive(Clone, Copy, Debug, Default)]
pub struct Neural;

impl AgentResolver for Neural {
    fn specs(&self) -> Vec<AgentSpec> {
        vec![declared::dqn(), declared::ppo()]
    }

    #[cfg(not(feature = "torch"))]
    fn find(&self, name: &str) -> Result<(), AgentError> {
        Err(without(name))
    }

    #[cfg(not(feature = "torch"))]
    fn make(&self, name: &str, _init: &AgentInit<'_>) -> Result<Box<dyn Agent>, AgentError> {
        Err(without(name))
    }

    #[cfg(feature = "torch")]
    fn make(&self, name: &str, init: &AgentInit<'_>) -> Result<Box<dyn Agent>, AgentError> {
        if init.num_envs == 0 {
            return Err(AgentError::Failed("an agent needs at least one environment".into()));
        }
        let agent = guard::guarded(|| match name {
            "dqn" => Ok(Box::new(dqn::Dqn::new(init)?) as Box<dyn Agent>),
            "ppo" => Ok(Box::new(ppo::Ppo::new(init)?)),
            _ => Err(AgentError::Failed(format!("no agent on libtorch is called `{name}`"))),
        });
        Ok(Box::new(guard::Guarded(agent?)))
    }
}

#[cfg(not(feature = "torch"))]
fn without(name: &str) -> AgentError {
    AgentError::Failed(format!(
        "`{name}` computes with libtorch, which this program was built without; in its source folder \
         `cargo xtask torch cargo install --path harness --features torch` fetches libtorch and builds it with it"
    ))
}
