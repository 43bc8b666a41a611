//! What can go wrong with a log, as one type.

use std::io;
use std::path::{Path, PathBuf};

/// Why an operation on a run folder failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EventError {
    /// The disk, the quota or the file-size limit is used up (ENOSPC, EDQUOT, EFBIG).
    /// The log stays valid up to its last whole frame.
    #[error("no space left: {source}")]
    DiskFull {
        /// The file being written.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The place cannot be written (permission, or a read-only file system).
    #[error("not writable: {source}")]
    ReadOnly {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another failure of the file system.
    #[error("{source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The folder exists and may not be written into.
    #[error("{} exists and {why}", path.display())]
    Exists {
        /// The folder.
        path: PathBuf,
        /// Why it cannot be used.
        why: String,
    },
    /// The folder is no run folder.
    #[error("{} is not a run folder: {why}", path.display())]
    NotARun {
        /// The folder.
        path: PathBuf,
        /// What is missing.
        why: String,
    },
    /// The lifetime is not in the folder, or holds no log.
    #[error("{}: {why}", path.display())]
    NoLifetime {
        /// The lifetime's folder.
        path: PathBuf,
        /// What is missing.
        why: String,
    },
    /// The log does not keep what was asked for.
    #[error("{} keeps no {what}", path.display())]
    NotKept {
        /// The lifetime's folder.
        path: PathBuf,
        /// The table.
        what: &'static str,
    },
    /// Another process writes this folder.
    #[error("{} is being written by another process", path.display())]
    Locked {
        /// The folder.
        path: PathBuf,
    },
    /// The lifetime is complete and sealed; it cannot be written any more.
    #[error("{} is complete and sealed", path.display())]
    Sealed {
        /// The lifetime's folder.
        path: PathBuf,
    },
    /// Bytes on disk are not what was written.
    #[error("{0}")]
    Corrupt(Box<Damage>),
    /// A file that belongs to a run folder is not there.
    #[error("{} is missing", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// A file is of a format version this program does not know.
    #[error("{} has format version {found}; this program reads up to {supported}", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u64,
        /// The newest version known here.
        supported: u64,
    },
    /// A position handed to resume does not belong to this log.
    #[error("{}: the log does not reach the checkpoint's position: {why}", path.display())]
    Position {
        /// The file.
        path: PathBuf,
        /// How they differ.
        why: String,
    },
    /// The caller broke the grammar of events (block numbers going back, rows without a segment).
    #[error("event out of order: {0}")]
    Grammar(String),
    /// An earlier write failed; the writer cannot go on.
    #[error("the log of {} stopped after an earlier error: {why}", path.display())]
    Stopped {
        /// The lifetime's folder.
        path: PathBuf,
        /// The earlier error.
        why: String,
    },
    /// A file to import is not in its format.
    #[error("{}{}: {why}", path.display(), line.map_or(String::new(), |l| format!(":{l}")))]
    Import {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1, where there is one.
        line: Option<u64>,
        /// What is wrong and what is allowed.
        why: String,
    },
    /// A library below failed in a way that is not the caller's doing.
    #[error("{}: {why}", path.display())]
    Internal {
        /// The file at hand.
        path: PathBuf,
        /// What it said.
        why: String,
    },
}

/// The first place where a file is not what was written.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Damage {
    /// The file.
    pub file: PathBuf,
    /// The frame's sequence number (0 is the schema), where frames are concerned.
    pub sequence: Option<u64>,
    /// The offset in the file, in bytes.
    pub offset: u64,
    /// What is wrong.
    pub what: String,
    /// Rows before the damage that can still be read.
    pub salvaged_rows: u64,
}

impl std::fmt::Display for Damage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} is damaged", self.file.display())?;
        if let Some(sequence) = self.sequence {
            write!(f, " in frame {sequence}")?;
        }
        write!(f, " at byte {}: {}", self.offset, self.what)?;
        if self.sequence.is_some() {
            write!(f, " (rows before it that can be read: {})", self.salvaged_rows)?;
        }
        Ok(())
    }
}

impl EventError {
    /// Sorts an IO error by what the caller can do about it.
    pub fn io(path: impl AsRef<Path>, source: io::Error) -> Self {
        let path = path.as_ref().to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => Self::DiskFull { path, source },
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::ReadOnly { path, source }
            }
            _ => Self::Io { path, source },
        }
    }

    /// Damage to a file as a whole, outside any frame.
    pub fn damaged(file: impl AsRef<Path>, offset: u64, what: impl Into<String>) -> Self {
        Self::Corrupt(Box::new(Damage {
            file: file.as_ref().to_owned(),
            sequence: None,
            offset,
            what: what.into(),
            salvaged_rows: 0,
        }))
    }

    /// Fails where a file of a run folder is not there.
    pub(crate) fn unless_there(path: &Path) -> Result<(), Self> {
        if path.exists() { Ok(()) } else { Err(Self::Missing { path: path.to_owned() }) }
    }

    /// Whether the log itself is damaged, or not all of it there (exit code 4), as against a
    /// failing machine or caller.
    pub fn is_corruption(&self) -> bool {
        matches!(self, Self::Corrupt(_) | Self::Missing { .. })
    }

    /// Whether space ran out: the run can be resumed once there is some again.
    pub fn is_disk_full(&self) -> bool {
        matches!(self, Self::DiskFull { .. })
    }
}

/// Attaches a path to an IO result, for the caller; the text of an `fs_err` error names it already.
pub(crate) trait AtPath<T> {
    fn at(self, path: impl AsRef<Path>) -> Result<T, EventError>;

    /// As [`at`](Self::at), for a file that belongs to a run folder: one that is not there is
    /// [`EventError::Missing`].
    fn must(self, path: impl AsRef<Path>) -> Result<T, EventError>;
}

impl<T> AtPath<T> for io::Result<T> {
    fn at(self, path: impl AsRef<Path>) -> Result<T, EventError> {
        self.map_err(|e| EventError::io(path, e))
    }

    fn must(self, path: impl AsRef<Path>) -> Result<T, EventError> {
        self.map_err(|e| match e.kind() {
            io::ErrorKind::NotFound => EventError::Missing { path: path.as_ref().to_owned() },
            _ => EventError::io(path, e),
        })
    }
}
