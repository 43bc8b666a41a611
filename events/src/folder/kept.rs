//! Further files of a lifetime, such as checkpoints: bytes that the log keeps for its caller
//! and vouches for while the lifetime has no seal. `flushed.json` notes what they hold.
//!
//! A file is noted before it is written, with what it held before: a kill in between leaves
//! it with one of the two, and both are right.

use super::seal::{Attachment, xxh3_of};
use crate::error::EventError;
use crate::schema::FORMAT_VERSION;
use crate::sealed_json;
use crate::writer::LogPosition;
use serde::{Deserialize, Serialize};
use std::path::Path;

const FLUSHED: &str = "flushed.json";

/// `flushed.json`: everything up to here is durable, and these files are kept beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Flushed {
    format_version: u64,
    /// How far the tables are durable.
    pub(crate) position: LogPosition,
    /// Further files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) files: Vec<KeptFile>,
}

impl Flushed {
    pub(crate) fn write(
        dir: &Path,
        position: LogPosition,
        files: &[KeptFile],
    ) -> Result<(), EventError> {
        let files = files.to_vec();
        let flushed = Self { format_version: FORMAT_VERSION, position, files };
        sealed_json::write(&dir.join(FLUSHED), &flushed)
    }

    pub(crate) fn read(dir: &Path) -> Result<Self, EventError> {
        sealed_json::read(&dir.join(FLUSHED), FORMAT_VERSION)
    }

    /// Whether `flushed.json` promises rows, or is there and cannot be read. The writer puts
    /// the first one, which promises none, before the status.
    pub(crate) fn promises_rows(dir: &Path) -> bool {
        dir.join(FLUSHED).exists()
            && Self::read(dir).map_or(true, |flushed| {
                flushed.position.experiences.rows > 0 || flushed.position.blocks.rows > 0
            })
    }
}

/// A further file, as it is noted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptFile {
    /// What it holds.
    #[serde(flatten)]
    pub(crate) holds: Attachment,
    /// What else it may be found to hold.
    #[serde(default, skip_serializing_if = "Change::is_none")]
    pub(crate) change: Change,
}

/// What a kept file may be found to hold besides what is noted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Change {
    /// Nothing else.
    #[default]
    None,
    /// It is being written for the first time, and may not be there yet.
    New,
    /// It took the place of this.
    From {
        /// Its length.
        bytes: u64,
        /// XXH3-64 of its bytes.
        xxh3: u64,
    },
    /// Something appends to it: noted is how it begins.
    Grows,
}

impl Change {
    fn is_none(&self) -> bool {
        *self == Self::None
    }
}

impl KeptFile {
    /// A file whose bytes are on disk already, and stay.
    pub(crate) fn at_rest(dir: &Path, file: String) -> Result<Self, EventError> {
        let (bytes, xxh3) = xxh3_of(&dir.join(&file), u64::MAX)?;
        Ok(Self { holds: Attachment { file, bytes, xxh3 }, change: Change::None })
    }

    /// Fails where the file must be there and is not.
    pub(crate) fn is_there(&self, dir: &Path) -> Result<(), EventError> {
        self.holds
            .is_there(dir)
            .or_else(|e| if self.change == Change::New { Ok(()) } else { Err(e) })
    }

    /// Compares the file with what is noted.
    pub(crate) fn verify(&self, dir: &Path) -> Result<(), EventError> {
        self.is_there(dir)?;
        let path = dir.join(&self.holds.file);
        if !path.exists() {
            return Ok(());
        }
        let noted = self.holds.bytes;
        let most = if self.change == Change::Grows { noted } else { u64::MAX };
        let found = xxh3_of(&path, most)?;
        let other = match self.change {
            Change::From { bytes, xxh3 } => Some((bytes, xxh3)),
            _ => None,
        };
        match found {
            found if found == (noted, self.holds.xxh3) || Some(found) == other => Ok(()),
            (bytes, _) if bytes < noted && other.is_none_or(|(other, _)| bytes < other) => {
                let what = format!("the file was cut, it had {noted} bytes");
                Err(EventError::damaged(&path, bytes, what))
            }
            _ => Err(EventError::damaged(&path, 0, "not the bytes that were written")),
        }
    }
}

/// Verifies those files of a lifetime that `which` picks, and returns what is wrong with
/// each. One that is replaced meanwhile is looked at again.
pub(crate) fn verify_kept(
    dir: &Path,
    which: impl Fn(&KeptFile) -> bool,
) -> Result<Vec<EventError>, EventError> {
    let noted = || -> Result<Vec<KeptFile>, EventError> {
        Ok(Flushed::read(dir)?.files.into_iter().filter(|file| which(file)).collect())
    };
    let mut files = noted()?;
    loop {
        let wrong: Vec<EventError> = files.iter().filter_map(|f| f.verify(dir).err()).collect();
        let now = if wrong.is_empty() { return Ok(wrong) } else { noted()? };
        if now == files {
            return Ok(wrong);
        }
        files = now;
    }
}
