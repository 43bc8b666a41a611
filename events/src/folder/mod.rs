//! The run folder: what lies where, how it is made, and who may write.
//!
//! ```text
//! run.json            what the run is; written once, last, so that it marks a whole folder
//! curriculum.yaml     the curriculum as it was given; the explicit one of a lifetime lies
//!                     in its folder
//! lifetime-NNNN/      made exclusively by the process that writes it
//!   status.json       its state, replaced as it changes
//!   flushed.json      how far the tables are durable, and what further files hold
//!   experiences.arrow experiences.index
//!   blocks.arrow      blocks.index
//!   timing.arrow      timing.index
//!   transitions.arrow transitions.index     where they are kept
//!   superseded-K.arrow superseded-K.index   rows a resume cut away, and steps as
//!                     superseded-K-transitions.arrow
//!   seal.json         row counts and content hash of a complete lifetime
//! ```
//!
//! Every JSON file carries its checksum; every Arrow file has its index. Other files of a
//! lifetime (its explicit `curriculum.yaml`, the agent's output, checkpoints) belong to the
//! caller: `flushed.json`, and later the seal, vouch for those that the log is told of.

mod kept;
mod lock;
mod run_info;
mod seal;
mod status;

pub(crate) use kept::{Change, Flushed, KeptFile, verify_kept};
pub use lock::lock;
pub use run_info::RunInfo;
pub(crate) use seal::xxh3_of;
pub use seal::{Attachment, Seal};
pub use status::{LifetimeState, LifetimeStatus};

use crate::error::{AtPath, EventError};
use crate::schema::{FORMAT_VERSION, TableKind};
use crate::{atomic, sealed_json};
use std::io;
use std::path::{Path, PathBuf};

/// What to do where the folder is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnExisting {
    /// Join a run with the same identity hash; refuse everything else.
    Join,
    /// Remove the run that is there, whatever it is, and begin anew (`--force`).
    /// A folder that holds anything but a run is refused all the same.
    Replace,
}

/// A run folder, open.
#[derive(Clone, Debug)]
pub struct RunFolder {
    dir: PathBuf,
    info: RunInfo,
}

const RUN: &str = "run.json";
const CURRICULUM: &str = "curriculum.yaml";
const LIFETIME: &str = "lifetime-";

impl RunFolder {
    /// Makes the folder `dir`, or joins it as `on_existing` allows. `curriculum` is the text
    /// of `curriculum.yaml`. Two processes that do this at once with the same identity
    /// both end up in the same run.
    pub fn create(
        dir: impl AsRef<Path>,
        info: &RunInfo,
        curriculum: &str,
        on_existing: OnExisting,
    ) -> Result<Self, EventError> {
        let dir = dir.as_ref();
        fs_err::create_dir_all(dir).at(dir)?;
        let _lock = lock::wait(dir)?;
        let foreign = foreign_entry(dir)?;
        // Who makes a run folder holds the lock: what others left half made is left for good.
        for name in half_made(dir)? {
            fs_err::remove_file(dir.join(&name)).at(dir)?;
        }
        let refuse = |why: String| Err(EventError::Exists { path: dir.to_owned(), why });
        if let Some(name) = foreign {
            return refuse(format!("holds `{name}`, which belongs to no run"));
        }
        if on_existing == OnExisting::Replace {
            remove_run(dir)?;
        } else if dir.join(RUN).exists() {
            let there = Self::open(dir)?;
            if there.info.identity_hash == info.identity_hash {
                return Ok(there);
            }
            return refuse(format!(
                "holds another run (identity {}, not {})",
                there.info.identity_hash, info.identity_hash
            ));
        } else if !lifetimes(dir)?.is_empty() {
            return refuse("holds lifetimes but no run.json".into());
        }
        let mut info = info.clone();
        info.format_version = FORMAT_VERSION;
        info.curriculum_text = blake3::hash(curriculum.as_bytes()).to_hex().to_string();
        atomic::replace_file(dir.join(CURRICULUM), curriculum.as_bytes())?;
        sealed_json::write(&dir.join(RUN), &info)?;
        Ok(Self { dir: dir.to_owned(), info })
    }

    /// Opens an existing run folder: verifies `run.json`, and that `curriculum.yaml` is there.
    pub fn open(dir: impl AsRef<Path>) -> Result<Self, EventError> {
        let run = Self::read(dir.as_ref())?;
        EventError::unless_there(&run.dir.join(CURRICULUM))?;
        Ok(run)
    }

