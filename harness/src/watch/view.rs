//! What there is to see of a run at a moment.

use crate::run::State;
use serde::Serialize;
use std::path::PathBuf;

/// A run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunView {
    /// Its folder.
    pub run: PathBuf,
    /// The curriculum's name.
    pub curriculum: String,
    /// The agent's name.
    pub agent: String,
    /// When the folder was made.
    pub created_at: String,
    /// Its lifetimes, those that are planned among them.
    pub lifetimes: Vec<LifetimeView>,
}

/// A lifetime.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LifetimeView {
    /// Its index.
    pub lifetime: u32,
    /// How it stands.
    pub state: State,
    /// The fault that ended it, or what was wrong with its log, in words.
    pub fault: Option<String>,
    /// What of its log cannot be read.
    pub unread: Option<String>,
    /// Whether what cannot be read is damage: the log is at rest, and corrupt.
    #[serde(skip)]
    pub corrupt: bool,
    /// When the last experience ended, in microseconds since 1970 UTC.
    pub last_at: Option<i64>,
    /// Experiences logged.
    pub experiences: u64,
    /// Steps of those.
    pub steps: u64,
    /// The block under way or lived last, counted from 0.
    pub block_num: Option<u64>,
    /// Blocks in all, where the curriculum is known.
    pub blocks: Option<u64>,
    /// `train` or `test`.
    pub block_type: Option<&'static str>,
    /// The task variant under way or lived last.
    pub task_name: Option<String>,
    /// The part of the curriculum that is done, from 0 to 1, where the curriculum is known.
    pub progress: Option<f64>,
    /// Seconds until it is complete, at the speed of the last minute.
    pub eta_seconds: Option<f64>,
    /// Steps a second in the last minute of the log.
    pub steps_per_second: Option<f64>,
    /// Its tasks, in order of appearance.
    pub tasks: Vec<TaskView>,
}

/// A task of a lifetime.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct TaskView {
    /// `<Task>_<Variant>`.
    pub task_name: String,
    /// Complete experiences of learning blocks.
    pub learned: u64,
    /// Mean return of the last of them.
    pub recent_reward: Option<f64>,
    /// How many that are.
    pub recent: u64,
    /// Mean returns over learning, from the first experience to the last, in equal parts.
    pub curve: Vec<f64>,
    /// The last evaluation.
    pub evaluation: Option<EvaluationView>,
}

/// The last evaluation of a task.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct EvaluationView {
    /// Its block.
    pub block_num: u64,
    /// Mean return.
    pub mean_reward: f64,
    /// Over so many complete experiences.
    pub experiences: u64,
}
