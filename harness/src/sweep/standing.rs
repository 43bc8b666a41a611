//! How a lifetime of a sweep stands, by its folder.

use crate::engine::Fault;
use crate::run::State;
use serde::Serialize;
use std::path::Path;
use tella_events::{EventError, LifetimeLog, LifetimeStatus, RunFolder};

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
            Err(EventError::NotARun { .. }) => Ok(Standing::new(lifetime, State::Planned)),
            Err(error) => Ok(Standing::unread(lifetime, error)),
        };
        standing.unwrap_or_else(|error| Standing::unread(lifetime, &error))
    }

    fn new(lifetime: u64, status: State) -> Self {
        Standing { lifetime, status, experiences: None, content_hash: None, message: None }
    }

    fn unread(lifetime: u64, error: &EventError) -> Self {
        let state = if error.is_corruption() { State::Corrupt } else { State::LogError };
        Standing { message: Some(error.to_string()), ..Self::new(lifetime, state) }
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
        let (noted, status) = State::read(folder, index)?;
        if noted == State::Complete {
            // Its seal is lost; another process may have sealed it since.
            LifetimeLog::open(folder, index)?;
        }
        // Who goes on with one that was stopped holds its lock before the status says so.
        let state = if folder.is_being_written(index) { State::Running } else { noted };
        let rows = status.as_ref().and_then(|status| status.rows);
        let told = |status: LifetimeStatus| match status.fault {
            Some(fault) => serde_json::from_value::<Fault>(fault).ok().map(|f| f.to_string()),
            None => status.message,
        };
        let message = status.and_then(told);
        Ok(Standing { experiences: rows, message, ..Self::new(lifetime, state) })
    }
}
