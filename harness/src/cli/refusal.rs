//! An agent that cannot be made for a curriculum: what about it does not fit, and where.

use super::CliError;
use crate::App;
use crate::engine::{AgentChoice, make_agent};
use tella_agents::{AgentError, resolve_config};
use tella_curricula::{Curriculum, Diagnostics, Document, ParamPlaces};
use tella_envs::{Params, Space};

/// What a command line asked for.
pub(super) struct Asked<'a> {
    pub(super) document: &'a Document,
    pub(super) curriculum: &'a Curriculum,
    pub(super) places: &'a ParamPlaces,
    pub(super) spaces: &'a (Space, Space),
    pub(super) choice: AgentChoice<'a>,
}

/// What is told of an agent that cannot be made.
pub(super) enum Refusal {
    /// With its place.
    At(Diagnostics),
    /// In words alone.
    Said(String),
}

impl From<Refusal> for CliError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::At(found) => found.into(),
            Refusal::Said(message) => CliError::usage(message),
        }
    }
}

/// What is told of an agent that was asked for, with its place: the parameter without which
/// the agent could be made, else the task whose spaces it does not fit.
pub(super) fn refusal(app: &App, asked: &Asked<'_>, error: &AgentError) -> Refusal {
    let message = format!("agent {}: {error}", asked.choice.name);
    if works(app, asked.choice.name, None, asked) {
        let at_fault = asked.places.names().find(|name| {
            let mut others = asked.choice.config.clone();
            others.remove(*name);
            works(app, asked.choice.name, Some(&others), asked)
        });
        let found = at_fault.and_then(|name| asked.places.error_at(name, &message));
        return found.map_or(Refusal::Said(message), Refusal::At);
    }
    let tasks = asked.curriculum.blocks.iter().flat_map(|block| &block.task_blocks);
    let Some((task, first)) = tasks.flat_map(|t| Some((&t.task, t.variants.first()?))).next()
    else {
        return Refusal::Said(message);
    };
    let message = format!("{message}; it is that of task `{task}` ({})", first.env);
    let names: Vec<String> = app.agents.specs().into_iter().map(|spec| spec.name).collect();
    let fit: Vec<String> = names.into_iter().filter(|name| works(app, name, None, asked)).collect();
    let hint = match fit.is_empty() {
        true => "no agent of `tella agent list` fits it; `adapters` change a task's spaces".into(),
        false => format!("agents that fit: {}", fit.join(", ")),
    };
    Refusal::At(asked.document.error_at(task, &first.variant, &message, &hint))
}

/// Whether an agent can be made for the curriculum, with these parameters or its defaults.
fn works(app: &App, name: &str, params: Option<&Params>, asked: &Asked<'_>) -> bool {
    let Some(spec) = app.agents.spec(name) else { return false };
    let given = Params::new();
    let Ok(config) = resolve_config(&spec, params.unwrap_or(&given)) else { return false };
    let choice = AgentChoice { name, config: &config, ..asked.choice };
    make_agent(app, asked.spaces, choice).is_ok()
}
