//! One table on disk: an Arrow IPC stream, and beside it an index of its frames.
//!
//! Arrow IPC has no checksum: a cut at a message boundary and about one flipped bit in
//! five go unseen, and others make readers panic. So a *frame* (the schema; or the
//! dictionaries that changed and one record batch; or the end marker) is what is written
//! and verified as a whole. Its bytes go to `NAME.arrow`, then one entry about them
//! goes to `NAME.index`; a frame without an entry is a torn tail.

mod encode;
mod guard;
#[cfg(test)]
mod hostile;
mod index;
mod planes;
mod raw;
mod read;
mod side_by_side;
mod write;

pub(crate) use index::{Index, Place};
pub(crate) use raw::{Layout, Place as RawPlace, RawFrame, Unpacker};
pub(crate) use read::FrameReader;
pub(crate) use write::FrameWriter;

use std::path::{Path, PathBuf};

/// How far a table's file has come: what a checkpoint remembers of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FilePosition {
    /// Frames, the schema among them.
    pub frames: u64,
    /// Rows.
    pub rows: u64,
    /// Bytes of the Arrow file.
    pub bytes: u64,
    /// The chained checksum of the index up to here.
    pub chain: u64,
}

/// `NAME.arrow` in a folder.
fn data_path(dir: &Path, name: &str) -> PathBuf {
    dir.join(format!("{name}.arrow"))
}

/// `NAME.index` in a folder.
pub(crate) fn index_path(dir: &Path, name: &str) -> PathBuf {
    dir.join(format!("{name}.index"))
}
