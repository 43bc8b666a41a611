//! The names of agents: what exists, with which parameters, and how one is made.

use crate::{Agent, AgentError};
use tella_envs::{ParamSpec, Params, Space};

/// What an agent is made from.
#[derive(Clone, Copy, Debug)]
pub struct AgentInit<'a> {
    /// Seed of all its randomness.
    pub rng_seed: u64,
    /// The space of one observation.
    pub observation_space: &'a Space,
    /// The space of one action.
    pub action_space: &'a Space,
    /// Number of environments stepped together.
    pub num_envs: usize,
    /// Its parameters, complete and checked.
    pub config: &'a Params,
}

/// What is known of an agent without making one.
#[derive(Clone, Debug)]
pub struct AgentSpec {
    /// Name, as after `--agent`.
    pub name: String,
    /// One sentence.
    pub summary: String,
    /// Parameters.
    pub params: Vec<ParamSpec>,
}

/// A source of agents.
pub trait AgentResolver: Send + Sync {
    /// The agents known by name.
    fn specs(&self) -> Vec<AgentSpec>;

    /// The specification of `name`, also where it is not listed.
    fn spec(&self, name: &str) -> Option<AgentSpec> {
        self.specs().into_iter().find(|s| s.name == name)
    }

    /// Makes agent `name`, which this resolver knows.
    fn make(&self, name: &str, init: &AgentInit<'_>) -> Result<Box<dyn Agent>, AgentError>;
}

/// Resolvers in the order in which they are asked.
#[derive(Default)]
pub struct AgentRegistry {
    resolvers: Vec<Box<dyn AgentResolver>>,
}

impl AgentRegistry {
    /// A registry without agents.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Adds a resolver, asked after those already there.
    pub fn add(&mut self, resolver: impl AgentResolver + 'static) {
        self.resolvers.push(Box::new(resolver));
    }

    /// All listed specifications.
    pub fn specs(&self) -> Vec<AgentSpec> {
        self.resolvers.iter().flat_map(|r| r.specs()).collect()
    }

    /// The specification of `name`.
    pub fn spec(&self, name: &str) -> Option<AgentSpec> {
        self.resolvers.iter().find_map(|r| r.spec(name))
    }

    /// Makes agent `name`.
    pub fn make(&self, name: &str, init: &AgentInit<'_>) -> Result<Box<dyn Agent>, AgentError> {
        match self.resolvers.iter().find(|r| r.spec(name).is_some()) {
            Some(resolver) => resolver.make(name, init),
            None => Err(AgentError(format!("no agent is called `{name}`"))),
        }
    }
}
