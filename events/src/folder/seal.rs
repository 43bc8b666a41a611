//! `seal.json`: what a complete lifetime must be found to hold.

use crate::content_hash::ContentHash;
use crate::error::{AtPath, EventError};
use crate::writer::LogPosition;
use serde::{Deserialize, Serialize};
use std::io::Read;
use std::path::Path;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

/// A further file that the seal vouches for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its name in the lifetime's folder.
    pub file: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// XXH3-64 of its bytes.
    pub xxh3: u64,
}

/// What a complete lifetime holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// The file's format version.
    pub format_version: u64,
    /// Row counts and content hash.
    #[serde(flatten)]
    pub hash: ContentHash,
    /// Where each table ends, end-of-stream marker included.
    pub end: LogPosition,
    /// Further files: the rows that resumes cut away, and what the caller names, such as
    /// the agent's output.
    pub attachments: Vec<Attachment>,
}

impl Attachment {
    /// What a file that holds `bytes` is noted as.
    pub(crate) fn of(file: &str, bytes: &[u8]) -> Self {
        Self { file: file.to_owned(), bytes: bytes.len() as u64, xxh3: xxh3_64(bytes) }
    }

    /// Fails where the file is not there.
    pub(crate) fn is_there(&self, dir: &Path) -> Result<(), EventError> {
        EventError::unless_there(&dir.join(&self.file))
    }
}

/// Length and XXH3-64 of the first `most` bytes of a file, read in pieces.
pub(crate) fn xxh3_of(path: &Path, most: u64) -> Result<(u64, u64), EventError> {
    let mut file = fs_err::File::open(path).must(path)?.take(most);
    let (mut hasher, mut bytes) = (Xxh3::new(), 0);
    let mut piece = vec![0; 1 << 16];
    loop {
        let n = file.read(&mut piece).at(path)?;
        if n == 0 {
            return Ok((bytes, hasher.digest()));
        }
        hasher.update(&piece[..n]);
        bytes += n as u64;
    }
}
