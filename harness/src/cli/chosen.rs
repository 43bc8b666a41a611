//! What a command line or a cell of a grid asks for: an agent with its parameters and a curriculum,
//! found and checked.

use super::{CliError, overrides};
use crate::App;
use std::path::Path;
use tella_agents::AgentError;
use tella_curricula::{CurriculumError, Diagnostics, Document, GivenParams, ParamPlaces};
use tella_envs::Params;

/// A curriculum and an agent's parameters, checked.
pub(super) struct Chosen {
    pub(super) document: Document,
    pub(super) agent_config: Params,
    /// Where the agent's parameters were given.
    pub(super) places: ParamPlaces,
    /// The overrides that are the curriculum's.
    pub(super) overrides: Vec<String>,
    /// What is odd about them.
    pub(super) warnings: Diagnostics,
}

/// Why there is no such agent or curriculum.
pub(super) enum Refused {
    /// No agent has that name.
    NoAgent,
    /// The agent's name leads nowhere.
    NotFound(AgentError),
    /// The file of the agent's parameters cannot be read.
    AgentConfig(CurriculumError),
    /// There is no such curriculum, or its file cannot be read.
    Curriculum(CurriculumError),
    /// Something is wrong with the agent's parameters or the curriculum.
    Wrong(Diagnostics),
}

/// Finds the agent, its parameters and the curriculum that somebody names.
pub(super) fn choose(
    app: &App,
    curriculum: &str,
    agent: &str,
    agent_config: Option<&Path>,
    sets: &[String],
) -> Result<Chosen, Refused> {
    let agent_spec = app.agents.spec(agent).ok_or(Refused::NoAgent)?;
    app.agents.find(agent).map_err(Refused::NotFound)?;
    let given = match agent_config.filter(|_| app.agents.is_foreign(agent)) {
        Some(file) => overrides::foreign_agent_config(&agent_spec, file, sets),
        None => overrides::agent_config(&agent_spec, agent_config, sets),
    };
    let GivenParams { params: agent_config, mut found, rest: overrides, places } =
        given.map_err(Refused::AgentConfig)?;
    // What is wrong with the agent's parameters and with the curriculum is told at once.
    let document = match app.curriculum(curriculum, &overrides) {
        Ok(document) => document,
        Err(CurriculumError::Invalid(more)) => {
            found.merge(more);
            return Err(Refused::Wrong(found));
        }
        Err(error) => return Err(Refused::Curriculum(error)),
    };
    found.merge(document.check(&app.envs));
    if found.has_errors() {
        return Err(Refused::Wrong(found));
    }
    Ok(Chosen { document, agent_config, overrides, places, warnings: found })
}

impl Refused {
    /// The error of a command line that names `agent`.
    pub(super) fn told(self, app: &App, agent: &str) -> CliError {
        match self {
            Refused::NoAgent => unknown_agent(app, agent),
            Refused::NotFound(error) => CliError::usage(format!("agent {agent}: {error}")),
            Refused::AgentConfig(error) | Refused::Curriculum(error) => error.into(),
            Refused::Wrong(found) => found.into(),
        }
    }
}

/// What to do about a name that no agent has and that is meant for one in Python.
pub(super) fn hint_for_python(name: &str) -> Option<String> {
    let needed = "agents in Python need tella's Python package, which this program is not part of";
    match name {
        _ if name.contains(':') => Some(needed.to_owned()),
        // As a file or a module is named.
        _ if name.contains('.') => {
            Some("an agent in Python is named `module:Class` or `path/file.py:Class`".to_owned())
        }
        _ => None,
    }
}

fn unknown_agent(app: &App, name: &str) -> CliError {
    let names: Vec<String> = app.agents.specs().into_iter().map(|s| s.name).collect();
    let nearest = tella_envs::nearest(name, names.iter().map(String::as_str));
    let error =
        CliError::usage(format!("no agent is called `{name}`; there are {}", names.join(", ")));
    match hint_for_python(name) {
        Some(hint) => error.hint(hint),
        None => error.nearest(nearest),
    }
}
