//! The folder of a benchmark: its plan, a file for each trial that is over, and checkpoints of those that are not.
//!
//! | file | holds |
//! |---|---|
//! | `mad.json` | the plan |
//! | `trials/NNNN.json` | what a trial came to |
//! | `trials/NNNN.checkpoint` | one under way |
//! | `results.arrow`, `epochs.arrow`, `results.json`, `report.html` | what all came to |

use super::Plan;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use tella_events::{EventError, replace_file};
use tella_nn::mad::{Accuracy, Outcome};

const PLAN: &str = "mad.json";
const TRIALS: &str = "trials";

/// What a trial came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// Its outcome, or why there is none.
    pub outcome: Result<Outcome, String>,
    /// The exact solver's accuracy on its test examples.
    pub ceiling: Accuracy,
}

/// A benchmark's folder, which no other process writes meanwhile.
#[derive(Debug)]
pub struct Folder {
    dir: PathBuf,
    _lock: fs_err::File,
}

/// Why a folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// It cannot be read or written.
    #[error(transparent)]
    Event(#[from] EventError),
    /// It holds something else.
    #[error("{} exists and is no benchmark's folder", .0.display())]
    NotOurs(PathBuf),
    /// It holds another benchmark.
    #[error("{} holds another benchmark: {difference}", dir.display())]
    Another {
        /// The folder.
        dir: PathBuf,
        /// In what it is another.
        difference: String,
    },
    /// A file is damaged.
    #[error("{}: {why}", file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        why: String,
    },
}

impl Folder {
    /// Makes the folder of `plan`, or takes up the one that is there.
    ///
    /// # Errors
    ///
    /// Where anything else lies there, or another process goes on with it.
    pub fn open(dir: &Path, plan: &Plan) -> Result<Self, FolderError> {
        if dir.exists() && !dir.is_dir() {
            return Err(FolderError::NotOurs(dir.to_owned()));
        }
        fs_err::create_dir_all(dir).map_err(|e| EventError::io(dir, e))?;
        let folder = Self { dir: dir.to_owned(), _lock: tella_events::lock(dir)? };
        let make_trials = || {
            let trials = dir.join(TRIALS);
            fs_err::create_dir_all(&trials).map_err(|e| EventError::io(&trials, e))
        };
        let file = dir.join(PLAN);
        if file.exists() {
            let found: serde_json::Value = folder.read(&file)?;
            if found["format"] != Plan::FORMAT {
                let why = format!(
                    "its format is {}, this program's is {}",
                    found["format"],
                    Plan::FORMAT
                );
                return Err(FolderError::Damaged { file, why });
            }
            let found: Plan = folder.read(&file)?;
            return match plan.difference(&found) {
                Some(difference) => Err(FolderError::Another { dir: dir.to_owned(), difference }),
                None => make_trials().map(|()| folder).map_err(FolderError::from),
            };
        }
        let is_empty = |dir| fs_err::read_dir(dir).is_ok_and(|mut all| all.next().is_none());
        if !is_empty(dir) {
            return Err(FolderError::NotOurs(dir.to_owned()));
        }
        folder.write(PLAN, &json(plan))?;
        make_trials()?;
        Ok(folder)
    }

    fn read<T: for<'a> Deserialize<'a>>(&self, file: &Path) -> Result<T, FolderError> {
        let text = fs_err::read_to_string(file).map_err(|e| EventError::io(file, e))?;
        serde_json::from_str(&text)
            .map_err(|error| FolderError::Damaged { file: file.to_owned(), why: error.to_string() })
    }

    /// Writes a file of it.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), FolderError> {
        Ok(replace_file(self.dir.join(name), bytes)?)
    }

    /// What trial `number` came to, if it is over.
    ///
    /// # Errors
    ///
    /// A file that is damaged.
    pub fn trial(&self, number: usize) -> Result<Option<Trial>, FolderError> {
        let file = self.dir.join(trial_name(number));
        if file.exists() { self.read(&file).map(Some) } else { Ok(None) }
    }

    /// Writes down what trial `number` came to.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    pub fn finish(&self, number: usize, trial: &Trial) -> Result<(), FolderError> {
        self.write(&trial_name(number), &json(trial))?;
        let checkpoint = self.checkpoint_file(number);
        if checkpoint.exists() {
            fs_err::remove_file(&checkpoint).map_err(|e| EventError::io(&checkpoint, e))?;
        }
        Ok(())
    }

    /// The file of the checkpoint of trial `number`.
    pub fn checkpoint_file(&self, number: usize) -> PathBuf {
        self.dir.join(checkpoint_name(number))
    }

    /// The checkpoint of trial `number`, if there is one.
    ///
    /// # Errors
    ///
    /// Where it cannot be read.
    pub fn checkpoint(&self, number: usize) -> Result<Option<Vec<u8>>, FolderError> {
        let file = self.checkpoint_file(number);
        match file.exists() {
            true => Ok(Some(fs_err::read(&file).map_err(|e| EventError::io(&file, e))?)),
            false => Ok(None),
        }
    }

    /// Writes the checkpoint of trial `number`.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    pub fn keep(&self, number: usize, checkpoint: &[u8]) -> Result<(), FolderError> {
        self.write(&checkpoint_name(number), checkpoint)
    }
}

fn trial_name(number: usize) -> String {
    format!("{TRIALS}/{number:04}.json")
}

fn checkpoint_name(number: usize) -> String {
    format!("{TRIALS}/{number:04}.checkpoint")
}

fn json(value: &impl Serialize) -> Vec<u8> {
    let mut text = serde_json::to_vec_pretty(value).expect("numbers and texts");
    text.push(b'\n');
    text
}