    /// Reads and verifies `run.json` alone.
    pub(crate) fn read(dir: &Path) -> Result<Self, EventError> {
        let path = dir.join(RUN);
        if !path.exists() {
            let why = if !dir.exists() {
                "there is no such folder"
            } else if !dir.is_dir() {
                "it is a file"
            } else if holds_lifetimes(dir) {
                return Err(EventError::Missing { path });
            } else if dir.join(CURRICULUM).exists() {
                "run.json is missing: the run was stopped before it began"
            } else {
                "run.json is missing"
            };
            return Err(EventError::NotARun { path: dir.to_owned(), why: why.into() });
        }
        let info = sealed_json::read(&path, FORMAT_VERSION)?;
        Ok(Self { dir: dir.to_owned(), info })
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// What `run.json` says.
    pub fn info(&self) -> &RunInfo {
        &self.info
    }

    /// The text of `curriculum.yaml`, verified against `run.json`.
    pub fn curriculum(&self) -> Result<String, EventError> {
        let path = self.dir.join(CURRICULUM);
        let bytes = fs_err::read(&path).must(&path)?;
        if blake3::hash(&bytes).to_hex().as_str() != self.info.curriculum_text {
            return Err(EventError::damaged(&path, 0, "not the text that run.json vouches for"));
        }
        String::from_utf8(bytes).map_err(|_| EventError::damaged(&path, 0, "not UTF-8"))
    }

    /// The indices of the lifetimes in the folder, in order.
    pub fn lifetimes(&self) -> Result<Vec<u32>, EventError> {
        lifetimes(&self.dir)
    }

    /// The folder of a lifetime, there or not.
    pub fn lifetime_dir(&self, lifetime_idx: u32) -> PathBuf {
        self.dir.join(format!("{LIFETIME}{lifetime_idx:04}"))
    }

    /// The state of a lifetime.
    pub fn status(&self, lifetime_idx: u32) -> Result<LifetimeStatus, EventError> {
        let path = self.lifetime_dir(lifetime_idx).join("status.json");
        if !path.exists() {
            let dir = self.lifetime_dir(lifetime_idx);
            if dir.join("seal.json").exists() || Flushed::promises_rows(&dir) {
                return Err(EventError::Missing { path });
            }
            let why = if dir.exists() { "it was not begun" } else { "no such lifetime" };
            return Err(EventError::NoLifetime { path: dir, why: why.into() });
        }
        sealed_json::read(&path, FORMAT_VERSION)
    }

    /// Replaces the state of a lifetime. For states that the writer does not set itself,
    /// such as that of a lifetime whose worker died.
    pub fn set_status(&self, status: &LifetimeStatus) -> Result<(), EventError> {
        let path = self.lifetime_dir(status.lifetime_idx).join("status.json");
        let status = LifetimeStatus { format_version: FORMAT_VERSION, ..status.clone() };
        sealed_json::write(&path, &status)
    }

    /// The seal of a lifetime; `None` where it is not complete.
    pub fn seal(&self, lifetime_idx: u32) -> Result<Option<Seal>, EventError> {
        let path = self.lifetime_dir(lifetime_idx).join("seal.json");
        if !path.exists() {
            return Ok(None);
        }
        sealed_json::read(&path, FORMAT_VERSION).map(Some)
    }

    /// The numbers K of a lifetime's `superseded-K.arrow` files, in order.
    pub fn superseded(&self, lifetime_idx: u32) -> Result<Vec<u32>, EventError> {
        self.superseded_of(lifetime_idx, TableKind::Experiences)
    }

    /// The numbers K of the files that hold what resumes cut away from a table, in order.
    pub(crate) fn superseded_of(
        &self,
        lifetime_idx: u32,
        table: TableKind,
    ) -> Result<Vec<u32>, EventError> {
        let number = |name: &String| -> Option<u32> {
            let digits = name.strip_prefix("superseded-")?.strip_suffix(".arrow")?;
            let k = digits.split('-').next()?.parse().ok()?;
            (format!("{}.arrow", superseded_name(k, table)) == *name).then_some(k)
        };
        let mut numbers: Vec<u32> =
            names(&self.lifetime_dir(lifetime_idx))?.iter().filter_map(number).collect();
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// The bytes of a file that [`LifetimeWriter::keep`](crate::LifetimeWriter::keep) wrote
    /// into a lifetime's folder, verified; `None` where it keeps none of that name.
    pub fn kept(&self, lifetime_idx: u32, file: &str) -> Result<Option<Vec<u8>>, EventError> {
        let dir = self.lifetime_dir(lifetime_idx);
        let path = dir.join(file);
        if let Some(error) = verify_kept(&dir, |kept| kept.holds.file == file)?.pop() {
            return Err(error);
        }
        match fs_err::read(&path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            read => read.at(&path).map(Some),
        }
    }

    /// Vouches for what a file in a lifetime's folder holds by now, to which something
    /// appends, such as the agent's output. Nobody may be writing the lifetime.
    pub fn vouch_for_beginning(&self, lifetime_idx: u32, file: &str) -> Result<(), EventError> {
        let dir = self.lifetime_dir(lifetime_idx);
        let _lock = lock(&dir)?;
        let Flushed { position, mut files, .. } = Flushed::read(&dir)?;
        let now = KeptFile { change: Change::Grows, ..KeptFile::at_rest(&dir, file.to_owned())? };
        files.retain(|kept| kept.holds.file != file);
        files.push(now);
        Flushed::write(&dir, position, &files)
    }

    /// Whether a process is writing the lifetime now.
    pub fn is_being_written(&self, lifetime_idx: u32) -> bool {
        lock::is_held(&self.lifetime_dir(lifetime_idx))
    }

    /// Makes the folder of a lifetime, exclusively and durably.
    pub(crate) fn create_lifetime(&self, lifetime_idx: u32) -> Result<PathBuf, EventError> {
        let dir = self.lifetime_dir(lifetime_idx);
        match fs_err::create_dir(&dir) {
            // Without its entry in the run's folder, what is flushed into it could be lost.
            Ok(()) => atomic::sync_folder(&self.dir).map(|()| dir),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Err(EventError::Exists {
                path: dir,
                why: "is never overwritten; resume it, or choose another lifetime or folder".into(),
            }),
            Err(e) => Err(EventError::io(dir, e)),
        }
    }
}

/// The name, without its ending, of the file with what the `k`-th resume cut away from a table.
pub(crate) fn superseded_name(k: u32, table: TableKind) -> String {
    match table {
        TableKind::Experiences => format!("superseded-{k}"),
        table => format!("superseded-{k}-{}", table.name()),
    }
}

pub(crate) fn names(dir: &Path) -> Result<Vec<String>, EventError> {
    let mut names = Vec::new();
    for entry in fs_err::read_dir(dir).at(dir)? {
        names.push(entry.at(dir)?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// The lifetime index a folder name stands for.
fn lifetime_of(name: &str) -> Option<u32> {
    let digits = name.strip_prefix(LIFETIME)?;
    let idx: u32 = digits.parse().ok()?;
    (format!("{idx:04}") == digits).then_some(idx)
}

fn lifetimes(dir: &Path) -> Result<Vec<u32>, EventError> {
    let mut found: Vec<u32> = names(dir)?.iter().filter_map(|n| lifetime_of(n)).collect();
    found.sort_unstable();
    Ok(found)
}

/// Whether a folder holds lifetimes, with or without a `run.json`.
pub(crate) fn holds_lifetimes(dir: &Path) -> bool {
    lifetimes(dir).is_ok_and(|found| !found.is_empty())
}

/// Files of the run, not of a lifetime, that a killed process left half made.
pub(crate) fn half_made(dir: &Path) -> Result<Vec<String>, EventError> {
    let of_run = |name: &str| [RUN, CURRICULUM].iter().any(|file| name.starts_with(file));
    Ok(names(dir)?.into_iter().filter(|name| is_temporary(name) && of_run(name)).collect())
}

fn is_temporary(name: &str) -> bool {
    name.ends_with(".tmp")
}

/// Something in a folder that no run put there.
fn foreign_entry(dir: &Path) -> Result<Option<String>, EventError> {
    let run = dir.join(RUN).exists();
    let ours = |name: &str| {
        name == RUN || name == CURRICULUM || is_temporary(name) || lifetime_of(name).is_some()
    };
    // Beside a run.json anything may lie: reports, exports, notes.
    Ok(if run { None } else { names(dir)?.into_iter().find(|name| !ours(name)) })
}

/// Removes what a run put into a folder, `run.json` first, and nothing else. A run with a
/// lifetime that is being written stays whole.
pub(crate) fn remove_run(dir: &Path) -> Result<(), EventError> {
    let names = names(dir)?;
    // All locks before the first removal, and held to the last.
    let lifetimes = names.iter().filter(|name| lifetime_of(name).is_some());
    let _locks = lifetimes.map(|name| lock(&dir.join(name))).collect::<Result<Vec<_>, _>>()?;
    for name in names.iter().rev() {
        let path = dir.join(name);
        if lifetime_of(name).is_some() {
            fs_err::remove_dir_all(&path).at(&path)?;
        } else if name == RUN || name == CURRICULUM || is_temporary(name) {
            fs_err::remove_file(&path).at(&path)?;
        }
    }
    atomic::sync_folder(dir)
}
