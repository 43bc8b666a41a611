//! `--set key=value` and configuration files: what they change, checked before a run.

use super::{CliError, Exit};
use std::path::Path;
use tella_agents::{AgentSpec, CONFIG_FILE};
use tella_curricula::{CurriculumError, GivenParams, ParamsOf, shortest_path};
use tella_envs::ParamValue;

/// An agent's parameters: defaults, then the file's, then those of `sets` that begin with
/// `agent.`; and the rest of `sets`, which are the curriculum's.
pub(super) fn agent_config(
    spec: &AgentSpec,
    file: Option<&Path>,
    sets: &[String],
) -> Result<GivenParams, CurriculumError> {
    let owner = format!("agent `{}`", spec.name);
    ParamsOf { owner: &owner, prefix: "agent", specs: &spec.params }.read(file, sets)
}

/// As [`agent_config`], for an agent that reads `file` itself and gets its path.
pub(super) fn foreign_agent_config(
    spec: &AgentSpec,
    file: &Path,
    sets: &[String],
) -> Result<GivenParams, CurriculumError> {
    let mut given = agent_config(spec, None, sets)?;
    let path = ParamValue::Text(shortest_path(file).to_string_lossy().into_owned());
    given.params.insert(CONFIG_FILE.into(), path);
    Ok(given)
}

/// A text file that a user named.
pub(super) fn read(path: &Path) -> Result<String, CliError> {
    fs_err::read_to_string(path).map_err(|e| CliError::new(Exit::Usage, e))
}
