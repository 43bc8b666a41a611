//! Exit codes and the errors that carry them.

use crate::bench::RunRateError;
use crate::engine::ReplayError;
use crate::run::{PlanError, RecordingError};
use std::fmt;
use std::io;
use std::path::Path;
use tella_curricula::{CurriculumError, Diagnostics};
use tella_events::EventError;
use tella_metrics::ste::SteError;
use tella_metrics::told::message;

/// What the program's exit code says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// All went well.
    Ok = 0,
    /// A check or a comparison found problems.
    Found = 1,
    /// Usage, curriculum, or a folder that exists or cannot be written.
    Usage = 2,
    /// A lifetime ended with an agent or environment fault.
    Fault = 3,
    /// The log is corrupt.
    Corrupt = 4,
    /// A bug of this program.
    Bug = 70,
    /// Stopped by a full disk or SIGTERM, or lived by another process; can be resumed.
    Resumable = 75,
    /// Stopped by SIGINT; can be resumed.
    Interrupted = 130,
}

impl Exit {
    /// From the gravest, as several lifetimes are summed up; those that are not here count for less.
    const GRAVE: [Exit; 6] =
        [Exit::Bug, Exit::Fault, Exit::Corrupt, Exit::Usage, Exit::Resumable, Exit::Interrupted];

    /// The graver of two.
    pub(super) fn or_graver(self, other: Exit) -> Exit {
        Self::GRAVE.into_iter().find(|grave| [self, other].contains(grave)).unwrap_or(self)
    }

    /// What the exit code of another `tella` says.
    pub(super) fn of_code(code: u8) -> Option<Exit> {
        let all = Self::GRAVE.into_iter().chain([Exit::Ok, Exit::Found]);
        all.into_iter().find(|exit| *exit as u8 == code)
    }
}

/// An error for a person: what is wrong, perhaps what to do, and the exit code.
#[derive(Debug)]
pub struct CliError {
    /// The exit code.
    pub exit: Exit,
    /// What is wrong, without a full stop; may span lines.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The message says `error:` itself, as a curriculum's diagnostics do.
    worded: bool,
}

/// What a command ends with.
pub type CliResult = Result<Exit, CliError>;

impl CliError {
    /// An error with an exit code.
    pub fn new(exit: Exit, message: impl fmt::Display) -> Self {
        CliError { exit, message: message.to_string(), hint: None, worded: false }
    }

    /// A usage error (exit code 2).
    pub fn usage(message: impl fmt::Display) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// Whether the message is diagnostics of a curriculum or of parameters, each with its place.
    pub fn has_places(&self) -> bool {
        self.worded
    }

    /// The same error with a hint.
    pub fn hint(mut self, hint: impl fmt::Display) -> Self {
        self.hint = Some(hint.to_string());
        self
    }

    /// The same error with a "did you mean", where a name lies near.
    pub fn nearest(self, nearest: Option<impl fmt::Display>) -> Self {
        match nearest {
            Some(name) => self.hint(format!("did you mean `{name}`?")),
            None => self,
        }
    }
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = message(&self.message);
        match self.worded {
            true => write!(f, "{text}")?,
            false => write!(f, "error: {text}")?,
        }
        if let Some(hint) = &self.hint {
            write!(f, "\nhint: {}", message(hint))?;
        }
        Ok(())
    }
}

impl std::error::Error for CliError {}

/// Writing to standard output failed: a closed pipe ends the program quietly.
impl From<io::Error> for CliError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::new(Exit::Ok, "standard output was closed"),
            _ => Self::usage(format!("cannot write to standard output: {error}")),
        }
    }
}

/// A bad curriculum is a usage error; its diagnostics word themselves.
impl From<Diagnostics> for CliError {
    fn from(found: Diagnostics) -> Self {
        CliError { worded: true, ..Self::usage(found.to_string().trim_end()) }
    }
}

impl From<CurriculumError> for CliError {
    fn from(error: CurriculumError) -> Self {
        match error {
            CurriculumError::Invalid(found) => found.into(),
            CurriculumError::Unknown { name, hint } => {
                Self::usage(format!("no curriculum is called `{name}`")).hint(hint)
            }
            other => Self::usage(other),
        }
    }
}

impl From<EventError> for CliError {
    fn from(error: EventError) -> Self {
        let exit = match &error {
            e if e.is_corruption() => Exit::Corrupt,
            // The log does not reach where its checkpoint was: something is missing.
            EventError::Position { .. } => Exit::Corrupt,
            e if e.is_disk_full() => Exit::Resumable,
            EventError::Locked { .. } => Exit::Resumable,
            EventError::Internal { .. } | EventError::Grammar(_) => Exit::Bug,
            _ => Exit::Usage,
        };
        let hint = match &error {
            EventError::NotARun { path, .. } => what_it_may_be(path),
            _ => None,
        };
        Self { hint, ..Self::new(exit, error) }
    }
}

/// What can be done with a path that is no run folder.
fn what_it_may_be(path: &Path) -> Option<String> {
    let holds = |dir: &Path| ["run.json", "logger_info.json"].iter().any(|f| dir.join(f).exists());
    if path.is_file() {
        let dir = path.ancestors().skip(1).find(|dir| holds(dir))?;
        let dir = if dir.as_os_str().is_empty() { Path::new(".") } else { dir };
        return Some(format!("give the folder it lies in: {}", dir.display()));
    }
    // Its curriculum is written first, what makes it a run last.
    if path.join("curriculum.yaml").exists() {
        return Some("give the `tella run` that was to fill it again, with this --out".to_owned());
    }
    path.join("logger_info.json").exists().then(|| {
        let path = path.display();
        format!(
            "it is a log of L2Logger; `tella log import {path} -o RUN` makes a run folder of it"
        )
    })
}

impl From<SteError> for CliError {
    fn from(error: SteError) -> Self {
        match error {
            SteError::Event(error) => error.into(),
            SteError::Damaged { .. } => Self::new(Exit::Corrupt, error),
            SteError::Twice { .. } => {
                Self::usage(error).hint("nothing was added; leave one of them out")
            }
            other => Self::usage(other),
        }
    }
}

impl From<PlanError> for CliError {
    fn from(error: PlanError) -> Self {
        match error {
            PlanError::Folder(error @ EventError::Exists { .. }) => Self::from(error).hint(
                "choose another --out; `tella resume` goes on with a run; --force deletes it first",
            ),
            PlanError::Folder(error) => error.into(),
            PlanError::Curriculum(found) => found.into(),
            other => Self::usage(other),
        }
    }
}

impl From<RecordingError> for CliError {
    fn from(error: RecordingError) -> Self {
        match error {
            RecordingError::Event(error) => error.into(),
            RecordingError::Curriculum(found) => found.into(),
            RecordingError::NoTransitions { .. } => {
                Self::usage(error).hint("`tella run ... --log transitions` keeps them")
            }
            other => Self::usage(other),
        }
    }
}

/// What ran once and does not run again differs from what was.
impl From<ReplayError> for CliError {
    fn from(error: ReplayError) -> Self {
        match error {
            ReplayError::Env(_) => Self::new(Exit::Found, error),
            ReplayError::Io(error) => error.into(),
        }
    }
}

impl From<RunRateError> for CliError {
    fn from(error: RunRateError) -> Self {
        match error {
            RunRateError::Plan(error) => error.into(),
            RunRateError::Ended(_) => Self::new(Exit::Fault, error),
        }
    }
}
