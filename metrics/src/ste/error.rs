//! What can go wrong with the store of experts.

use crate::MetricsError;
use std::io;
use std::path::{Path, PathBuf};
use tella_events::EventError;

/// Why the store cannot be read, or a log not be added to it.
#[derive(Debug, thiserror::Error)]
pub enum SteError {
    /// The log of an expert learns one task.
    #[error(
        "{source_name} is no log of a single-task expert: it learns {}, and must learn one task",
        told(tasks)
    )]
    NotOneTask {
        /// The log.
        source_name: String,
        /// The tasks that it learns, in lower case.
        tasks: Vec<String>,
    },
    /// The store has the run already.
    #[error("{source_name} is the same run of `{task}` as {known}: experts would count it twice")]
    Twice {
        /// The log.
        source_name: String,
        /// The task that it learns.
        task: String,
        /// The run that it is.
        known: String,
    },
    /// The log cannot be put in order.
    #[error("{source_name}: {error}")]
    Log {
        /// The log.
        source_name: String,
        /// What is wrong with it.
        error: MetricsError,
    },
    /// A file of the store is not what was written.
    #[error("{} is damaged: {what}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// A file of the store is of a version this program does not know.
    #[error("{} has format version {found}; this program reads up to {supported}", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u64,
        /// The newest version known here.
        supported: u64,
    },
    /// The file system, or the log that was to be added.
    #[error(transparent)]
    Event(#[from] EventError),
}

impl SteError {
    pub(super) fn io(path: &Path, error: io::Error) -> Self {
        Self::Event(EventError::io(path, error))
    }
}

fn told(tasks: &[String]) -> String {
    match tasks {
        [] => "nothing".to_owned(),
        tasks => format!("{} tasks ({})", tasks.len(), tasks.join(", ")),
    }
}
