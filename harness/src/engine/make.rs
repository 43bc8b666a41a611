//! Environments and agents made by the names a curriculum and a run give them.

use crate::App;
use tella_agents::{Agent, AgentError, AgentInit};
use tella_curricula::{Curriculum, TaskVariant};
use tella_envs::wrappers::adapt;
use tella_envs::{Catalog, EnvError, Params, VecEnv};

/// Why an agent or an environment could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MakeError {
    /// The environment.
    #[error(transparent)]
    Environment(#[from] EnvError),
    /// The agent.
    #[error(transparent)]
    Agent(#[from] AgentError),
}

/// Which agent.
#[derive(Clone, Copy, Debug)]
pub struct AgentChoice<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its parameters, complete and checked.
    pub config: &'a Params,
    /// Its seed.
    pub seed: u64,
    /// Environments stepped together.
    pub num_envs: usize,
}

/// The batch of a variant, adapters around it.
pub(super) fn make_envs(
    app: &App,
    variant: &TaskVariant,
    lanes: usize,
    threads: usize,
) -> Result<Box<dyn VecEnv>, EnvError> {
    let params = app.envs.resolve_params(&variant.env, &variant.params).map_err(|errors| {
        let all: Vec<String> = errors.iter().map(ToString::to_string).collect();
        EnvError(all.join("; "))
    })?;
    adapt(app.envs.make(&variant.env, &params, lanes, threads)?, &variant.adapters)
}

/// An agent for the spaces of a curriculum, which are those of its first variant.
pub fn make_agent(
    app: &App,
    curriculum: &Curriculum,
    choice: AgentChoice<'_>,
) -> Result<Box<dyn Agent>, MakeError> {
    let first = curriculum.variants().next();
    let first = first.ok_or_else(|| EnvError("the curriculum has no task variants".into()))?;
    let envs = make_envs(app, first, 1, 1)?;
    let init = AgentInit {
        rng_seed: choice.seed,
        observation_space: envs.observation_space(),
        action_space: envs.action_space(),
        num_envs: choice.num_envs,
        config: choice.config,
    };
    Ok(app.agents.make(choice.name, &init)?)
}
