//! Checkpoints: all that a lifetime needs to go on as if it had never stopped.
//!
//! One file a lifetime, replaced as a whole, which the log keeps and vouches for, with
//! a format version and a checksum of its own. A checkpoint holds the position in the
//! curriculum, the position in the log, the agent's state and, in the middle of a
//! variant, the environments' state.

use super::{IsolationReport, VariantState};
use fs_err as fs;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};
use tella_agents::AgentState;
use tella_events::{EventError, LifetimeWriter, LogPosition, RunFolder};

/// Name of the file in the lifetime's folder.
pub const FILE_NAME: &str = "checkpoint.bin";

/// First bytes of the file; the digit is the format version.
const MAGIC: &[u8; 16] = b"tella checkpt 3\n";

/// A position in a curriculum: just before the start of a variant, or inside it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Cursor {
    /// Index of the block.
    pub block: usize,
    /// Index of the task block in the block.
    pub task_block: usize,
    /// Index of the variant in the task block.
    pub variant: usize,
}

/// One lifetime's checkpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Where in the curriculum. The block's and the task block's start hooks have
    /// fired; the variant's has fired where `variant_state` is given.
    pub cursor: Cursor,
    /// Where in the log.
    pub log: LogPosition,
    /// The next experience's number.
    pub exp_num: u64,
    /// The index of the first episode of a variant that goes on from the one learned last.
    pub next_episode: u64,
    /// The agent: `learned`, then `transient`.
    pub agent: (Vec<u8>, Vec<u8>),
    /// The agent on entering the evaluation block under way, where it is isolated.
    pub entered: Option<(Vec<u8>, Vec<u8>)>,
    /// What was seen of the agent in evaluation so far.
    pub isolation: IsolationReport,
    /// The variant under way.
    pub variant_state: Option<VariantState>,
}

/// An agent's two sections as plain bytes.
pub(super) fn sections(state: AgentState) -> (Vec<u8>, Vec<u8>) {
    (state.learned, state.transient)
}

/// The inverse of [`sections`].
pub(super) fn agent_state((learned, transient): (Vec<u8>, Vec<u8>)) -> AgentState {
    AgentState { learned, transient }
}

impl Checkpoint {
    /// Replaces the checkpoint of the lifetime; it is on disk when this returns.
    pub fn write(&self, log: &mut LifetimeWriter) -> Result<(), EventError> {
        let body = postcard::to_stdvec(self).expect("a checkpoint is plain data");
        let mut bytes = MAGIC.to_vec();
        bytes.extend(blake3::hash(&body).as_bytes());
        bytes.extend(body);
        log.keep(FILE_NAME, &bytes)
    }

    /// The checkpoint of a lifetime, or `None` where it has none.
    ///
    /// # Errors
    /// Where it is damaged, or lost although the log vouches for it.
    pub fn read(run: &RunFolder, lifetime: u32) -> Result<Option<Self>, EventError> {
        let Some(bytes) = run.kept(lifetime, FILE_NAME)? else { return Ok(None) };
        let parsed = bytes.strip_prefix(MAGIC).and_then(|rest| {
            let (checksum, body) = rest.split_at_checked(blake3::OUT_LEN)?;
            (blake3::hash(body).as_bytes() == checksum).then(|| postcard::from_bytes(body).ok())?
        });
        let damaged = || {
            let path = path(&run.lifetime_dir(lifetime));
            EventError::damaged(path, 0, "not a whole checkpoint of this version")
        };
        parsed.map(Some).ok_or_else(damaged)
    }
}

fn path(dir: &Path) -> PathBuf {
    dir.join(FILE_NAME)
}

/// Removes the checkpoint of a lifetime that is complete.
pub fn remove(dir: &Path) -> io::Result<()> {
    match fs::remove_file(path(dir)) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}
