//! `status.json`: how a lifetime stands.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// How a lifetime stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LifetimeState {
    /// Being written; or its process was killed, where nobody holds the writer's lock.
    #[default]
    Running,
    /// Lived to its end and sealed.
    Complete,
    /// Stopped by a signal; can be resumed.
    Interrupted,
    /// Ended by a fault of the agent or an environment.
    Fault,
    /// Stopped for want of space; can be resumed.
    DiskFull,
    /// Stopped because its log could not be written or read.
    LogError,
}

impl LifetimeState {
    /// The word in `status.json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Complete => "complete",
            Self::Interrupted => "interrupted",
            Self::Fault => "fault",
            Self::DiskFull => "disk-full",
            Self::LogError => "log-error",
        }
    }
}

/// How a lifetime stands, with what belongs to it alone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LifetimeStatus {
    /// The file's format version; filled in when written.
    pub format_version: u64,
    /// The lifetime's index.
    pub lifetime_idx: u32,
    /// Its own curriculum seed (unknown in some imported logs).
    pub curriculum_seed: Option<u64>,
    /// Its own agent seed.
    pub agent_seed: Option<u64>,
    /// How it stands.
    pub state: LifetimeState,
    /// The classified fault that ended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<Value>,
    /// What was wrong with its log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The content hash, once sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_hash: Option<String>,
    /// Experiences in the log, once it is at rest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// A note on evaluation isolation, such as `unverified`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub isolation: Option<String>,
    /// What was odd about the log that it was imported from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// Anything else the caller wants to keep.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}
