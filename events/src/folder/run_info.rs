//! `run.json`: what a run is.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a run is a function of, and where it ran. Written once.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunInfo {
    /// The folder's format version; filled in when written.
    pub format_version: u64,
    /// The version of the program that made the folder.
    pub program_version: String,
    /// Hash of all that makes two runs the same run, given by the caller. A process may
    /// add lifetimes to a folder with its own identity hash.
    pub identity_hash: String,
    /// The curriculum's name.
    pub curriculum: String,
    /// The content hash of the explicit curriculum, as `curricula` defines it.
    pub curriculum_hash: String,
    /// BLAKE3 of the bytes of `curriculum.yaml`; filled in when written.
    #[serde(default)]
    pub curriculum_text: String,
    /// L2Logger's scenario type: condensed, dispersed, permuted, alternating, ste or custom.
    pub scenario_type: String,
    /// The agent's name.
    pub agent: String,
    /// The agent's configuration.
    pub agent_config: Value,
    /// The experiment's seed for agents, from which lifetimes draw theirs
    /// (unknown in imported logs).
    pub agent_seed: Option<u64>,
    /// The experiment's seed for curricula, from which lifetimes draw theirs
    /// (unknown in imported logs).
    pub curriculum_seed: Option<u64>,
    /// Environments stepped as a batch.
    pub num_parallel_envs: u32,
    /// Facts about the machine, outside the identity.
    #[serde(default)]
    pub machine: Map<String, Value>,
    /// When the run was made, RFC 3339.
    pub created_at: String,
    /// Anything else the caller wants to keep.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}
