//! The names of environments: what exists, with which parameters, and how a
//! batch of it is made.

use crate::params::resolve;
use crate::{EnvCollection, EnvError, ParamError, ParamSpec, Params, Space, VecEnv, nearest};

/// What is known of an environment without making one.
#[derive(Clone, Debug)]
pub struct EnvSpec {
    /// Name: Gymnasium's id where one exists, TELLA's class name for its own tasks.
    pub name: String,
    /// One sentence.
    pub summary: String,
    /// Parameters.
    pub params: Vec<ParamSpec>,
    /// Whether its world goes on for ever: what would be an episode is a window of a
    /// stream, a reset after a window goes on where the window ended, and only a
    /// reset with a seed makes a new world. A run gives such a seed to the first reset
    /// of each lane alone.
    pub continuing: bool,
}

/// A source of environments: the native ones, or an adapter's.
pub trait EnvResolver: Send + Sync {
    /// The environments known by name.
    fn specs(&self) -> Vec<EnvSpec>;

    /// What the listed environments are, in words, where they come in families.
    fn collection(&self) -> Option<EnvCollection> {
        None
    }

    /// The specification of `name`, also where it is not listed (an adapter
    /// may resolve names it cannot enumerate).
    fn spec(&self, name: &str) -> Option<EnvSpec> {
        self.specs().into_iter().find(|s| s.name == name)
    }

    /// Whether its environments come from outside of this program, and are lived in in a
    /// process of their own unless somebody says otherwise.
    fn is_foreign(&self) -> bool {
        false
    }

    /// The parameters of `name` with defaults filled in, or everything that is
    /// wrong with those given. A resolver whose parameters depend on each other
    /// (in what they allow, or in their defaults) answers for itself.
    fn resolve_params(&self, name: &str, given: &Params) -> Result<Params, Vec<ParamError>> {
        let specs = self.spec(name).map(|s| s.params).unwrap_or_default();
        resolve(&specs, given)
    }

    /// Steps after which an episode of `name` ends in any case, or a window of a continuing
    /// world, with complete parameters; `None` where nobody knows.
    fn episode_limit(&self, _name: &str, _params: &Params) -> Option<u64> {
        None
    }

    /// A batch of `lanes` environments `name`, which this resolver knows, with
    /// complete, checked parameters.
    fn make(
        &self,
        name: &str,
        params: &Params,
        lanes: usize,
        threads: usize,
    ) -> Result<Box<dyn VecEnv>, EnvError>;
}

/// What a curriculum is checked against.
pub trait Catalog {
    /// All names that can be listed.
    fn names(&self) -> Vec<String>;

    /// The specification of `name`.
    fn spec(&self, name: &str) -> Option<EnvSpec>;

    /// `given` with defaults filled in, or everything that is wrong with it.
    fn resolve_params(&self, name: &str, given: &Params) -> Result<Params, Vec<ParamError>>;

    /// Observation and action space of `name` with complete parameters.
    fn spaces(&self, name: &str, params: &Params) -> Result<(Space, Space), EnvError>;

    /// The listed name nearest to `name`.
    fn nearest(&self, name: &str) -> Option<String> {
        let names = self.names();
        nearest(name, names.iter().map(String::as_str)).map(str::to_owned)
    }
}

/// Resolvers in the order in which they are asked.
#[derive(Default)]
pub struct Registry {
    resolvers: Vec<Box<dyn EnvResolver>>,
}

impl Registry {
    /// A registry without environments.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Adds a resolver, asked after those already there.
    pub fn add(&mut self, resolver: impl EnvResolver + 'static) {
        self.resolvers.push(Box::new(resolver));
    }

    fn resolver(&self, name: &str) -> Option<&dyn EnvResolver> {
        self.resolvers.iter().map(|r| &**r).find(|r| r.spec(name).is_some())
    }

    /// What [`EnvResolver::is_foreign`] says of the one that knows `name`.
    pub fn is_foreign(&self, name: &str) -> bool {
        self.resolver(name).is_some_and(EnvResolver::is_foreign)
    }

    /// What [`EnvResolver::episode_limit`] says.
    pub fn episode_limit(&self, name: &str, params: &Params) -> Option<u64> {
        self.resolver(name)?.episode_limit(name, params)
    }

    /// The collections of families.
    pub fn collections(&self) -> Vec<EnvCollection> {
        self.resolvers.iter().filter_map(|r| r.collection()).collect()
    }

    /// All listed specifications.
    pub fn specs(&self) -> Vec<EnvSpec> {
        self.resolvers.iter().flat_map(|r| r.specs()).collect()
    }

    /// A batch of `lanes` environments `name` with complete, checked parameters.
    pub fn make(
        &self,
        name: &str,
        params: &Params,
        lanes: usize,
        threads: usize,
    ) -> Result<Box<dyn VecEnv>, EnvError> {
        if lanes == 0 {
            return Err(EnvError("a batch has at least one environment".into()));
        }
        match self.resolver(name) {
            Some(resolver) => resolver.make(name, params, lanes, threads),
            None => Err(EnvError(format!("no environment is called `{name}`"))),
        }
    }
}

impl Catalog for Registry {
    fn names(&self) -> Vec<String> {
        self.specs().into_iter().map(|s| s.name).collect()
    }

    fn spec(&self, name: &str) -> Option<EnvSpec> {
        self.resolver(name).and_then(|r| r.spec(name))
    }

    fn resolve_params(&self, name: &str, given: &Params) -> Result<Params, Vec<ParamError>> {
        match self.resolver(name) {
            Some(resolver) => resolver.resolve_params(name, given),
            None => resolve(&[], given),
        }
    }

    fn spaces(&self, name: &str, params: &Params) -> Result<(Space, Space), EnvError> {
        let env = self.make(name, params, 1, 1)?;
        Ok((env.observation_space().clone(), env.action_space().clone()))
    }
}
