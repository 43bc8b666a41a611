//! Environments and agents made by the names a curriculum and a run give them.

use crate::App;
use tella_agents::{Agent, AgentError, AgentInit};
use tella_curricula::{Curriculum, TaskVariant};
use tella_envs::wrappers::adapt;
use tella_envs::{Catalog, EnvError, ParamSchedule, Params, Space, Varying, VecEnv, fixed_params};

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

/// The batch of a variant, adapters around it. Where parameters vary by episode, the
/// batch makes an environment anew for an episode with other parameters than the last.
pub(super) fn make_envs<'e>(
    app: &'e App,
    variant: &'e TaskVariant,
    lanes: usize,
    threads: usize,
) -> Result<Box<dyn VecEnv + 'e>, EnvError> {
    let make = |params: &Params, lanes, threads| {
        let params = app.envs.resolve_params(&variant.env, params).map_err(|errors| {
            let all: Vec<String> = errors.iter().map(ToString::to_string).collect();
            EnvError(all.join("; "))
        })?;
        adapt(app.envs.make(&variant.env, &params, lanes, threads)?, &variant.adapters)
    };
    match fixed_params(&variant.params) {
        Some(params) => Ok(make(&params, lanes, threads)?),
        None => {
            let one = Box::new(move |params: &Params| make(params, 1, 1));
            Ok(Box::new(Varying::new(schedule(app, variant), lanes, threads, one)?))
        }
    }
}

/// The parameters of a variant, episode by episode.
pub(super) fn schedule(app: &App, variant: &TaskVariant) -> ParamSchedule {
    let specs = app.envs.spec(&variant.env).map(|spec| spec.params).unwrap_or_default();
    ParamSchedule::new(&specs, &variant.params, variant.seed)
}

/// Whether the variant's environment goes on for ever.
pub(super) fn is_continuing(app: &App, variant: &TaskVariant) -> bool {
    app.envs.spec(&variant.env).is_some_and(|spec| spec.continuing)
}

/// Steps after which an episode of the variant ends in any case, or a window of a continuing
/// world; `None` where nobody knows, or where its parameters vary.
pub(super) fn episode_limit(app: &App, variant: &TaskVariant) -> Option<u64> {
    let params = app.envs.resolve_params(&variant.env, &fixed_params(&variant.params)?).ok()?;
    app.envs.episode_limit(&variant.env, &params)
}

/// Observation and action space of a curriculum: those of its first variant.
pub fn spaces(app: &App, curriculum: &Curriculum) -> Result<(Space, Space), EnvError> {
    let first = curriculum.variants().next();
    let first = first.ok_or_else(|| EnvError("the curriculum has no task variants".into()))?;
    let envs = make_envs(app, first, 1, 1)?;
    Ok((envs.observation_space().clone(), envs.action_space().clone()))
}

/// The agent of choice, for these observations and actions.
pub fn make_agent(
    app: &App,
    (observation_space, action_space): &(Space, Space),
    choice: AgentChoice<'_>,
) -> Result<Box<dyn Agent>, AgentError> {
    let AgentChoice { name, config, seed, num_envs } = choice;
    let init = AgentInit { rng_seed: seed, observation_space, action_space, num_envs, config };
    app.agents.make(name, &init)
}
