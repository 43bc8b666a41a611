//! How a lifetime of a sweep stands, by its folder.

use crate::engine::Fault;
use serde::Serialize;
use std::path::Path;
use tella_events::{EventError, LifetimeState, RunFolder};

/// How a lifetime stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Standing {
    /// Its index.
    pub lifetime: u64,
    /// In a word.
    pub status: State,
    /// Experiences logged, where that is known without reading the log.
    pub experiences: Option<u64>,
    /// Hash of the log's content, where it is complete.
    pub content_hash: Option<String>,
    /// What went wrong.
    pub message: Option<String>,
}

/// How a lifetime stands, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Its end was met.
    Complete,
    /// Somebody lives it now.
    Running,
    /// It is not begun.
    Waiting,
    /// It was begun and nobody lives it.
    BrokenOff,
    /// Agent or environment failed.
    Fault,
    /// Its log is damaged.
    Corrupt,
}

impl State {
    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Complete => "complete",
            State::Running => "running",
            State::Waiting => "waiting",
            State::BrokenOff => "broken-off",
            State::Fault => "fault",
            State::Corrupt => "corrupt",
        }
    }
}

impl Standing {
    /// How lifetimes 0 to `lifetimes` of the run in `dir` stand.
    pub(super) fn of_run(dir: &Path, lifetimes: u64) -> Vec<Standing> {
        let folder = RunFolder::open(dir);
        (0..lifetimes).map(|lifetime| Standing::of_lifetime(&folder, lifetime)).collect()
    }

    /// Whether somebody else lives a lifetime of the run in `dir` now, or has lived it to its end.
    pub(super) fn is_lived_elsewhere(dir: &Path, lifetime: u64) -> bool {
        let standing = Standing::of_lifetime(&RunFolder::open(dir), lifetime);
        matches!(standing.status, State::Running | State::Complete)
    }

    fn of_lifetime(folder: &Result<RunFolder, EventError>, lifetime: u64) -> Self {
        let standing = match folder {
            Ok(folder) => Standing::read(folder, lifetime),
            Err(EventError::NotARun { .. }) => Ok(Standing::new(lifetime, State::Waiting)),
            Err(error) => Ok(Standing::corrupt(lifetime, error)),
        };
        standing.unwrap_or_else(|error| Standing::corrupt(lifetime, &error))
    }

    fn new(lifetime: u64, status: State) -> Self {
        Standing { lifetime, status, experiences: None, content_hash: None, message: None }
    }

    fn corrupt(lifetime: u64, error: &EventError) -> Self {
        Standing { message: Some(error.to_string()), ..Self::new(lifetime, State::Corrupt) }
    }

    fn read(folder: &RunFolder, lifetime: u64) -> Result<Self, EventError> {
        let index = lifetime as u32;
        if let Some(seal) = folder.seal(index)? {
            return Ok(Standing {
                experiences: Some(seal.hash.experience_rows),
                content_hash: Some(seal.hash.content),
                ..Self::new(lifetime, State::Complete)
            });
        }
        let status = match folder.status(index) {
            Err(EventError::NoLifetime { .. }) => return Ok(Self::new(lifetime, State::Waiting)),
            status => status?,
        };
        let state = match status.state {
            _ if folder.is_being_written(index) => State::Running,
            LifetimeState::Fault => State::Fault,
            _ => State::BrokenOff,
        };
        let fault = status.fault.filter(|_| state == State::Fault);
        let fault = fault.and_then(|fault| serde_json::from_value::<Fault>(fault).ok());
        let message = fault.map(|fault| fault.to_string());
        Ok(Standing { experiences: status.rows, message, ..Self::new(lifetime, state) })
    }
}
