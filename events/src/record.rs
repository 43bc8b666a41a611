//! What a caller writes: experiences, the segments they belong to, and block events.

use serde::{Deserialize, Serialize};

/// L2Logger's `block_type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BlockType {
    /// Learning is allowed.
    Train,
    /// Evaluation.
    Test,
}

impl BlockType {
    /// L2Logger's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Test => "test",
        }
    }

    /// The type L2Logger's word stands for.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Train, Self::Test].into_iter().find(|t| t.as_str() == word)
    }
}

/// L2Logger's `block_subtype`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BlockSubtype {
    /// An ordinary block.
    #[default]
    Wake,
    /// A block the agent spends asleep.
    Sleep,
}

impl BlockSubtype {
    /// L2Logger's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wake => "wake",
            Self::Sleep => "sleep",
        }
    }

    /// The subtype L2Logger's word stands for.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Wake, Self::Sleep].into_iter().find(|t| t.as_str() == word)
    }
}

/// The words of `exp_status`.
pub(crate) fn exp_status(complete: bool) -> &'static str {
    if complete { "complete" } else { "incomplete" }
}

/// What is constant over a task variant: handed over once, at its start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The block's number, from 0, never decreasing.
    pub block_num: u64,
    /// Learning or evaluation.
    pub block_type: BlockType,
    /// Wake or sleep.
    pub block_subtype: BlockSubtype,
    /// L2Logger's task name, `<Task>_<Variant>`.
    pub task_name: String,
    /// The task's label.
    pub task: String,
    /// The variant's label.
    pub variant: String,
    /// The environment's parameters as JSON text.
    pub task_params: String,
    /// L2Logger's worker, `worker-default` where nothing else is said.
    pub worker_id: String,
}

impl Segment {
    /// A segment of a waking block, named as L2Logger has it, of an environment without
    /// parameters and the one worker that there is.
    pub fn new(block_num: u64, block_type: BlockType, task: &str, variant: &str) -> Self {
        Self {
            block_num,
            block_type,
            block_subtype: BlockSubtype::Wake,
            task_name: format!("{task}_{variant}"),
            task: task.to_owned(),
            variant: variant.to_owned(),
            task_params: "{}".to_owned(),
            worker_id: "worker-default".to_owned(),
        }
    }
}

/// One episode, the unit the log counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Experience {
    /// Order of finishing, from 0; `None` for an unfinished episode that takes no number.
    pub exp_num: Option<u64>,
    /// Order of starting within the task variant, from 0.
    pub episode_index: u64,
    /// The environment of the batch that ran it.
    pub env_index: u32,
    /// The seed its environment was reset with; `None` where a reset went on in a stream.
    pub seed: Option<u64>,
    /// The return: the sum of its rewards. Every NaN is stored as the same NaN.
    pub reward: f64,
    /// Its length in steps.
    pub episode_step_count: u64,
    /// It reached an end of its task.
    pub terminated: bool,
    /// It was cut by a limit of time.
    pub truncated: bool,
    /// L2Logger's `exp_status`: complete, or cut by the end of its variant.
    pub complete: bool,
    /// When it began, in nanoseconds since 1970 UTC (kept in microseconds, outside the
    /// content hash). `None` where that is not known (imported logs).
    pub started_at: Option<i64>,
    /// When it ended; as `started_at`.
    pub finished_at: i64,
}

impl Experience {
    /// An episode that came to its end in an environment that runs alone, without a seed, and
    /// that took no time; what else is to be said of it is set in what this returns.
    pub fn ended(exp_num: u64, reward: f64, episode_step_count: u64) -> Self {
        Self {
            exp_num: Some(exp_num),
            episode_index: exp_num,
            env_index: 0,
            seed: None,
            reward,
            episode_step_count,
            terminated: true,
            truncated: false,
            complete: true,
            started_at: None,
            finished_at: 0,
        }
    }
}

/// What happened at the level of blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BlockEventKind {
    /// A block begins.
    BlockStart,
    /// A block ends.
    BlockEnd,
    /// A task block begins.
    TaskStart,
    /// A task block ends.
    TaskEnd,
    /// A task variant begins.
    VariantStart,
    /// A task variant ends.
    VariantEnd,
    /// The agent's learned state was found changed after an evaluation block.
    LearnedInEvaluation,
    /// Something else worth telling.
    Warning,
}

impl BlockEventKind {
    /// All kinds, in the order of their codes in the content hash.
    pub const ALL: [Self; 8] = [
        Self::BlockStart,
        Self::BlockEnd,
        Self::TaskStart,
        Self::TaskEnd,
        Self::VariantStart,
        Self::VariantEnd,
        Self::LearnedInEvaluation,
        Self::Warning,
    ];

    /// The word in `blocks.arrow`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BlockStart => "block-start",
            Self::BlockEnd => "block-end",
            Self::TaskStart => "task-start",
            Self::TaskEnd => "task-end",
            Self::VariantStart => "variant-start",
            Self::VariantEnd => "variant-end",
            Self::LearnedInEvaluation => "learned-in-evaluation",
            Self::Warning => "warning",
        }
    }

    /// The kind a word of `blocks.arrow` stands for.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == word)
    }
}

/// One row of `blocks.arrow`. The writer adds `at_row`, the number of experiences
/// logged before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockEvent {
    /// What happened.
    pub kind: BlockEventKind,
    /// The block's number.
    pub block_num: u64,
    /// Learning or evaluation.
    pub block_type: BlockType,
    /// Wake or sleep.
    pub block_subtype: BlockSubtype,
    /// The task's label, from task level down.
    pub task: Option<String>,
    /// The variant's label, at variant level.
    pub variant: Option<String>,
    /// More about it, as JSON text; part of the content hash, so it must be a function
    /// of the run (no times, no machine facts).
    pub detail: Option<String>,
    /// When, in nanoseconds since 1970 UTC (kept in microseconds, outside the content hash).
    pub at: i64,
    /// The memory that the agent takes, in bytes, where that is known: at the end of a block.
    /// Outside the content hash.
    pub agent_memory: Option<u64>,
}
