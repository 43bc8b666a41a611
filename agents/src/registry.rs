//! The names of agents: what exists, with which parameters, and how one is made.

use crate::{Agent, AgentError};
use serde::Serialize;
use tella_envs::{ParamError, ParamSpec, Params, Space, nearest, resolve_params};

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
#[derive(Clone, Debug, Serialize)]
pub struct AgentSpec {
    /// Name, as after `--agent`.
    pub name: String,
    /// One sentence.
    pub summary: String,
    /// Parameters.
    pub params: Vec<ParamSpec>,
}

/// `given` with defaults filled in, or everything that is wrong with it.
pub fn resolve_config(spec: &AgentSpec, given: &Params) -> Result<Params, Vec<ParamError>> {
    resolve_params(&spec.params, given)
}

/// The parameter of foreign agents that names their configuration file; empty where there
/// is none.
pub const CONFIG_FILE: &str = "config_file";

/// A source of agents.
pub trait AgentResolver: Send + Sync {
    /// The agents known by name.
    fn specs(&self) -> Vec<AgentSpec>;

    /// The specification of `name`, also where it is not listed.
    fn spec(&self, name: &str) -> Option<AgentSpec> {
        self.specs().into_iter().find(|s| s.name == name)
    }

    /// Whether its agents come from outside of this program. They are lived with in a process
    /// of their own unless somebody says otherwise, and get `--agent-config` as the text
    /// parameter [`CONFIG_FILE`], unread.
    fn is_foreign(&self) -> bool {
        false
    }

    /// Whether agent `name`, which this resolver knows, is there to be made, found out without
    /// making one.
    fn find(&self, _name: &str) -> Result<(), AgentError> {
        Ok(())
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

    /// Adds the resolvers of another registry, in their order.
    pub fn extend(&mut self, others: AgentRegistry) {
        self.resolvers.extend(others.resolvers);
    }

    /// All listed specifications.
    pub fn specs(&self) -> Vec<AgentSpec> {
        self.resolvers.iter().flat_map(|r| r.specs()).collect()
    }

    /// The specification of `name`.
    pub fn spec(&self, name: &str) -> Option<AgentSpec> {
        self.resolvers.iter().find_map(|r| r.spec(name))
    }

    /// The listed name nearest to `name`.
    pub fn nearest(&self, name: &str) -> Option<String> {
        let specs = self.specs();
        nearest(name, specs.iter().map(|s| s.name.as_str())).map(str::to_owned)
    }

    fn resolver(&self, name: &str) -> Option<&dyn AgentResolver> {
        self.resolvers.iter().map(|r| &**r).find(|r| r.spec(name).is_some())
    }

    /// What [`AgentResolver::is_foreign`] says of the one that knows `name`.
    pub fn is_foreign(&self, name: &str) -> bool {
        self.resolver(name).is_some_and(AgentResolver::is_foreign)
    }

    /// What [`AgentResolver::find`] says.
    pub fn find(&self, name: &str) -> Result<(), AgentError> {
        self.resolver(name).map_or(Ok(()), |resolver| resolver.find(name))
    }

    /// Makes agent `name`.
    pub fn make(&self, name: &str, init: &AgentInit<'_>) -> Result<Box<dyn Agent>, AgentError> {
        match self.resolver(name) {
            Some(resolver) => resolver.make(name, init),
            None => Err(AgentError::Failed(format!("no agent is called `{name}`"))),
        }
    }
}
