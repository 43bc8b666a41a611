//! `--set key=value` and configuration files: what they change, checked before a run.

use super::{CliError, Exit};
use std::path::Path;
use tella_agents::{AgentSpec, resolve_config};
use tella_envs::{ParamError, Params, parse_params};

/// Sorts overrides into those of the agent (without their `agent.`) and those of
/// the curriculum.
pub(super) fn split(sets: &[String]) -> (Vec<String>, Vec<String>) {
    let (agent, curriculum): (Vec<&String>, Vec<&String>) =
        sets.iter().partition(|set| set.starts_with("agent."));
    let agent = agent.into_iter().map(|set| set["agent.".len()..].to_owned()).collect();
    (agent, curriculum.into_iter().cloned().collect())
}

/// The first override that names no key of a curriculum but a parameter of the agent.
pub(super) fn meant_for_agent<'a>(spec: &AgentSpec, sets: &'a [String]) -> Option<&'a str> {
    let mut keys = sets.iter().filter_map(|set| set.split_once('=')).map(|(key, _)| key.trim());
    keys.find(|key| spec.params.iter().any(|param| param.name == *key))
}

/// An agent's parameters: defaults, then the file's, then `--set`'s.
pub(super) fn agent_config(
    spec: &AgentSpec,
    file: Option<&Path>,
    sets: &[String],
) -> Result<Params, CliError> {
    let bad = |errors: Vec<ParamError>| bad_params(&spec.name, &errors);
    let mut given = file.map(read_params).transpose()?.unwrap_or_default();
    given.extend(parse_params(&spec.params, sets).map_err(bad)?);
    resolve_config(spec, &given).map_err(bad)
}

fn read_params(path: &Path) -> Result<Params, CliError> {
    let text = read(path)?;
    if text.trim().is_empty() {
        return Ok(Params::new());
    }
    serde_saphyr::from_str(&text).map_err(|e| {
        CliError::usage(format!("{}: {e}", path.display()))
            .hint("an agent's configuration is a YAML mapping of parameters to values")
    })
}

/// A text file that a user named.
pub(super) fn read(path: &Path) -> Result<String, CliError> {
    fs_err::read_to_string(path).map_err(|e| CliError::new(Exit::Usage, e))
}

fn bad_params(agent: &str, errors: &[ParamError]) -> CliError {
    let lines: Vec<String> = errors.iter().map(|e| format!("agent {agent}: {e}")).collect();
    let error = CliError::usage(lines.join("\n"));
    match errors.iter().find_map(ParamError::hint) {
        Some(hint) => error.hint(hint),
        None => error,
    }
}
