//! How a lifetime stands, in a word: the same words wherever one is told.

use serde::Serialize;
use tella_events::{EventError, LifetimeState, LifetimeStatus, RunFolder};

/// How a lifetime stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Not begun.
    #[default]
    Planned,
    /// A process is writing it.
    Running,
    /// It says that it is running, and nobody is writing it: its process was killed.
    Killed,
    /// Lived to its end.
    Complete,
    /// Stopped by a signal; can be resumed.
    Interrupted,
    /// Stopped for want of space; can be resumed.
    DiskFull,
    /// Its log could not be written or read.
    LogError,
    /// Agent or environment failed.
    Fault,
    /// Its log is damaged.
    Corrupt,
}

impl State {
    /// All of them, the gravest first, as a run is told by its lifetimes.
    pub const GRAVEST_FIRST: [State; 9] = [
        State::Corrupt,
        State::Fault,
        State::LogError,
        State::DiskFull,
        State::Interrupted,
        State::Killed,
        State::Running,
        State::Planned,
        State::Complete,
    ];

    /// The word, in JSON, in text and in Python.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Planned => "planned",
            State::Running => "running",
            State::Killed => "killed",
            State::Complete => "complete",
            State::Interrupted => "interrupted",
            State::DiskFull => "disk-full",
            State::LogError => "log-error",
            State::Fault => "fault",
            State::Corrupt => "corrupt",
        }
    }

    /// Whether going on with it, or beginning it, is all that it takes.
    pub fn is_left(self) -> bool {
        use State::{DiskFull, Interrupted, Killed, LogError, Planned};
        matches!(self, Planned | Killed | Interrupted | DiskFull | LogError)
    }

    /// How a lifetime stands whose status says `noted`, with a process writing it or none.
    pub fn of(noted: LifetimeState, is_being_written: bool) -> State {
        match noted {
            LifetimeState::Running if is_being_written => State::Running,
            LifetimeState::Running => State::Killed,
            LifetimeState::Complete => State::Complete,
            LifetimeState::Interrupted => State::Interrupted,
            LifetimeState::DiskFull => State::DiskFull,
            LifetimeState::LogError => State::LogError,
            LifetimeState::Fault => State::Fault,
        }
    }

    /// How a lifetime of a run stands by what its folder notes, and that; `None` where it is not begun.
    pub fn read(
        run: &RunFolder,
        lifetime: u32,
    ) -> Result<(State, Option<LifetimeStatus>), EventError> {
        // Asked before the status is read: one that ends in between was not killed.
        let is_being_written = run.is_being_written(lifetime);
        match run.status(lifetime) {
            // It may have begun in between, or be begun anew.
            Err(EventError::NoLifetime { .. }) if is_being_written => Ok((State::Running, None)),
            Err(EventError::NoLifetime { .. }) => Ok((State::Planned, None)),
            Err(error) => Err(error),
            Ok(status) => Ok((State::of(status.state, is_being_written), Some(status))),
        }
    }
}
