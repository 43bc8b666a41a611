//! `seal.json`: what a complete lifetime must be found to hold.

use crate::content_hash::ContentHash;
use crate::error::{AtPath, EventError};
use crate::writer::LogPosition;
use serde::{Deserialize, Serialize};
use std::io::Read;
use std::path::Path;
use xxhash_rust::xxh3::Xxh3;

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

/// Length and XXH3-64 of a file, read in pieces.
pub(crate) fn xxh3_of(path: &Path) -> Result<(u64, u64), EventError> {
    let mut file = fs_err::File::open(path).at(path)?;
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
