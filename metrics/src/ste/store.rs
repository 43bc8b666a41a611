//! The store: a folder with one file a task.
//!
//! A file is replaced whole, so a crash leaves what was there or what was to be; whoever
//! changes the store holds a lock on its folder, so that several processes may add to it.

use super::file;
use super::{Expert, SteError};
use crate::{Experiences, Order};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use tella_events::{BlockType, replace_file};
use xxhash_rust::xxh3::xxh3_64;

/// The ending of the store's files.
const ENDING: &str = "ste";
/// The longest name of a task that names its file, as bytes.
const LONGEST_NAME: usize = 150;

/// What becomes of the runs that a task has already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// They are replaced.
    Write,
    /// They stay, behind the new one.
    Append,
}

/// A store of single-task experts; its folder need not exist yet.
#[derive(Clone, Debug)]
pub struct Store {
    dir: PathBuf,
}

/// A task of the store and the runs of its expert.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The task, in lower case.
    pub task_name: String,
    /// Its runs, newest first.
    pub experts: Vec<Expert>,
}

impl Store {
    /// The store in a folder.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into() }
    }

    /// Its folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The tasks that have an expert, sorted.
    ///
    /// # Errors
    ///
    /// Where the folder or the first line of a file cannot be read.
    pub fn names(&self) -> Result<Vec<String>, SteError> {
        let names: Result<BTreeSet<String>, SteError> =
            self.files()?.iter().map(|path| file::read_task(path)).collect();
        Ok(names?.into_iter().collect())
    }

    /// The runs of a task's expert, newest first; none where there is no expert.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read, is damaged, or is of a newer format.
    pub fn load(&self, task: &str) -> Result<Vec<Expert>, SteError> {
        let path = self.path(task);
        if !path.exists() {
            return Ok(Vec::new());
        }
        let bytes = fs_err::read(&path).map_err(|e| SteError::io(&path, e))?;
        let (found, experts) = file::decode(&path, &bytes)?;
        if found != task {
            let what = format!("it holds the expert of `{found}`, its name says `{task}`");
            return Err(SteError::Damaged { path, what });
        }
        Ok(experts)
    }

    /// Everything in the store, by task.
    ///
    /// # Errors
    ///
    /// As [`load`](Self::load).
    pub fn list(&self) -> Result<Vec<Stored>, SteError> {
        let stored = |task_name: String| {
            let experts = self.load(&task_name)?;
            Ok(Stored { task_name, experts })
        };
        self.names()?.into_iter().map(stored).collect()
    }

    /// Adds the log of an expert and returns the task it learnt. `source` names the log.
    ///
    /// # Errors
    ///
    /// Where the log learns no task or several, cannot be put in order, or is appended and there
    /// already, or the store cannot be written. The store is then as it was.
    pub fn add(&self, log: Experiences, source: &str, mode: Mode) -> Result<String, SteError> {
        let task = Self::learnt_task(&log, source)?;
        fs_err::create_dir_all(&self.dir).map_err(|e| SteError::io(&self.dir, e))?;
        let _lock = self.lock()?;
        let mut experts = vec![Expert { source: source.to_owned(), log }];
        if mode == Mode::Append {
            let stored = self.load(&task)?;
            Self::refuse_twice(&task, &experts[0], &stored)?;
            experts.extend(stored);
        }
        replace_file(self.path(&task), &file::encode(&task, &experts))?;
        Ok(task)
    }

    /// Refuses a run of a task that is one of others, whatever it is called: by what the store
    /// keeps of them.
    ///
    /// # Errors
    ///
    /// [`SteError::Twice`].
    pub fn refuse_twice(task: &str, run: &Expert, others: &[Expert]) -> Result<(), SteError> {
        let rows = file::rows(&run.log);
        match others.iter().find(|other| file::rows(&other.log) == rows) {
            None => Ok(()),
            Some(other) => Err(SteError::Twice {
                source_name: run.source.clone(),
                task: task.to_owned(),
                known: other.source.clone(),
            }),
        }
    }

    /// The task, in lower case, that the log of an expert learns. `source` names the log.
    ///
    /// # Errors
    ///
    /// Where it learns none or several, or cannot be put in order.
    pub fn learnt_task(log: &Experiences, source: &str) -> Result<String, SteError> {
        let source_name = source.to_owned();
        if let Err(error) = log.check().and_then(|()| Order::of(log).map(|_| ())) {
            return Err(SteError::Log { source_name, error });
        }
        let learnt = (0..log.len())
            .filter(|row| log.complete[*row] && log.block_type[*row] == BlockType::Train)
            .map(|row| log.task_name.codes()[row])
            .collect::<BTreeSet<u32>>();
        let names: BTreeSet<String> = learnt
            .iter()
            .map(|code| log.task_name.values()[*code as usize].to_lowercase())
            .collect();
        let mut tasks: Vec<String> = names.into_iter().collect();
        match tasks.len() {
            1 => Ok(tasks.remove(0)),
            _ => Err(SteError::NotOneTask { source_name, tasks }),
        }
    }

    /// Removes every expert and returns how many tasks had one. Other files stay.
    ///
    /// # Errors
    ///
    /// Where a file cannot be removed.
    pub fn clear(&self) -> Result<usize, SteError> {
        let _lock = self.lock()?;
        let files = self.files()?;
        for path in &files {
            fs_err::remove_file(path).map_err(|e| SteError::io(path, e))?;
        }
        Ok(files.len())
    }

    fn lock(&self) -> Result<fs_err::File, SteError> {
        let folder = fs_err::File::open(&self.dir).map_err(|e| SteError::io(&self.dir, e))?;
        folder.file().lock().map_err(|e| SteError::io(&self.dir, e))?;
        Ok(folder)
    }

    fn files(&self) -> Result<Vec<PathBuf>, SteError> {
        if !self.dir.exists() {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        for entry in fs_err::read_dir(&self.dir).map_err(|e| SteError::io(&self.dir, e))? {
            let path = entry.map_err(|e| SteError::io(&self.dir, e))?.path();
            if path.extension().is_some_and(|ending| ending == ENDING) {
                found.push(path);
            }
        }
        found.sort();
        Ok(found)
    }

    /// The file of a task. Letters, digits, `_` and `-` stand for themselves, other bytes as
    /// `%XX`; a name that is too long for a file ends in its hash.
    fn path(&self, task: &str) -> PathBuf {
        // An empty name would leave a hidden file without an ending.
        let mut name = if task.is_empty() { "%".to_owned() } else { String::new() };
        for byte in task.bytes() {
            if byte.is_ascii_alphanumeric() || b"_-".contains(&byte) {
                name.push(char::from(byte));
            } else {
                let _ = write!(name, "%{byte:02X}");
            }
        }
        if name.len() > LONGEST_NAME {
            name.truncate(LONGEST_NAME);
            let _ = write!(name, "-{:016x}", xxh3_64(task.as_bytes()));
        }
        self.dir.join(format!("{name}.{ENDING}"))
    }
}
