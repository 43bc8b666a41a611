//! What there is to see of a run at a moment.

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
    /// Its lifetimes, those not begun among them.
    pub lifetimes: Vec<LifetimeView>,
}

/// How a lifetime stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Planned, and not begun.
    #[default]
    NotBegun,
    /// A process is writing it.
    Running,
    /// It says that it is running, and nobody is writing it: its process was killed.
    Dead,
    /// Lived to its end.
    Complete,
    /// Stopped by a signal; can be resumed.
    Interrupted,
    /// Stopped for want of space; can be resumed.
    DiskFull,
    /// Ended by a fault.
    Fault,
}

impl State {
    /// The word for it, in JSON and on the screen.
    pub fn as_str(self) -> &'static str {
        match self {
            State::NotBegun => "not-begun",
            State::Running => "running",
            State::Dead => "dead",
            State::Complete => "complete",
            State::Interrupted => "interrupted",
            State::DiskFull => "disk-full",
            State::Fault => "fault",
        }
    }
}

/// A lifetime.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LifetimeView {
    /// Its index.
    pub lifetime: u32,
    /// How it stands.
    pub state: State,
    /// The fault that ended it, in words.
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
